// `sitewide catalogue`: the articles, one of them, and how far they are carried.
#include "plans/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "plans/coverage.h"
#include "tests/cli/command_world.h"

namespace sitewide::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(CatalogueCommand, Alone_ListsEveryArticleOnALine) {
  const Finished finished = sitewide({"catalogue"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  for (const std::string_view article : catalogue_articles())
    EXPECT_THAT(finished.out, HasSubstr("\n" + std::string(article) + "  "));
  EXPECT_THAT(finished.out, HasSubstr("Q193269  site_wide"));
  EXPECT_EQ(lines_of(finished.out).size(), catalogue_articles().size() + 3);
}

TEST(CatalogueCommand, OneArticle_SaysFilesStepsErrataAndAPlan) {
  const Finished finished = sitewide({"catalogue", "Q193269"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(
      finished.out,
      AllOf(HasSubstr("needs of a site: SP4"),
            HasSubstr("Wuser9x.exe        x86    287,744    1999-04-22  win95"),
            HasSubstr("site Site.srv/Maincfg.box/Client.src/X86.bin/Wuser9x.exe, client "
                      "{sms_bin}/Wuser9x.exe"),
            HasSubstr("1. stop SMS_EXECUTIVE, SMS_SITE_CONFIG_MANAGER, SMS_HIERARCHY_MANAGER"),
            HasSubstr("System.map: take WUSER.EXE out of WIN95:REMOTE_CONTROL"),
            HasSubstr("errata"), HasSubstr("Q254228 replaces it"), HasSubstr("System.ma_"),
            HasSubstr("catalogue: Q193269"), HasSubstr("service_pack: 4")));
}

TEST(CatalogueCommand, Articles_AsObjects) {
  const Finished finished = sitewide({"--json", "catalogue", "Q241656"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  const auto article = boost::json::parse(finished.out).as_object();
  EXPECT_EQ(article.at("type"), "article");
  EXPECT_EQ(article.at("files").as_array().size(), 9U);
  const auto& base = article.at("files").at(0).as_object();
  EXPECT_EQ(base.at("name"), "Base.dll");
  EXPECT_EQ(base.at("size"), 524 * 1024);
  EXPECT_EQ(base.at("size_within"), 512);
  EXPECT_EQ(base.at("targets").at(0).at("on_site"), "Site.srv/X86.bin/Base.dll");
  EXPECT_EQ(article.at("site_steps").at(1), "copy the files");
}

TEST(CatalogueCommand, UnknownArticle_IsRefusedWithTheNearestOne) {
  const Finished finished = sitewide({"catalogue", "Q237691"});
  EXPECT_EQ(finished.exit_code, 4);
  EXPECT_THAT(finished.err, HasSubstr("did you mean `Q237690`?"));
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(sitewide({"catalogue", "--coverage", "Q1"}).exit_code, 4);
}

TEST(CatalogueCommand, ArticleThatNoPlanCanSay_IsRefusedWithTheReason) {
  const Finished asked = sitewide({"catalogue", "Q225064"});
  EXPECT_EQ(asked.exit_code, 4);
  EXPECT_THAT(asked.err, HasSubstr("Macintosh"));
}

TEST(CatalogueCommand, Coverage_ShowsEveryRowAndItsEvidence) {
  const Finished finished = sitewide({"catalogue", "--coverage"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  for (const Coverage& row : catalogue_coverage())
    EXPECT_THAT(finished.out, HasSubstr("\n" + row.article + "  " + row.expressible));
  EXPECT_THAT(finished.out, HasSubstr("Q225063  no           no           no           Macintosh"));
  const Finished one = sitewide({"--json", "catalogue", "--coverage", "Q237690"});
  const auto row = boost::json::parse(one.out).as_object();
  EXPECT_EQ(row.at("type"), "coverage");
  EXPECT_EQ(row.at("runs"), "yes");
  EXPECT_THAT(std::string(row.at("runs_test").as_string()), HasSubstr("BySiteWide."));
}

TEST(CatalogueCommand, RequirementsOfAPlan_ShowInValidateAndPreview) {
  const CommandWorld world;
  std::filesystem::create_directories(world.root() / "payload/x86");
  std::filesystem::create_directories(world.root() / "sms");
  write_file(world.root() / "payload/x86/Getsfwr.exe", std::string(33'632, 'x'));
  const auto plan = [&](const std::string& article, const std::string& site) {
    write_file(world.plan(),
               "version: 1\nname: here\nhotfix: {id: " + article + ", catalogue: " + article +
                   ", payload: payload}\nsites: {HQ: {root: sms, logon_servers: {L1: l1}" + site +
                   "}}\ninventory:\n  - hosts: [pc01]\n    labels: {site: HQ, platform: x86, os: "
                   "dos}\n  - hosts: [pc02]\n    labels: {site: HQ, platform: mips, os: nt}\n"
                   "transports: {shop: {type: local, root: \"clients/{client.name}\"}}\n"
                   "groups: [{name: all, select: name, method: site_wide, reaches: site}]\n");
  };
  plan("Q249151", "");
  for (const char* command : {"validate", "preview"}) {
    const Finished finished = sitewide({command, world.plan()});
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    EXPECT_THAT(finished.err,
                AllOf(HasSubstr("Q249151: The table gives a day and no time"),
                      HasSubstr("1 client of group `all` is not covered by Q249151: pc02 (mips")));
  }
  plan("Q191320", ", service_pack: 2");
  const Finished refused = sitewide({"validate", world.plan()});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("Q191320 is for service pack 3 or service pack 4, and site "
                                     "`HQ` has service pack 2"));
}

TEST(CatalogueCommand, ErratumBesideAWrongPayload_DoesNotHideIt) {
  const CommandWorld world;
  write_file(world.plan(),
             "version: 1\nname: here\nhotfix: {id: x, catalogue: Q249151, payload: payload}\n"
             "sites: {HQ: {root: sms, logon_servers: {L1: l1}}}\ninventory:\n  - hosts: [pc01]\n"
             "    labels: {site: HQ}\n"
             "transports: {shop: {type: local, root: \"clients/{client.name}\"}}\n"
             "groups: [{name: all, select: name, method: site_wide, reaches: site}]\n");
  const Finished finished = sitewide({"validate", world.plan()});
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_THAT(finished.err, AllOf(HasSubstr("warning: Q249151: The table gives a day"),
                                  HasSubstr("error: cannot read the payload")));
}

}  // namespace
}  // namespace sitewide::test
