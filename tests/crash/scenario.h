// The rollouts that the crash tests disturb: small labs, which play in a second.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace sitewide::test {

struct CrashScenario {
  std::string name;
  std::string plan;                               ///< with LOOKS_EVERY for how often
  int exit_code = 0;                              ///< of a run that nobody disturbs
  std::map<std::string, std::string> behaviours;  ///< of the lab's machines
  std::vector<std::string> clients;               ///< command method: folders instead of a lab
};

/// Whether SITEWIDE_CRASH_WINE is set: then labs run the real Upgrade.bat under Wine, which takes
/// hours for all points.
bool under_wine();

/// Two canaries by Upgrade.bat, one after the other, then two clients by a forced update.
const CrashScenario& good_rollout();
/// The second canary fails: the first is restored and the site undone.
const CrashScenario& bad_canary();
/// All clients by force; one is not well afterwards: the site is forced back and they follow.
const CrashScenario& taken_back();
/// Three clients by a command that must not be run twice.
const CrashScenario& commands();
/// The third client's command fails once the others' have been run: all is undone, by commands that
/// must not be run twice either.
const CrashScenario& commands_undone();

}  // namespace sitewide::test
