#include "plans/draft.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "plans/catalogue.h"
#include "plans/grammar.h"

namespace sitewide {
namespace {

Error mistake(std::string what) { return {ErrorKind::usage, std::move(what)}; }

std::string quoted(std::string_view text) { return "`" + escaped(text, 80) + "`"; }

Result<> check_site(const DraftSite& site) {
  if (auto good = check_draft_name("the site's name", site.name); !good) return good;
  if (auto good = check_draft_path("the root of site " + site.name, site.root); !good) return good;
  if (site.logon_servers.empty())
    return mistake("site " + site.name + " has no logon server: --logon-server NAME=DIR");
  for (const auto& [name, share] : site.logon_servers) {
    if (auto good = check_draft_name("the logon server's name", name); !good) return good;
    if (auto good = check_draft_path("the share of logon server " + name, share); !good)
      return good;
  }
  return {};
}

Result<> check_article(const Draft& draft) {
  if (draft.method == Method::command) {
    if (draft.hotfix.empty() && draft.sites.empty()) return {};
    return mistake("the command method runs programs of yours and needs neither hotfix nor site");
  }
  if (draft.hotfix.empty())
    return mistake("no hotfix is given: --hotfix ARTICLE, or --method command");
  if (auto good = check_draft_hotfix(draft.hotfix); !good) return good;
  if (auto good = check_draft_method(draft.hotfix, method_of(draft)); !good) return good;
  if (auto good = check_draft_language(draft.hotfix, draft.language); !good) return good;
  if (draft.sites.empty()) return mistake("no site is given: --site NAME=DIR");
  return {};
}

}  // namespace

std::vector<Method> methods_of(std::string_view article) {
  std::vector<Method> methods;
  const auto entry = find_catalogue_entry(article);
  if (!entry) return methods;
  for (const std::string& word : entry->methods) methods.push_back(*word_from<Method>(word));
  return methods;
}

Method method_of(const Draft& draft) {
  if (draft.method) return *draft.method;
  const std::vector<Method> methods = methods_of(draft.hotfix);
  return methods.empty() ? Method::command : methods.front();
}

Result<> check_draft_name(std::string_view kind, const std::string& name) {
  if (is_name(name)) return {};
  if (name.empty()) return mistake(std::string(kind) + " is not given");
  return mistake(std::string(kind) + " cannot be " + quoted(name) +
                 ": letters, digits, `.`, `_` and `-`, at most 64");
}

Result<> check_draft_path(std::string_view kind, const std::string& path) {
  if (path.empty()) return mistake(std::string(kind) + " is not given");
  if (path.find('\\') != path.npos)
    return mistake(std::string(kind) + " cannot be " + quoted(path) +
                   ": paths of a plan are written with `/`, as this machine sees them");
  if (!is_utf8(path) || has_control_character(path))
    return mistake(std::string(kind) + " cannot be " + quoted(path) +
                   ": it must be UTF-8 without control characters");
  return {};
}

Result<> check_draft_root(const std::string& pattern) {
  if (auto good = check_draft_path("the clients' root", pattern); !good) return good;
  if (pattern.find("{client.") != pattern.npos) return {};
  return mistake("the clients' root " + quoted(pattern) +
                 " is the same folder for every client: put `{client.name}` into it");
}

Result<> check_draft_hotfix(const std::string& article) {
  if (catalogue_text(article)) return {};
  const std::string_view near = nearest(article, catalogue_articles());
  return mistake("the catalogue has no hotfix " + quoted(article) +
                 (near.empty() ? "; `sitewide catalogue` lists those it has"
                               : "; did you mean `" + std::string(near) + "`?"));
}

Result<> check_draft_method(const std::string& article, Method method) {
  if (method == Method::command) {
    return mistake("the command method runs programs of yours; " + article + " goes out by " +
                   join(find_catalogue_entry(article)->methods, " or "));
  }
  const auto entry = find_catalogue_entry(article);
  if (std::find(entry->methods.begin(), entry->methods.end(), name_of(method)) !=
      entry->methods.end())
    return {};
  return mistake(article + " goes out by " + join(entry->methods, " or ") + ", not by " +
                 std::string(name_of(method)));
}

Result<> check_draft_language(const std::string& article, const std::string& language) {
  const auto editions = find_catalogue_entry(article)->editions();
  if (language.empty() || editions.empty()) return {};
  const auto same = [&](const std::string& one) { return equals_ignoring_case(one, language); };
  if (std::any_of(editions.begin(), editions.end(), same)) return {};
  return mistake(article + " has no files for language " + quoted(language) + ", only for " +
                 join(editions, " and "));
}

Result<> check_draft(const Draft& draft) {
  if (auto good = check_draft_name("the plan's name", draft.name); !good) return good;
  if (auto good = check_article(draft); !good) return good;
  for (const DraftSite& site : draft.sites) {
    if (auto good = check_site(site); !good) return good;
  }
  if (auto good = check_draft_path("the inventory", draft.inventory); !good) return good;
  if (auto good = check_draft_root(draft.root); !good) return good;
  if (method_of(draft) == Method::command) return {};
  return check_draft_path("the payload folder", draft.payload);
}

Draft example_draft(const std::string& article) {
  Draft draft;
  draft.name = to_lower(article);
  draft.hotfix = article;
  draft.payload = "hotfix";
  draft.inventory = "clients.csv";
  draft.root = "clients/{client.name}";
  draft.sites = {{"HQ", "hq/SMS", {{"LOGON1", "logon1"}}}};
  return draft;
}

}  // namespace sitewide
