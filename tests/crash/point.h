// The points at which the program is disturbed: calls that it was seen to make.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace sitewide::test {

/// A call by name, file and which of its kind: threads may come to it in another order from run to
/// run, so a number among all calls would not name it.
struct Call {
  std::string call;  ///< as crash_shim.c names it
  std::string path;  ///< below the lab's root, `*` for what differs from run to run; or a program
  int nth = 1;       ///< which of the calls of that name and path
  auto operator<=>(const Call&) const = default;
};

/// A call and what happens there: before, after, half, EIO, ENOSPC, with `+` for ever after.
struct Point {
  Call call;
  std::string what;
};

std::string describe(const Point& point);
/// The program's environment in which it happens, in the lab at `root`; with `log` each call is
/// written down in that file.
std::map<std::string, std::string> environment_for(const Point& point, const std::string& root,
                                                   const std::string& log);
std::map<std::string, std::string> environment_to_count(const std::string& log);

/// The calls of a log, in order, those of other folders than `root` left out; spawns are all in.
std::vector<Call> calls_in(const std::string& log, const std::string& root);
/// Whether the log says that its point was come to.
bool was_reached(const std::string& log);
/// What was done after the point that may not be when the journal has failed: programs started and
/// further writes to it.
std::vector<std::string> went_on_after(const std::string& log);

bool is_commit(const Call& call);
/// Below the state directory, without what steps keep there.
bool is_journal(const Call& call);

}  // namespace sitewide::test
