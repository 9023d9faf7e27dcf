// Core files: this program writes none, for one would hold what secrets were in use; the programs
// that it starts keep what their user set. Threads: all of this on the thread that starts programs.
#pragma once

namespace sitewide {

/// To be called once at the start of the program.
void forbid_core_files();

/// While it lives, a program that is started gets the user's own limit. Nothing changes when core
/// files were not forbidden.
class UsersCoreLimit {
 public:
  UsersCoreLimit();
  ~UsersCoreLimit();
  UsersCoreLimit(const UsersCoreLimit&) = delete;
  UsersCoreLimit& operator=(const UsersCoreLimit&) = delete;
};

}  // namespace sitewide
