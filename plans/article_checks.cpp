#include "plans/article_checks.h"

#include <algorithm>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// `a, b or c`.
std::string alternatives(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string service_pack(std::uint32_t number) {
  return number == 0 ? "no service pack" : "service pack " + std::to_string(number);
}

class ArticleChecks {
 public:
  ArticleChecks(const CatalogueEntry& entry, const Values& hotfix, Reading& reading)
      : entry_(entry), place_(hotfix.place("catalogue")), reading_(reading) {
    for (const Text& word : hotfix.list("allow")) allowed_ |= word.value == "requirements";
  }

  void site(const Site& site) {
    service_packs(site);
    fixes(site);
    language(site);
    replaced(site);
  }

  void group(const Group& group) {
    const std::string method(name_of(group.method));
    if (group.method == Method::command || holds(entry_.methods, method)) return;
    add(Problem::Severity::warning, group.place,
        entry_.article + " is rolled out by `" + alternatives(entry_.methods) + "`, group `" +
            group.name + "` by `" + method + "`",
        "the article does not name that way");
  }

  void errata() {
    for (const std::string& erratum : entry_.errata) {
      reading_.warning(place_, entry_.article + ": " + erratum,
                       "`sitewide catalogue " + entry_.article + "` says more");
    }
  }

 private:
  void service_packs(const Site& site) {
    if (entry_.needs.service_packs.empty()) return;
    std::vector<std::string> packs;
    for (const std::uint32_t pack : entry_.needs.service_packs) packs.push_back(service_pack(pack));
    const std::string is_for = entry_.article + " is for " + alternatives(packs);
    if (!site.service_pack) {
      return unknown(site, is_for + "; the plan does not say what site `" + site.name + "` has",
                     "give the site `service_pack`");
    }
    const auto& known = entry_.needs.service_packs;
    if (std::find(known.begin(), known.end(), *site.service_pack) != known.end()) return;
    refuse(site, is_for + ", and site `" + site.name + "` has " + service_pack(*site.service_pack));
  }

  void fixes(const Site& site) {
    for (const std::string& fix : entry_.needs.fixes) {
      const std::string needs = entry_.article + " needs " + fix + " first";
      if (!site.fixes) {
        unknown(site, needs + "; the plan does not say which fixes site `" + site.name + "` has",
                "give the site `fixes`");
      } else if (!holds(*site.fixes, fix)) {
        refuse(site, needs + ", and site `" + site.name + "` does not have it");
      }
    }
  }

  void language(const Site& site) {
    if (entry_.needs.language.empty()) return;
    const std::string is_for =
        entry_.article + " is for sites of language " + entry_.needs.language;
    if (site.language.empty()) {
      return unknown(site, is_for + "; the plan does not say that of site `" + site.name + "`",
                     "give the site `language`");
    }
    if (equals_ignoring_case(site.language, entry_.needs.language)) return;
    refuse(site, is_for + ", and site `" + site.name + "` has " + site.language);
  }

  /// Files of a hotfix that was replaced are older than those of the one that replaced it.
  void replaced(const Site& site) {
    for (const std::string& fix : site.fixes.value_or(std::vector<std::string>())) {
      const auto later = find_catalogue_entry(fix);
      if (!later || !holds(later->supersedes, entry_.article)) continue;
      refuse(site, "site `" + site.name + "` has " + fix + ", which replaces " + entry_.article);
    }
  }

  void unknown(const Site& site, std::string message, std::string help) {
    add(Problem::Severity::warning, site.place, std::move(message), std::move(help));
  }
  void refuse(const Site& site, const std::string& message) {
    if (allowed_) {
      return add(Problem::Severity::warning, site.place, message,
                 "the plan allows it: `allow: [requirements]`");
    }
    add(Problem::Severity::error, site.place, message,
        "take the site out of the plan, or say `allow: [requirements]` in its hotfix");
  }
  void add(Problem::Severity severity, const Place& place, std::string message, std::string help) {
    reading_.problems.push_back(
        {severity, place, std::move(message), std::move(help), place_, "the article"});
  }

  const CatalogueEntry& entry_;
  const Place place_;
  Reading& reading_;
  bool allowed_ = false;
};

/// The edition that the sites need; nothing, and a problem, when they do not agree on one.
std::optional<std::string> edition_of(const CatalogueEntry& entry,
                                      const std::vector<std::string>& editions,
                                      const std::vector<Site>& sites, Reading& reading) {
  const Site* first = nullptr;
  std::optional<std::string> chosen;
  for (const Site& site : sites) {
    const auto found = std::find_if(
        editions.begin(), editions.end(),
        [&](const std::string& edition) { return equals_ignoring_case(edition, site.language); });
    if (found == editions.end()) {
      reading.error(
          site.place,
          entry.article + " has builds for " + alternatives(editions) + ", and site `" + site.name +
              (site.language.empty() ? "` has no `language`" : "` has language " + site.language),
          "give the site the one that its server has");
      return std::nullopt;
    }
    if (chosen && *chosen != *found) {
      reading.problems.push_back({Problem::Severity::error, site.place,
                                  "sites `" + first->name + "` and `" + site.name +
                                      "` need different builds of " + entry.article,
                                  "write a plan for each language", first->place, "the other one"});
      return std::nullopt;
    }
    first = first == nullptr ? &site : first;
    chosen = *found;
  }
  return chosen;
}

}  // namespace

void keep_edition(CatalogueEntry& entry, const std::vector<Site>& sites, Reading& reading) {
  const std::vector<std::string> editions = entry.editions();
  if (editions.empty()) return;
  // Any one will do to judge the rest of the plan by.
  const std::string kept = edition_of(entry, editions, sites, reading).value_or(editions.front());
  std::erase_if(entry.files, [&](const FileFacts& facts) {
    return !facts.edition.empty() && facts.edition != kept;
  });
}

void check_article(const Values& hotfix, const Plan& plan, Reading& reading) {
  if (plan.hotfix.catalogue.empty()) return;
  const auto entry = find_catalogue_entry(plan.hotfix.catalogue);
  if (!entry) return;
  ArticleChecks checks(*entry, hotfix, reading);
  for (const Site& site : plan.sites) checks.site(site);
  for (const Group& group : plan.groups) checks.group(group);
  checks.errata();
}

}  // namespace sitewide
