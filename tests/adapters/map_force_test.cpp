// The force that edits System.map.
#include <gmock/gmock.h>

#include "tests/adapters/site_parts_world.h"

namespace sitewide::sms {
namespace {

using ::testing::HasSubstr;
using Kind = Answer::Kind;

class MapSite : public SiteParts {
 protected:
  MapSite() { write(site_root / "System.map", kMap, "1999-01-01T00:00:00Z"); }
  static constexpr const char* kMap =
      "DIRECTORY \"D\" PLATFORM \"P\" LANGUAGE \"\"\r\nBEGIN\r\n"
      "  \"A.EXE\", SIZE(1, 1, 1), COPYLISTS(\"DOS:PCM\" = \"SMS\")\r\nEND\r\n";
  static std::string changed_by_hand() { return std::string(kMap) + "; by hand\r\n"; }
  std::filesystem::path map() const { return site_root / "System.map"; }
  Operation force_operation(Step step, Purpose purpose = Purpose::execute,
                            std::uint32_t attempt = 1) const {
    Operation result = operation(step, purpose);
    result.action.attempt = attempt;
    MapEdit edit;
    edit.entry = "A.EXE";
    edit.as = "B.EXE";
    edit.size = 2;
    edit.directory = "D";
    edit.platform = "P";
    result.parts.map = {edit};
    return result;
  }
};

class MapForce : public MapSite {
 protected:
  void SetUp() override { make_replicated(); }
};

TEST_F(MapForce, Force_EditsTheMapAndGivesItANewTime) {
  const Answer answer = perform(force_operation(Step::force));
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_THAT(read(map()), HasSubstr("\"B.EXE\", SIZE(1, 2, 2)"));
  EXPECT_GE(time_of(map()), now);
  EXPECT_EQ(answer.outcome.facts.at("system_map_changes"), "A.EXE copied as B.EXE (SIZE 2)");
  EXPECT_EQ(originals.blobs.at(sha256(kMap)), kMap);
  const Answer back = perform(force_operation(Step::force, Purpose::recover));
  ASSERT_TRUE(is_done(back, OutcomeKind::ok));
  EXPECT_TRUE(back.outcome.recovered);
}

TEST_F(MapForce, ForceThatWasCutOffBeforeTheEdit_TookNoEffect) {
  ASSERT_TRUE(is_done(perform(force_operation(Step::force)), OutcomeKind::ok));
  write(map(), kMap, "1999-01-01T00:00:00Z");
  EXPECT_TRUE(is(perform(force_operation(Step::force, Purpose::recover)), Kind::no_effect));
  ASSERT_TRUE(is_done(perform(force_operation(Step::force, Purpose::execute, 2)), OutcomeKind::ok));
  EXPECT_THAT(read(map()), HasSubstr("B.EXE"));
}

TEST_F(MapForce, SecondForce_OnlyTouches) {
  ASSERT_TRUE(is_done(perform(force_operation(Step::force)), OutcomeKind::ok));
  const std::string edited = read(map());
  const Timestamp first = time_of(map());
  now += std::chrono::hours(1);
  const Answer answer = perform(force_operation(Step::force, Purpose::execute, 2));
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(read(map()), edited);
  EXPECT_GT(time_of(map()), first);
}

TEST_F(MapForce, MapWithoutTheBlock_IsRefusedAndStays) {
  write(map(), "DIRECTORY \"X\" BEGIN END\r\n");
  const Answer answer = perform(force_operation(Step::force));
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_EQ(read(map()), "DIRECTORY \"X\" BEGIN END\r\n");
}

TEST_F(MapSite, EditThatDoesNotFit_IsRefusedByStageBeforeAnythingIsWritten) {
  for (const bool missing : {false, true}) {
    write(map(), "DIRECTORY \"X\" BEGIN END\r\n");
    if (missing) std::filesystem::remove(map());
    const Answer answer = perform(force_operation(Step::stage));
    ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
    EXPECT_TRUE(says(answer, missing ? "System.map is not in the site's root" : "DIRECTORY D"));
    EXPECT_EQ(read(site_root / kOnSite), old);
    EXPECT_TRUE(originals.manifests.empty());
  }
}

TEST_F(MapForce, ForceOriginals_PutsTheBytesBackWithAnotherNewTime) {
  ASSERT_TRUE(is_done(perform(force_operation(Step::force)), OutcomeKind::ok));
  const Timestamp first = time_of(map());
  now += std::chrono::hours(1);
  ASSERT_TRUE(is_done(perform(force_operation(Step::force_originals)), OutcomeKind::ok));
  EXPECT_EQ(read(map()), kMap);
  EXPECT_GT(time_of(map()), first);
  EXPECT_TRUE(
      is_done(perform(force_operation(Step::force_originals, Purpose::recover)), OutcomeKind::ok));
}

TEST_F(MapForce, ForceOriginalsOfAMapThatSomebodyChanged_NeedsHands) {
  ASSERT_TRUE(is_done(perform(force_operation(Step::force)), OutcomeKind::ok));
  write(map(), read(map()) + "; by hand\r\n");
  const Answer answer = perform(force_operation(Step::force_originals));
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_TRUE(says(answer, "needs hands"));
}

TEST_F(MapForce, UnstageOfASiteWhoseMapSomebodyChanged_NeedsHandsBeforeAnythingGoesBack) {
  ASSERT_TRUE(is_done(perform(force_operation(Step::stage)), OutcomeKind::ok));
  ASSERT_TRUE(is_done(perform(force_operation(Step::force)), OutcomeKind::ok));
  const std::string edited = read(map());
  write(map(), edited + "; by hand\r\n");
  const Answer answer = perform(force_operation(Step::unstage));
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_TRUE(says(answer, "needs hands: changed by someone else: System.map"));
  EXPECT_EQ(read(site_root / kOnSite), hotfix);
  std::filesystem::remove(map());
  EXPECT_TRUE(says(perform(force_operation(Step::unstage)), "System.map is missing"));
  write(map(), edited);
  ASSERT_TRUE(is_done(perform(force_operation(Step::unstage)), OutcomeKind::ok));
  EXPECT_EQ(read(site_root / kOnSite), old);
}

TEST_F(MapForce, MapThatChangedBetweenTwoForces_GoesBackToWhatTheSecondFound) {
  ASSERT_TRUE(is_done(perform(force_operation(Step::stage)), OutcomeKind::ok));
  ASSERT_TRUE(is_done(perform(force_operation(Step::force)), OutcomeKind::ok));
  ASSERT_TRUE(is_done(perform(force_operation(Step::force_originals)), OutcomeKind::ok));
  write(map(), changed_by_hand());
  ASSERT_TRUE(is_done(perform(force_operation(Step::force, Purpose::execute, 2)), OutcomeKind::ok));
  ASSERT_THAT(read(map()), HasSubstr("B.EXE"));
  ASSERT_TRUE(is_done(perform(force_operation(Step::unstage)), OutcomeKind::ok));
  const auto back = [this](std::uint32_t attempt) {
    return perform(force_operation(Step::force_originals, Purpose::execute, attempt));
  };
  ASSERT_TRUE(is_done(back(2), OutcomeKind::ok));
  EXPECT_EQ(read(map()), changed_by_hand());
  // Once more, as after a group that failed: it is as it was.
  ASSERT_TRUE(is_done(back(3), OutcomeKind::ok));
  EXPECT_EQ(read(map()), changed_by_hand());
}

}  // namespace
}  // namespace sitewide::sms
