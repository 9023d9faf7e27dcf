// Drift: what changed between a preview and its run, item by item.
#include "orchestrator/preview/drift.h"

#include <gmock/gmock.h>

#include <functional>

#include "orchestrator/core/compile.h"
#include "tests/support/scene.h"

namespace sitewide {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// What was saved, and the same world a little later.
class DriftTest : public testing::Test {
 protected:
  DriftTest() {
    saved_.program = "0.1.0";
    saved_.at = *parse_timestamp("2026-11-23T20:00:00Z");
    saved_.schedule = schedule([](ScenePlan&) {});
    saved_.schedule.plan_path = "/plans/plan.yaml";
    saved_.files = {{"site HQ", "a.exe", "", true, sha256("a"), 470448, saved_.at}};
    saved_.artifacts = {{"/hotfix/map.txt", sha256("map")}};
    saved_.clients = std::vector<SavedClient>(saved_.schedule.clients.size());
    now_.program = saved_.program;
    now_.now = saved_.at + std::chrono::hours(1);
    now_.plan = saved_.schedule.plan_digest;
    now_.schedule = &saved_.schedule;
    now_.files = saved_.files;
    now_.artifacts = saved_.artifacts;
    now_.clients = saved_.clients;
  }

  static Schedule schedule(const std::function<void(ScenePlan&)>& change) {
    ScenePlan plan;
    plan.group("canary", 2);
    plan.group("office", 3);
    change(plan);
    return std::move(compile(plan.plan, std::move(plan.clients), {}).schedule);
  }
  std::string words() const {
    std::string text;
    for (const DriftItem& item : drift_since(saved_, now_))
      text += std::string(name_of(item.kind)) + ": " + item.words + "\n";
    return text;
  }

  SavedPreview saved_;
  PresentState now_;
};

TEST_F(DriftTest, NothingChanged_IsEmpty) { EXPECT_THAT(words(), IsEmpty()); }

TEST_F(DriftTest, ADayAndMore_HasTheAge) {
  now_.now = saved_.at + std::chrono::hours(25);
  EXPECT_THAT(words(), HasSubstr("age: it was saved"));
  now_.now = saved_.at + std::chrono::hours(24);
  EXPECT_THAT(words(), IsEmpty());
}

TEST_F(DriftTest, SavedInTheFuture_HasTheAge) {
  now_.now = saved_.at - std::chrono::hours(1);
  EXPECT_THAT(words(), HasSubstr("in the future"));
}

TEST_F(DriftTest, SiteFileChanged_SaysOldAndNewDigestSizeAndDate) {
  now_.files[0].digest = sha256("b");
  now_.files[0].size = 7;
  EXPECT_THAT(words(), HasSubstr("site_file: site HQ: a.exe: 470,448 bytes of 2026-11-23T20:00:00Z "
                                 "(sha256 " +
                                 sha256("a").brief() + ") → 7 bytes of"));
}

TEST_F(DriftTest, SiteFileGone_SaysSo) {
  now_.files[0] = {"site HQ", "a.exe", "", false, {}, 0, {}};
  EXPECT_THAT(words(), HasSubstr("→ no such file"));
}

TEST_F(DriftTest, FileThatOnlyOneSideHasSeen_IsAnItem) {
  saved_.files.clear();
  EXPECT_THAT(words(), HasSubstr("a.exe: not looked at → 470,448 bytes"));
}

TEST_F(DriftTest, ClientAddedRemovedAndChanged_AreAnItemEach) {
  const Schedule fresh = schedule([](ScenePlan& plan) {
    ClientTable clients;
    const std::uint32_t site = clients.column("site");
    const std::uint32_t ring = clients.column("ring");
    for (std::uint32_t c = 0; c < plan.clients.size(); ++c) {
      if (plan.clients.name(c) == "office1") continue;
      const bool moves = plan.clients.name(c) == "canary2";
      const std::uint32_t added =
          clients.add(plan.clients.name(c), moves ? "10.0.0.9" : plan.clients.address(c));
      clients.set(added, ring, plan.clients.label(c, "ring"));
      clients.set(added, site, plan.clients.label(c, "site"));
    }
    const std::uint32_t added = clients.add("office9", "");
    clients.set(added, ring, "office");
    clients.set(added, site, "HQ");
    plan.clients = std::move(clients);
  });
  now_.schedule = &fresh;
  const std::string text = words();
  EXPECT_THAT(text, HasSubstr("client: client office1: removed"));
  EXPECT_THAT(text, HasSubstr("client: client office9: added, in group office wave 1"));
  EXPECT_THAT(text, HasSubstr("client: client canary2: address canary2 → 10.0.0.9"));
  EXPECT_EQ(drift_since(saved_, now_).size(), 3U) << text;
}

TEST_F(DriftTest, ClientInAnotherState_SaysBothAndWhy) {
  (*now_.clients)[1] = {ClientStanding::unreachable, "off"};
  EXPECT_THAT(words(), HasSubstr("client_state: client canary2: "));
  EXPECT_THAT(words(), HasSubstr("→ unreachable (off)"));
}

TEST_F(DriftTest, PlanThatCannotBeUsedAnyMore_SaysWhy) {
  now_.plan_trouble = "no such file";
  now_.schedule = nullptr;
  EXPECT_THAT(words(), HasSubstr("plan: plan /plans/plan.yaml: no such file"));
}

TEST_F(DriftTest, StagedArtifactChanged_CannotBeAccepted) {
  PlannedFile file;
  file.source = "/hotfix/a.exe";
  saved_.schedule.hotfix.files = {file};
  saved_.artifacts.push_back({file.source, sha256("a")});
  now_.artifacts.push_back({file.source, sha256("b")});
  now_.artifacts[0].digest = sha256("another map");
  const auto items = drift_since(saved_, now_);
  ASSERT_EQ(items.size(), 2U) << words();
  EXPECT_FALSE(items[0].gone) << "a fragment's text is in the schedule";
  EXPECT_TRUE(items[1].gone);
}

TEST_F(DriftTest, OtherProgram_IsAnItem) {
  now_.program = "0.2.0";
  EXPECT_THAT(words(), HasSubstr("program: sitewide 0.1.0 → 0.2.0"));
}

}  // namespace
}  // namespace sitewide
