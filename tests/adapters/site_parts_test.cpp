// The parts of a site around the copying of its files: done, left when done, undone, and services
// that run again on every way out.
#include <gmock/gmock.h>

#include "tests/adapters/site_parts_world.h"

namespace sitewide::sms {
namespace {

using ::testing::HasSubstr;
using Kind = Answer::Kind;

TEST_F(SiteParts, Stage_DoesAllPartsInOrder) {
  const Answer answer = stage_all();
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(log(),
            "stop SMS_EXECUTIVE\nstop SMS_HIERARCHY_MANAGER\nreset\nrun HQ\n"
            "start SMS_EXECUTIVE\nstart SMS_HIERARCHY_MANAGER\n");
  EXPECT_EQ(read(site_root / kOnSite), hotfix);
  EXPECT_FALSE(std::filesystem::exists(dll()));
  EXPECT_EQ(read(aside()), "old dll");
  EXPECT_TRUE(runs("SMS_EXECUTIVE"));
  EXPECT_EQ(answer.outcome.facts.at("written"), "1");
  EXPECT_THAT(answer.outcome.facts.at("parts"), HasSubstr("Invproc.dll renamed to Invproc.old"));
}

TEST_F(SiteParts, ServiceThatWasStoppedBefore_IsNotStarted) {
  service("SMS_HIERARCHY_MANAGER", false);
  ASSERT_TRUE(is_done(stage_all(), OutcomeKind::ok));
  EXPECT_FALSE(runs("SMS_HIERARCHY_MANAGER"));
  EXPECT_TRUE(runs("SMS_EXECUTIVE"));
  EXPECT_EQ(log().find("HIERARCHY"), std::string::npos);
}

TEST_F(SiteParts, CopyThatFails_LeavesTheServicesRunning) {
  // A folder stands where the file is to go.
  std::filesystem::remove(site_root / kOnSite);
  SitePart breaks = part(SitePart::Kind::run);
  breaks.run.what = "breaks it";
  breaks.run.run =
      sh("echo broken >>$0/log; mkdir -p \"$1\"; touch $0/broke", (site_root / kOnSite).string());
  breaks.run.probe = sh("test -e $0/broke");
  std::vector<SitePart> parts = all_parts();
  parts.insert(parts.begin() + 1, breaks);
  const Answer answer = perform(operation_with(parts, Step::stage, Purpose::execute));
  ASSERT_EQ(answer.kind, Kind::done);
  EXPECT_NE(answer.outcome.kind, OutcomeKind::ok);
  EXPECT_TRUE(runs("SMS_EXECUTIVE"));
  EXPECT_TRUE(runs("SMS_HIERARCHY_MANAGER"));
  EXPECT_THAT(log(), HasSubstr("broken\nstart SMS_EXECUTIVE\nstart SMS_HIERARCHY_MANAGER\n"));
}

TEST_F(SiteParts, ProgramThatDoesNotEnd_IsEndedAndTheServicesRun) {
  std::vector<SitePart> parts = all_parts();
  parts[4].run.run = sh("sleep 60");
  parts[4].run.within = std::chrono::milliseconds(200);
  const Answer answer = perform(operation_with(parts, Step::stage, Purpose::execute));
  ASSERT_TRUE(is_done(answer, OutcomeKind::failed));
  EXPECT_TRUE(says(answer, "RSERVICE: sh: no end within"));
  EXPECT_TRUE(runs("SMS_EXECUTIVE"));
}

TEST_F(SiteParts, ServiceThatDoesNotStop_FailsAndTheOthersRun) {
  Operation operation = operation_with(all_parts(), Step::stage, Purpose::execute);
  operation.site.services.stop =
      sh("test $1 = SMS_HIERARCHY_MANAGER && exit 5; rm $0/services/$1", "{service}");
  const Answer answer = perform(operation);
  ASSERT_TRUE(is_done(answer, OutcomeKind::failed));
  EXPECT_TRUE(says(answer, "SMS_HIERARCHY_MANAGER does not stop: sh: exit 5"));
  EXPECT_TRUE(runs("SMS_EXECUTIVE"));
  EXPECT_EQ(read(site_root / kOnSite), old);
}

// Site Configuration Manager's watchdog may start it before anybody saw it stopped.
TEST_F(SiteParts, ServiceThatIsStartedBehindOurBack_IsToldToStopAgain) {
  Operation operation = operation_with(all_parts(), Step::stage, Purpose::execute);
  operation.site.services.within = std::chrono::minutes(1);
  operation.site.services.stop =
      sh("echo told $1 >>$0/log; test $(grep -c \"told $1\" $0/log) = 1 || rm $0/services/$1; "
         "exit 0",
         "{service}");
  operation.parts.site[0].services = operation.parts.site[5].services = {"SMS_EXECUTIVE"};
  ASSERT_TRUE(is_done(perform(operation), OutcomeKind::ok));
  EXPECT_THAT(log(), HasSubstr("told SMS_EXECUTIVE\ntold SMS_EXECUTIVE\nreset"));
  EXPECT_TRUE(runs("SMS_EXECUTIVE"));
}

TEST_F(SiteParts, ServiceThatDoesNotStartAgain_IsAFailureThatNamesIt) {
  Operation operation = operation_with(all_parts(), Step::stage, Purpose::execute);
  operation.site.services.start =
      sh("test $1 = SMS_EXECUTIVE && exit 7; touch $0/services/$1", "{service}");
  const Answer answer = perform(operation);
  ASSERT_TRUE(is_done(answer, OutcomeKind::failed));
  EXPECT_TRUE(says(answer, "SMS_EXECUTIVE does not start: sh: exit 7"));
  EXPECT_TRUE(runs("SMS_HIERARCHY_MANAGER"));
  // The next attempt finds everything done but that, and starts it.
  ASSERT_TRUE(is_done(stage_all(2), OutcomeKind::ok));
  EXPECT_TRUE(runs("SMS_EXECUTIVE"));
}

TEST_F(SiteParts, RefusedFile_StopsNoServiceThenNorWhenItIsUndone) {
  set_time(site_root / kOnSite, instant("1999-09-10T00:00:00Z"));
  ASSERT_TRUE(is_done(stage_all(), OutcomeKind::refused));
  EXPECT_EQ(log(), "");
  const Answer undone = perform(operation_with(all_parts(), Step::unstage, Purpose::execute));
  ASSERT_TRUE(is_done(undone, OutcomeKind::ok));
  EXPECT_EQ(log(), "");
}

TEST_F(SiteParts, NameThatIsTaken_IsRefusedBeforeAnythingIsDone) {
  write(aside(), "of an earlier hotfix");
  const Answer answer = stage_all();
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_TRUE(says(answer, "Invproc.old is there already"));
  EXPECT_EQ(log(), "");
}

TEST_F(SiteParts, WhatIsDoneAlready_IsLeft) {
  Operation operation = operation_with(all_parts(), Step::stage, Purpose::execute);
  operation.site.reset.run = sh("echo reset >>$0/log; touch $0/was-reset");
  operation.site.reset.probe = sh("test -e $0/was-reset");
  ASSERT_TRUE(is_done(perform(operation), OutcomeKind::ok));
  const std::string first = log();
  operation.action.attempt = 2;
  ASSERT_TRUE(is_done(perform(operation), OutcomeKind::ok));
  EXPECT_EQ(log(), first) << "nothing is stopped for nothing";
}

TEST_F(SiteParts, ControllerThatDied_LeavesServicesToWhoLooksBack) {
  // What the attempt had on record when it was cut off, its services stopped and nothing copied.
  originals.manifests["services-stage-1/HQ"] = "SMS_EXECUTIVE\n";
  service("SMS_EXECUTIVE", false);
  service("SMS_HIERARCHY_MANAGER", false);
  for (const Purpose purpose : {Purpose::recover, Purpose::abandon}) {
    const Answer answer = perform(operation_with(all_parts(), Step::stage, purpose));
    EXPECT_TRUE(is(answer, Kind::no_effect));
    EXPECT_TRUE(runs("SMS_EXECUTIVE"));
    EXPECT_FALSE(runs("SMS_HIERARCHY_MANAGER")) << "it was stopped before we came";
  }
  EXPECT_EQ(log(), "start SMS_EXECUTIVE\n");
  // Who stops it by hand later is not overruled.
  service("SMS_EXECUTIVE", false);
  perform(operation_with(all_parts(), Step::stage, Purpose::recover));
  EXPECT_FALSE(runs("SMS_EXECUTIVE"));
}

TEST_F(SiteParts, LookingBackAtServicesThatDoNotStart_StaysInDoubt) {
  originals.manifests["services-stage-1/HQ"] = "SMS_EXECUTIVE\n";
  service("SMS_EXECUTIVE", false);
  Operation operation = operation_with(all_parts(), Step::stage, Purpose::recover);
  operation.site.services.start = sh("exit 7");
  const Answer answer = perform(operation);
  EXPECT_TRUE(is(answer, Kind::in_doubt));
  EXPECT_TRUE(says(answer, "SMS_EXECUTIVE does not start"));
}

TEST_F(SiteParts, LookingBackAtAWholeAttempt_RecoversIt) {
  ASSERT_TRUE(is_done(stage_all(), OutcomeKind::ok));
  const Answer answer = perform(operation_with(all_parts(), Step::stage, Purpose::recover));
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_TRUE(answer.outcome.recovered);
}

TEST_F(SiteParts, Unstage_UndoesInReverseOrder) {
  ASSERT_TRUE(is_done(stage_all(), OutcomeKind::ok));
  std::filesystem::remove(root / "log");
  const Answer answer = perform(operation_with(all_parts(), Step::unstage, Purpose::execute));
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(log(),
            "stop SMS_EXECUTIVE\nstop SMS_HIERARCHY_MANAGER\nundo\nreset\n"
            "start SMS_EXECUTIVE\nstart SMS_HIERARCHY_MANAGER\n");
  EXPECT_EQ(read(site_root / kOnSite), old);
  EXPECT_EQ(read(dll()), "old dll");
  EXPECT_FALSE(std::filesystem::exists(aside()));
  const Answer back = perform(operation_with(all_parts(), Step::unstage, Purpose::recover));
  ASSERT_TRUE(is_done(back, OutcomeKind::ok));
  EXPECT_TRUE(back.outcome.recovered);
}

TEST_F(SiteParts, ResetAfterTheServicesRanAgain_GoesBackInThatOrderToo) {
  std::vector<SitePart> parts = all_parts();
  std::erase_if(parts, [](const SitePart& part) { return part.kind == SitePart::Kind::run; });
  const auto reset = std::find_if(parts.begin(), parts.end(), [](const SitePart& part) {
    return part.kind == SitePart::Kind::site_reset;
  });
  std::rotate(reset, reset + 1, parts.end());
  ASSERT_TRUE(
      is_done(perform(operation_with(parts, Step::stage, Purpose::execute)), OutcomeKind::ok));
  std::filesystem::remove(root / "log");
  ASSERT_TRUE(
      is_done(perform(operation_with(parts, Step::unstage, Purpose::execute)), OutcomeKind::ok));
  EXPECT_EQ(log(),
            "stop SMS_EXECUTIVE\nstop SMS_HIERARCHY_MANAGER\n"
            "start SMS_EXECUTIVE\nstart SMS_HIERARCHY_MANAGER\nreset\n");
}

TEST_F(SiteParts, RenamedByAnEarlierRollout_IsLeftAsItIs) {
  Operation operation = stage_that_replaces_the_dll();
  write(dll(), hotfix);
  write(aside(), "old dll");
  ASSERT_TRUE(is_done(perform(operation), OutcomeKind::ok));
  operation.action.step = Step::unstage;
  ASSERT_TRUE(is_done(perform(operation), OutcomeKind::ok));
  EXPECT_EQ(read(dll()), hotfix);
  EXPECT_EQ(read(aside()), "old dll");
}

TEST_F(SiteParts, RenamedFileThatTheHotfixReplaces_GoesBackWithIt) {
  Operation operation = stage_that_replaces_the_dll();
  ASSERT_TRUE(is_done(perform(operation), OutcomeKind::ok));
  EXPECT_EQ(read(dll()), hotfix);
  EXPECT_EQ(read(aside()), "old dll");
  operation.action.step = Step::unstage;
  ASSERT_TRUE(is_done(perform(operation), OutcomeKind::ok));
  EXPECT_EQ(read(dll()), "old dll");
  EXPECT_FALSE(std::filesystem::exists(aside()));
}

TEST_F(SiteParts, RunThatWasDoneBeforeWeCame_IsNotUndone) {
  write(root / "ran", "");
  ASSERT_TRUE(is_done(stage_all(), OutcomeKind::ok));
  ASSERT_TRUE(is_done(perform(operation_with(all_parts(), Step::unstage, Purpose::execute)),
                      OutcomeKind::ok));
  EXPECT_TRUE(std::filesystem::exists(root / "ran"));
  EXPECT_EQ(log().find("undo"), std::string::npos);
}

TEST_F(SiteParts, ProbeThatCannotTell_IsAFailure) {
  std::vector<SitePart> parts = all_parts();
  parts[4].run.probe = sh("exit 4");
  const Answer answer = perform(operation_with(parts, Step::stage, Purpose::execute));
  ASSERT_TRUE(is_done(answer, OutcomeKind::failed));
  EXPECT_TRUE(says(answer, "0 means yes, 1 means no"));
}

TEST_F(SiteParts, NoFilesAtAll_IsStagedAtOnce) {
  Operation operation = operation_with({}, Step::stage, Purpose::execute);
  operation.files.clear();
  const Answer answer = perform(operation);
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(answer.outcome.facts.at("files"), "0");
  operation.action.purpose = Purpose::recover;
  EXPECT_TRUE(is_done(perform(operation), OutcomeKind::ok));
}

}  // namespace
}  // namespace sitewide::sms
