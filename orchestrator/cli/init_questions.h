// InitQuestions: asks on the terminal for what the command line of `init` left open. Each answer is
// checked when it is given; one that will not do is asked for again, with the reason.
#pragma once

#include <functional>
#include <string>

#include "orchestrator/cli/console.h"
#include "plans/draft.h"

namespace sitewide {

/// The article's number as the catalogue has it: `q237690` and `237690` are Q237690.
std::string article_named(const std::string& word);

class InitQuestions {
 public:
  /// Borrows both.
  InitQuestions(const Console& console, Draft& draft) : console_(console), draft_(draft) {}

  /// False when the answers ended before the questions; then the draft is not to be used.
  bool ask_all();

 private:
  using Check = std::function<Result<>(const std::string&)>;

  // Until an answer passes `check`; an empty one means `otherwise`.
  bool ask(const std::string& question, const std::string& otherwise, std::string& into,
           const Check& check);
  // Asks only for what is missing.
  bool need(const std::string& question, const std::string& otherwise, std::string& into,
            const Check& check);
  bool ask_hotfix();
  bool ask_method();
  bool ask_language();
  bool ask_sites();
  bool ask_servers(DraftSite& site);

  const Console& console_;
  Draft& draft_;
};

}  // namespace sitewide
