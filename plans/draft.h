// Draft: a first plan, with comments that say what to look at next. It says all that its article
// needs a plan to say; what is read back from it is what was put in. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
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
  std::optional<Method> method;  ///< absent: what method_of() says
  std::string hotfix;            ///< an article of the catalogue; not for the command method
  std::string language;   ///< of an article with several editions; empty: English if it has that
  std::string payload;    ///< folder with the hotfix's files by platform
  std::string inventory;  ///< a CSV file
  std::string root;       ///< where a client's drive C lies, a pattern with `{client.name}`
  std::vector<DraftSite> sites;
};

/// The methods that the article goes out by, in its order; none for an unknown one.
std::vector<Method> methods_of(std::string_view article);
/// The draft's method: what it says, else the article's first, else command.
Method method_of(const Draft& draft);

/// Checks of single answers, to be made when they are given. Each is an Error of kind usage that
/// names what was answered and what would do; nothing is checked against the disk. `kind` is what
/// the answer is, for the message: `the plan's name`.
Result<> check_draft_name(std::string_view kind, const std::string& name);
Result<> check_draft_path(std::string_view kind, const std::string& path);
/// A client's root must tell clients apart.
Result<> check_draft_root(const std::string& pattern);
Result<> check_draft_hotfix(const std::string& article);
/// Whether the article goes out by that method, and is not named beside the command method.
Result<> check_draft_method(const std::string& article, Method method);
/// Whether the article has an edition of that language; any is right for one that has none.
Result<> check_draft_language(const std::string& article, const std::string& language);

/// All of them, and that nothing is missing.
Result<> check_draft(const Draft& draft);

/// The plan. `draft` has passed check_draft.
std::string draft_text(const Draft& draft);
/// An inventory to begin with: the columns, and a client to be replaced for each kind that the
/// article has files for.
std::string draft_inventory(const Draft& draft);

/// A draft of that article with made-up names, as `sitewide catalogue Q…` shows it.
Draft example_draft(const std::string& article);

}  // namespace sitewide
