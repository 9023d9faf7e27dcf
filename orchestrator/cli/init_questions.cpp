#include "orchestrator/cli/init_questions.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "plans/catalogue.h"

namespace sitewide {
namespace {

// A check that passes an empty answer, where that means "no more".
auto or_none(std::function<Result<>(const std::string&)> check) {
  return [check = std::move(check)](const std::string& answer) -> Result<> {
    return answer.empty() ? Result<>{} : check(answer);
  };
}

auto path_of(std::string kind) {
  return [kind = std::move(kind)](const std::string& path) { return check_draft_path(kind, path); };
}

// A name that none of `taken` has.
template <class Taken, class NameOf>
auto new_name(std::string kind, const Taken& taken, NameOf name_of) {
  return [kind = std::move(kind), &taken, name_of](const std::string& name) -> Result<> {
    if (auto good = check_draft_name(kind, name); !good) return good;
    const bool known = std::any_of(taken.begin(), taken.end(),
                                   [&](const auto& one) { return name_of(one) == name; });
    if (known) return Error{ErrorKind::usage, name + " is named already"};
    return {};
  };
}

}  // namespace

std::string article_named(const std::string& word) {
  const bool digits = !word.empty() && std::all_of(word.begin(), word.end(),
                                                   [](char c) { return c >= '0' && c <= '9'; });
  if (digits) return "Q" + word;
  return word.starts_with("q") ? "Q" + word.substr(1) : word;
}

bool InitQuestions::ask_all() {
  console_.err(
      "A plan to begin with. Enter takes what stands in brackets; Ctrl-D leaves, and nothing is "
      "written.\n");
  if (!ask_hotfix()) return false;
  const bool sms = method_of(draft_) != Method::command;
  if (sms && !(ask_method() && ask_language() &&
               need("Folder with the hotfix's files by platform, such as x86/Pcmwin32.exe",
                    "hotfix", draft_.payload, path_of("the payload folder")) &&
               ask_sites()))
    return false;
  return need("Inventory, a CSV file; one that is not there is begun", "clients.csv",
              draft_.inventory, path_of("the inventory")) &&
         need("Where a client's drive C lies", "clients/{client.name}", draft_.root,
              check_draft_root);
}

bool InitQuestions::ask(const std::string& question, const std::string& otherwise,
                        std::string& into, const Check& check) {
  for (;;) {
    const auto given =
        console_.ask(question + (otherwise.empty() ? "" : " [" + otherwise + "]") + ": ");
    if (!given) return false;
    const std::string answer = given->empty() ? otherwise : *given;
    const Result<> good = check(answer);
    if (good) {
      into = answer;
      return true;
    }
    console_.err("  " + good.error().message + "\n");
  }
}

bool InitQuestions::need(const std::string& question, const std::string& otherwise,
                         std::string& into, const Check& check) {
  return !into.empty() || ask(question, otherwise, into, check);
}

bool InitQuestions::ask_hotfix() {
  if (!draft_.hotfix.empty() || draft_.method == Method::command) return true;
  const auto check = [](const std::string& word) {
    return check_draft_hotfix(article_named(word));
  };
  if (draft_.method)  // an SMS method was named, so there is a hotfix
    return ask("Hotfix article, such as Q237690", "", draft_.hotfix, check) &&
           !(draft_.hotfix = article_named(draft_.hotfix)).empty();
  if (!ask("Hotfix article, such as Q237690; Enter alone for programs of your own", "",
           draft_.hotfix, or_none(check)))
    return false;
  draft_.hotfix = article_named(draft_.hotfix);
  if (draft_.hotfix.empty()) draft_.method = Method::command;
  return true;
}

bool InitQuestions::ask_method() {
  const std::vector<Method> methods = methods_of(draft_.hotfix);
  if (draft_.method) {
    // Given on the command line before the article was known.
    const Result<> good = check_draft_method(draft_.hotfix, *draft_.method);
    if (good) return true;
    console_.err("  " + good.error().message + "\n");
    draft_.method.reset();
  }
  if (methods.size() == 1) {
    console_.err(draft_.hotfix + " goes out by " + std::string(name_of(methods.front())) +
                 " alone.\n");
    return true;
  }
  std::string word;
  const auto check = [&](const std::string& answer) -> Result<> {
    const auto method = word_from<Method>(answer);
    if (method) return check_draft_method(draft_.hotfix, *method);
    return Error{ErrorKind::usage, "`" + escaped(answer, 40) + "` is no method"};
  };
  if (!ask("upgrade_bat (Upgrade.bat on each client, in waves) or site_wide (one force for all)",
           std::string(name_of(methods.front())), word, check))
    return false;
  draft_.method = word_from<Method>(word);
  return true;
}

bool InitQuestions::ask_language() {
  const auto editions = find_catalogue_entry(draft_.hotfix)->editions();
  if (editions.empty() || !draft_.language.empty()) return true;
  return ask(
      "Language of the sites: " + join(editions, " or "), editions.back(), draft_.language,
      [&](const std::string& answer) { return check_draft_language(draft_.hotfix, answer); });
}

bool InitQuestions::ask_sites() {
  if (draft_.sites.empty()) {
    for (;;) {
      const bool first = draft_.sites.empty();
      DraftSite site;
      Check check =
          new_name("the site's name", draft_.sites, [](const DraftSite& one) { return one.name; });
      if (!ask(first ? "Site" : "Another site; Enter when that was the last", first ? "HQ" : "",
               site.name, first ? check : or_none(check)))
        return false;
      if (site.name.empty()) break;
      const std::string kind = "the root of site " + site.name;
      if (!ask("SMS root of " + site.name + ", as a folder here", "", site.root, path_of(kind)) ||
          !ask_servers(site))
        return false;
      draft_.sites.push_back(std::move(site));
    }
  }
  for (DraftSite& site : draft_.sites) {
    if (site.logon_servers.empty() && !ask_servers(site)) return false;
  }
  return true;
}

bool InitQuestions::ask_servers(DraftSite& site) {
  for (;;) {
    const bool first = site.logon_servers.empty();
    std::string name, share;
    Check check = new_name("the logon server's name", site.logon_servers,
                           [](const auto& one) { return one.first; });
    if (!ask((first ? "Logon server of " : "Another one of ") + site.name +
                 (first ? "" : "; Enter when that was the last"),
             "", name, first ? check : or_none(check)))
      return false;
    if (name.empty()) return true;
    if (!ask("What SMS_SHR of " + name + " shows, as a folder here", "", share,
             path_of("the share of logon server " + name)))
      return false;
    site.logon_servers.emplace_back(name, share);
  }
}

}  // namespace sitewide
