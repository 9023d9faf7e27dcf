// What an article needs of sites and clients, and what a plan says that they have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "orchestrator/core/compile.h"
#include "tests/plans/loading.h"

namespace sitewide {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::lines_of;
using testing::load_text;
using ::testing::Not;

/// A plan for `article` on one site whose further keys are `site`; `more` are keys of the hotfix.
LoadedPlan load_article(const std::string& article, const std::string& site,
                        const std::string& more = "", const std::string& method = "site_wide") {
  return load_text(
      "version: 1\nname: a\nhotfix: {id: x, catalogue: " + article + ", payload: p" + more +
      "}\nsites: {HQ: {root: sms, logon_servers: {L1: l1}" + site +
      ", services: {query: [q, \"{service}\"], stop: [s, \"{service}\"], start: [s, "
      "\"{service}\"]}, site_reset: {run: [r]}}}\ninventory: [{hosts: [pc1]}]\n"
      "transports: {shop: {type: local, root: \"c/{client.name}\", batch: [\"{batch}\"]}}\n"
      "groups: [{name: g, select: name, method: " +
      method + "}]\n");
}

std::vector<std::string> errors(const LoadedPlan& loaded) {
  std::vector<std::string> messages;
  for (const Problem& problem : loaded.problems) {
    if (problem.severity == Problem::Severity::error) messages.push_back(problem.message);
  }
  return messages;
}

std::vector<std::string> warnings(const LoadedPlan& loaded) {
  std::vector<std::string> messages;
  for (const Problem& problem : loaded.problems) {
    if (problem.severity == Problem::Severity::warning) messages.push_back(problem.message);
  }
  return messages;
}

TEST(Requirements, UnknownServicePack_IsAWarning) {
  const LoadedPlan loaded = load_article("Q301692", "");
  EXPECT_THAT(errors(loaded), IsEmpty());
  EXPECT_THAT(warnings(loaded), Contains("Q301692 is for service pack 4; the plan does not say "
                                         "what site `HQ` has"));
}

TEST(Requirements, RightServicePack_SaysNothing) {
  const LoadedPlan loaded = load_article("Q301692", ", service_pack: 4");
  EXPECT_THAT(lines_of(loaded.problems), IsEmpty());
  EXPECT_THAT(errors(load_article("Q256071", ", service_pack: 0")), IsEmpty());
}

TEST(Requirements, OtherServicePack_IsAnErrorAtTheSite) {
  const LoadedPlan loaded = load_article("Q286819", ", service_pack: 4");
  ASSERT_THAT(
      errors(loaded),
      ::testing::ElementsAre("Q286819 is for service pack 3, and site `HQ` has service pack 4"));
  for (const Problem& problem : loaded.problems) {
    if (problem.severity != Problem::Severity::error) continue;
    EXPECT_EQ(problem.place.line, 4U);
    EXPECT_THAT(problem.help, HasSubstr("allow: [requirements]"));
    ASSERT_TRUE(problem.related);
    EXPECT_EQ(problem.related->line, 3U);
  }
}

TEST(Requirements, Allowed_AreShownAsWarnings) {
  const LoadedPlan loaded = load_article("Q286819", ", service_pack: 4", ", allow: [requirements]");
  EXPECT_THAT(errors(loaded), IsEmpty());
  EXPECT_THAT(warnings(loaded), Contains(HasSubstr("site `HQ` has service pack 4")));
  EXPECT_FALSE(loaded.plan.hotfix.allow_downgrade);
}

TEST(Requirements, FixThatMustComeBefore_IsAskedFor) {
  EXPECT_THAT(warnings(load_article("Q231362", "")), Contains(HasSubstr("needs Q191067 first")));
  EXPECT_THAT(
      errors(load_article("Q231362", ", fixes: []")),
      ::testing::ElementsAre("Q231362 needs Q191067 first, and site `HQ` does not have it"));
  const LoadedPlan loaded = load_article("Q231362", ", fixes: [Q191067]");
  EXPECT_THAT(errors(loaded), IsEmpty());
  EXPECT_THAT(warnings(loaded), Not(Contains(HasSubstr("Q191067"))));
}

TEST(Requirements, SiteWithWhatReplacesIt_IsRefused) {
  EXPECT_THAT(errors(load_article("Q193269", ", service_pack: 4, fixes: [Q254228]")),
              ::testing::ElementsAre("site `HQ` has Q254228, which replaces Q193269"));
  EXPECT_THAT(errors(load_article("Q254228", ", language: \"00000409\", fixes: [Q193269]")),
              IsEmpty());
}

TEST(Editions, LanguageOfTheSite_ChoosesTheBuilds) {
  const LoadedPlan english = load_article("Q254228", ", language: \"00000409\"");
  const LoadedPlan french = load_article("Q254228", ", language: \"0000040c\"");
  EXPECT_THAT(errors(english), IsEmpty());
  EXPECT_THAT(errors(french), IsEmpty());
  const auto sightnt = [](const LoadedPlan& loaded) {
    std::vector<std::uint64_t> sizes;
    for (const PlannedFile& file : loaded.plan.hotfix.files) {
      if (file.name == "Sightnt.dll" && file.platform == "x86") sizes.push_back(file.size);
    }
    return sizes;
  };
  EXPECT_THAT(sightnt(english), ::testing::ElementsAre(333'008U));
  EXPECT_THAT(sightnt(french), ::testing::ElementsAre(338'640U));
  EXPECT_EQ(english.plan.hotfix.files.size(), french.plan.hotfix.files.size());
}

TEST(Editions, SiteWithoutALanguage_IsAnError) {
  EXPECT_THAT(errors(load_article("Q229097", "")),
              ::testing::ElementsAre("Q229097 has builds for 00000407 or 00000409, and site `HQ` "
                                     "has no `language`"));
  EXPECT_THAT(errors(load_article("Q229097", ", language: \"0000040C\"")),
              ::testing::ElementsAre(HasSubstr("site `HQ` has language 0000040C")));
}

TEST(Editions, SitesOfTwoLanguages_NeedTwoPlans) {
  const LoadedPlan loaded = load_article(
      "Q229097",
      ", language: \"00000409\"}, B: {root: b, logon_servers: {L2: l2}, language: \"00000407\"");
  EXPECT_THAT(errors(loaded), Contains("sites `HQ` and `B` need different builds of Q229097"));
}

TEST(Article, MethodThatItDoesNotName_IsAWarning) {
  EXPECT_THAT(warnings(load_article("Q238247", "", "", "upgrade_bat")),
              Contains(AllOf(HasSubstr("rolled out by `site_wide`"), HasSubstr("`upgrade_bat`"))));
  EXPECT_THAT(warnings(load_article("Q238247", "")), IsEmpty());
}

TEST(Article, Errata_AreWarningsAtItsName) {
  const LoadedPlan loaded = load_article("Q231362", ", fixes: [Q191067]");
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_THAT(loaded.problems[0].message, HasSubstr("Q231362: The article says <Platform>.bin"));
  EXPECT_EQ(loaded.problems[0].place.line, 3U);
}

TEST(Article, WithoutFiles_NeedsNoPayload) {
  const LoadedPlan loaded = load_text(
      "version: 1\nname: a\nhotfix: {id: x, catalogue: Q156233}\n"
      "sites: {HQ: {root: sms, logon_servers: {L1: l1}}}\ninventory: [{hosts: [pc1]}]\n"
      "transports: {shop: {type: local, root: \"c/{client.name}\", batch: [\"{batch}\"]}}\n"
      "groups: [{name: g, select: name, method: upgrade_bat}]\n");
  EXPECT_THAT(lines_of(loaded.problems), IsEmpty());
  EXPECT_THAT(loaded.plan.hotfix.for_os, ::testing::ElementsAre("nt"));
}

/// What compiling says of `clients`, each `platform os`, in a group or on a forced site.
std::vector<std::string> uncovered(const std::string& article, const std::string& method,
                                   const std::vector<std::string>& grouped,
                                   const std::vector<std::string>& others = {}) {
  LoadedPlan loaded = load_article(article, ", service_pack: 4", "", method);
  loaded.plan.groups[0].select = "group=g";
  ClientTable clients;
  const auto add = [&](const std::string& words, std::string_view group) {
    const std::uint32_t c = clients.add("pc" + std::to_string(clients.size() + 1), "");
    const std::size_t blank = words.find(' ');
    clients.set(c, clients.column("site"), "HQ");
    clients.set(c, clients.column("group"), group);
    clients.set(c, clients.column("platform"), words.substr(0, blank));
    clients.set(c, clients.column("os"), words.substr(blank + 1));
  };
  for (const std::string& words : grouped) add(words, "g");
  for (const std::string& words : others) add(words, "none");
  std::vector<std::string> messages;
  for (const Problem& problem : compile(loaded.plan, std::move(clients), {}).problems) {
    if (problem.message.find("not covered") == std::string::npos) continue;
    EXPECT_EQ(problem.severity, Problem::Severity::warning);
    messages.push_back(problem.message);
  }
  return messages;
}

TEST(Coverage, ClientsThatNoBuildIsFor_AreNamed) {
  EXPECT_THAT(uncovered("Q301692", "upgrade_bat", {"x86 nt", "ALPHA NT"}), IsEmpty());
  EXPECT_THAT(uncovered("Q301692", "upgrade_bat", {"x86 nt", "mips nt", "x86 win95"}),
              ::testing::ElementsAre("2 clients of group `g` are not covered by x: pc2 (mips, nt), "
                                     "pc3 (x86, win95)"));
  EXPECT_THAT(uncovered("Q301692", "upgrade_bat", {"x86 nt", "x86 "}), IsEmpty())
      << "what is not known excludes nothing";
}

TEST(Coverage, ClientsOfNoGroupThatAForceReaches_AreNamedToo) {
  EXPECT_THAT(uncovered("Q301692", "upgrade_bat", {"x86 nt"}, {"mips nt"}), IsEmpty());
  EXPECT_THAT(uncovered("Q301692", "site_wide", {"x86 nt"}, {"mips nt"}),
              ::testing::ElementsAre(HasSubstr("1 client of no group, reached by the force of "
                                               "group `g` is not covered")));
}

TEST(Coverage, SettingsOnly_GoByWhatTheArticleSays) {
  EXPECT_THAT(uncovered("Q156233", "upgrade_bat", {"x86 nt", "mips nt"}), IsEmpty());
  EXPECT_THAT(uncovered("Q156233", "upgrade_bat", {"x86 win95"}),
              ::testing::ElementsAre(HasSubstr("not covered")));
}

}  // namespace
}  // namespace sitewide
