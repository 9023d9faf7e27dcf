// Draft: the text of a first plan, with comments that say what to look at next. What is read back
// from it is what was put in. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/core/step.h"

namespace sitewide {

/// Paths as a plan has them: relative to the plan, or absolute.
struct DraftSite {
  std::string name;
  std::string root;                                                ///< its SMS root
  std::vector<std::pair<std::string, std::string>> logon_servers;  ///< name, what SMS_SHR shows
};

struct Draft {
  std::string name;
  Method method = Method::upgrade_bat;
  std::string hotfix;   ///< an article of the catalogue; not for the command method
  std::string payload;  ///< folder with the hotfix's files by platform
  std::string inventory;
  std::string root;  ///< where a client's drive C lies, a pattern with `{client.name}`
  std::vector<DraftSite> sites;
};

/// What keeps `draft` from becoming a plan, as an Error of kind usage that names the part; nothing
/// is checked against the disk.
Result<> check_draft(const Draft& draft);

/// The plan. `draft` has passed check_draft.
std::string draft_text(const Draft& draft);

}  // namespace sitewide
