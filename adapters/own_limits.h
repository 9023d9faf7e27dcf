// Limits of this process that differ from its user's: it writes no core files, for one would hold
// what secrets were in use, and may open as many files as the system lets it, for each client that
// is being worked on takes some. The programs that it starts keep what their user set.
//
// Threads: all of this on the thread that starts programs.
#pragma once

#include <sys/types.h>

namespace sitewide {

/// To be called once at the start of the program.
void set_own_limits();

/// While it lives, a program that is started gets the user's own limit of core files. Nothing
/// changes when ours were not set.
class UsersCoreLimit {
 public:
  UsersCoreLimit();
  ~UsersCoreLimit();
  UsersCoreLimit(const UsersCoreLimit&) = delete;
  UsersCoreLimit& operator=(const UsersCoreLimit&) = delete;
};

/// Gives a program that was just started the user's own number of open files. Ours cannot go back
/// while it starts, as the other limit does: threads of the pool open files all the time.
void give_users_file_limit(pid_t program);

}  // namespace sitewide
