#include "plans/draft.h"

#include <gmock/gmock.h>

#include "plans/loader.h"

namespace sitewide {
namespace {

using testing::HasSubstr;

Draft sms_draft(Method method) {
  Draft draft;
  draft.name = "q237690";
  draft.method = method;
  draft.hotfix = "Q237690";
  draft.payload = "hotfix";
  draft.inventory = "clients.csv";
  draft.root = "clients/{client.name}";
  draft.sites = {{"HQ", "/mnt/hq/SMS", {{"S768AA0", "s768aa0"}, {"S768AA1", "s768aa1"}}}};
  return draft;
}

LoadedPlan loaded(const Draft& draft) {
  const auto good = check_draft(draft);
  EXPECT_TRUE(good) << good.error().message;
  LoadedPlan plan = load_plan("/somewhere/plan.yaml", draft_text(draft));
  for (const Problem& problem : plan.problems) {  // an article's errata are warnings
    EXPECT_NE(problem.severity, Problem::Severity::error) << problem.message;
  }
  return plan;
}

std::string mistake_of(const Draft& draft) {
  const auto good = check_draft(draft);
  return good ? "none" : good.error().message;
}

TEST(Draft, EachSmsMethod_IsReadBackAsItWasSaid) {
  for (const Method method : {Method::upgrade_bat, Method::site_wide}) {
    const Plan plan = loaded(sms_draft(method)).plan;
    EXPECT_EQ(plan.name, "q237690");
    EXPECT_EQ(plan.hotfix.id, "Q237690");
    ASSERT_EQ(plan.sites.size(), 1U);
    EXPECT_EQ(plan.sites[0].root, "/mnt/hq/SMS");
    ASSERT_EQ(plan.sites[0].logon_servers.size(), 2U);
    EXPECT_EQ(plan.sites[0].logon_servers[1].name, "S768AA1");
    ASSERT_EQ(plan.groups.size(), 1U);
    EXPECT_EQ(plan.groups[0].method, method);
  }
}

TEST(Draft, ArticleWithOneMethod_GoesOutByThat) {
  Draft draft = sms_draft(Method::upgrade_bat);
  draft.method.reset();
  EXPECT_EQ(loaded(draft).plan.groups[0].method, Method::upgrade_bat);
  draft.hotfix = "Q193031";
  EXPECT_EQ(loaded(draft).plan.groups[0].method, Method::site_wide);
  draft.method = Method::upgrade_bat;
  EXPECT_THAT(mistake_of(draft), HasSubstr("Q193031 goes out by site_wide, not by upgrade_bat"));
}

TEST(Draft, ArticleThatStopsServicesAndResets_SaysHow) {
  Draft draft = sms_draft(Method::upgrade_bat);
  draft.method.reset();
  draft.hotfix = "Q193269";
  EXPECT_FALSE(loaded(draft).plan.sites[0].services.stop.empty());
  draft.hotfix = "Q230242";
  EXPECT_FALSE(loaded(draft).plan.sites[0].reset.run.empty());
}

TEST(Draft, ArticleForSomeClients_SelectsThose) {
  Draft draft = sms_draft(Method::site_wide);
  EXPECT_THAT(draft_text(draft), HasSubstr("select: os in (nt, win95) "));
  draft.hotfix = "Q193269";
  EXPECT_THAT(draft_text(draft), HasSubstr("select: platform=x86, os=win95 "));
}

TEST(Draft, WordsWithAMeaningInYaml_StayText) {
  Draft draft = sms_draft(Method::upgrade_bat);
  draft.name = "null";
  draft.sites[0].name = "No";
  draft.sites[0].logon_servers[0].first = "1e3";
  const Plan plan = loaded(draft).plan;
  EXPECT_EQ(plan.name, "null");
  EXPECT_EQ(plan.sites[0].name, "No");
  EXPECT_EQ(plan.sites[0].logon_servers[0].name, "1e3");
}

TEST(Draft, Inventory_HasAClientOfEachKindOnEachSite) {
  Draft draft = sms_draft(Method::upgrade_bat);
  draft.sites.push_back({"PLANT", "/mnt/plant/SMS", {{"S1", "s1"}}});
  EXPECT_EQ(draft_inventory(draft).substr(0, 27), "name,site,platform,os,ring\n");
  EXPECT_THAT(draft_inventory(draft), HasSubstr("\nexample-hq-x86-nt,HQ,x86,nt,canary\n"));
  EXPECT_THAT(draft_inventory(draft), HasSubstr("\nexample-plant-alpha-nt,PLANT,alpha,nt,"));
}

TEST(Draft, CommandMethod_FailsUntilSomebodySaysHow) {
  Draft draft = sms_draft(Method::command);
  draft.hotfix.clear();
  draft.sites.clear();
  const std::string text = draft_text(draft);
  EXPECT_EQ(loaded(draft).plan.groups[0].method, Method::command);
  EXPECT_THAT(text, HasSubstr("exit 1"));
}

TEST(Draft, PathWithQuotesAndSigns_StaysThatPath) {
  Draft draft = sms_draft(Method::site_wide);
  draft.sites[0].root = "/mnt/it's #1: {a}, \"b\"";
  EXPECT_EQ(loaded(draft).plan.sites[0].root, draft.sites[0].root);
}

TEST(Draft, WhatCannotBeAPlan_IsNamed) {
  Draft draft = sms_draft(Method::upgrade_bat);
  draft.hotfix = "Q237691";
  EXPECT_THAT(mistake_of(draft), HasSubstr("did you mean `Q237690`?"));
  draft.hotfix.clear();
  EXPECT_THAT(mistake_of(draft), HasSubstr("--hotfix ARTICLE"));
  draft = sms_draft(Method::upgrade_bat);
  draft.sites[0].logon_servers.clear();
  EXPECT_THAT(mistake_of(draft), HasSubstr("site HQ has no logon server"));
  draft.sites.clear();
  EXPECT_THAT(mistake_of(draft), HasSubstr("--site NAME=DIR"));
  draft = sms_draft(Method::upgrade_bat);
  draft.sites[0].root = "a\nb";
  EXPECT_THAT(mistake_of(draft), HasSubstr("the root of site HQ cannot be `a\\nb`: it must be"));
  draft.sites[0].root = "D:\\SMS";
  EXPECT_THAT(mistake_of(draft), HasSubstr("paths of a plan are written with `/`"));
  draft = sms_draft(Method::upgrade_bat);
  draft.root = "clients/all";
  EXPECT_THAT(mistake_of(draft), HasSubstr("put `{client.name}` into it"));
  draft = sms_draft(Method::command);
  EXPECT_THAT(mistake_of(draft), HasSubstr("neither hotfix nor site"));
  draft = sms_draft(Method::upgrade_bat);
  draft.name = "a b";
  EXPECT_THAT(mistake_of(draft), HasSubstr("the plan's name cannot be `a b`"));
}

}  // namespace
}  // namespace sitewide
