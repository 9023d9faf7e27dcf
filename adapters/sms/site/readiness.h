// Readiness: what a site lacks before a rollout begins, found by looking alone. Each function looks
// at one place, so that one that hangs takes no other with it. Blocks; pool only. Nothing is
// decided by it: a rollout finds out by itself, later.
#pragma once

#include <string>
#include <vector>

#include "adapters/sms/work.h"

namespace sitewide::sms {

/// Something that a rollout would stumble over.
struct Lack {
  std::string what;    ///< a lowercase fragment, escaped
  std::string remedy;  ///< what to do; a lowercase fragment
  bool stops = true;   ///< false: it may go well all the same
};

/// What the rollout does at the site.
struct SiteUse {
  bool forces = false;       ///< System.map gets a new time, or other text
  bool upgrade_bat = false;  ///< clients run Upgrade.bat from the logon servers
};

/// Whether the site server's root (`work.files`) can be read and holds System.map and Client.src,
/// and whether the hotfix's files will fit there and may be written, as far as that can be told
/// without writing.
std::vector<Lack> lacks_of_root(const Work& work, const SiteUse& use);

/// The same of one logon server's SMS_SHR: whether it can be read, and holds Upgrade.bat and copy
/// lists where they are needed. Maintenance Manager writes there, not we, so only room is asked.
std::vector<Lack> lacks_of_share(const Work& work, const Share& share, const SiteUse& use);

/// Whether Maintenance Manager seems to work: what its log and the logon servers tell
/// (maintenance_hint). Without a log there is nothing to tell by.
std::vector<Lack> lacks_of_maintenance(const Work& work);

/// That the place did not answer.
Lack silent(Duration waited);

}  // namespace sitewide::sms
