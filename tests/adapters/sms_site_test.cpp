#include "adapters/sms/site/steps.h"
#include "tests/adapters/sms_world.h"

namespace sitewide::sms {
namespace {

using Kind = Answer::Kind;

class SmsSite : public SmsWorld {
 protected:
  std::filesystem::path staged() const { return site_root / kOnSite; }
  Answer stage_it() { return run(stage, work(Step::stage)); }
};

// --- stage ---

TEST_F(SmsSite, Stage_WritesThePayloadWithThePlannedTime) {
  const Answer answer = stage_it();
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(answer.outcome.facts.at("written"), "1");
  EXPECT_EQ(read(staged()), hotfix);
  EXPECT_EQ(time_of(staged()), instant("1999-06-22T00:00:00Z"));
}

TEST_F(SmsSite, Stage_KeepsTheOriginalBeforeItWrites) {
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  const auto manifest = decode_site_manifest(originals.manifests.at("site/HQ"));
  ASSERT_TRUE(manifest);
  ASSERT_EQ(manifest->files.size(), 1u);
  EXPECT_EQ(manifest->files[0].path, kOnSite);
  EXPECT_EQ(manifest->files[0].hotfix, sha256(hotfix));
  EXPECT_EQ(manifest->files[0].original->digest, sha256(old));
  EXPECT_EQ(manifest->files[0].original->modified, instant("1999-05-04T00:00:00Z"));
  EXPECT_EQ(originals.blobs.at(sha256(old)), old);
}

TEST_F(SmsSite, StageOfWhatIsThereAlready_WritesNothing) {
  write(staged(), hotfix, "2001-01-01T00:00:00Z");
  const Answer answer = stage_it();
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(answer.outcome.facts.at("written"), "0");
  EXPECT_EQ(time_of(staged()), instant("2001-01-01T00:00:00Z"));
}

TEST_F(SmsSite, StageTwice_KeepsTheFirstRecord) {
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  const std::string first = originals.manifests.at("site/HQ");
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  EXPECT_EQ(originals.manifests.at("site/HQ"), first);
}

TEST_F(SmsSite, StageOverANewerFile_IsRefused) {
  set_time(staged(), instant("1999-09-10T00:00:00Z"));
  const Answer answer = stage_it();
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_TRUE(says(answer, "newer"));
  EXPECT_EQ(read(staged()), old);
  EXPECT_TRUE(originals.manifests.empty());
}

TEST_F(SmsSite, StageOverAFileOfTheSameDayOrOneMore_IsAllowed) {
  set_time(staged(), instant("1999-06-23T00:00:00Z"));
  EXPECT_TRUE(is_done(stage_it(), OutcomeKind::ok));
}

TEST_F(SmsSite, StageOverANewerFile_GoesThroughWhenThePlanAllowsIt) {
  set_time(staged(), instant("1999-09-10T00:00:00Z"));
  Work allowed = work(Step::stage);
  allowed.operation.allow_downgrade = true;
  EXPECT_TRUE(is_done(run(stage, allowed), OutcomeKind::ok));
}

TEST_F(SmsSite, StageOfAnotherCpusProgram_IsRefused) {
  hotfix = program("alpha", 0x184);
  const Answer answer = stage_it();
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_TRUE(says(answer, "another CPU (alpha)"));
  EXPECT_EQ(read(staged()), old);
}

TEST_F(SmsSite, StageOfACompressedFile_IsRefused) {
  hotfix = "SZDD\x88\xf0\x27\x33 and so on";
  EXPECT_TRUE(says(stage_it(), "compressed"));
}

TEST_F(SmsSite, StageOfAnAlteredPayload_IsRefused) {
  Work altered = work(Step::stage);
  altered.payload = [](const Digest&) -> Result<std::string> { return std::string("other bytes"); };
  EXPECT_TRUE(is_done(run(stage, altered), OutcomeKind::refused));
  EXPECT_EQ(read(staged()), old);
}

TEST_F(SmsSite, StageOverAFileThatSomebodyChangedSince_NeedsHands) {
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  write(staged(), program("a third file"), "1999-05-04T00:00:00Z");
  const Answer answer = stage_it();
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_TRUE(says(answer, "changed by someone else: Pcmwin32.exe (X86)"));
  EXPECT_EQ(read(staged()), program("a third file"));
}

TEST_F(SmsSite, StageOnASiteThatIsNotMounted_IsUnreachable) {
  std::filesystem::remove_all(site_root);
  EXPECT_TRUE(is_done(stage_it(), OutcomeKind::unreachable));
}

TEST_F(SmsSite, StageOfAFileInNoCopyList_Warns) {
  write(site_root / "System.map",
        "DIRECTORY \"SITE.SRV\\MAINCFG.BOX\\CLIENT.SRC\\X86.BIN\" PLATFORM \"INTEL X86\" BEGIN\n"
        "\"GETDISK.EXE\", SIZE(1, 1, 1), \"GETDISK.EXE\", COPYLISTS(\"WIN95:STANDARD\" = "
        "\"SMS\")\nEND\n");
  const Answer answer = stage_it();
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_NE(answer.outcome.facts.at("warning").find("never reaches clients"), std::string::npos);
}

TEST_F(SmsSite, StageInDoubt_IsReadFromTheSite) {
  EXPECT_TRUE(is(run(stage, work(Step::stage, Purpose::recover)), Kind::no_effect));
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  const Answer answer = run(stage, work(Step::stage, Purpose::recover));
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_TRUE(answer.outcome.recovered);
}

TEST_F(SmsSite, StageInDoubtOnAnUnmountedSite_StaysInDoubt) {
  std::filesystem::remove_all(site_root);
  const Answer answer = run(stage, work(Step::stage, Purpose::recover));
  ASSERT_TRUE(is(answer, Kind::in_doubt));
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::unreachable);
}

// --- unstage ---

TEST_F(SmsSite, Unstage_PutsBytesAndTimeBack) {
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  ASSERT_TRUE(is_done(run(unstage, work(Step::unstage)), OutcomeKind::ok));
  EXPECT_EQ(read(staged()), old);
  EXPECT_EQ(time_of(staged()), instant("1999-05-04T00:00:00Z"));
  EXPECT_TRUE(run(unstage, work(Step::unstage, Purpose::recover)).outcome.recovered);
}

TEST_F(SmsSite, UnstageTwice_IsFine) {
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  ASSERT_TRUE(is_done(run(unstage, work(Step::unstage)), OutcomeKind::ok));
  EXPECT_EQ(run(unstage, work(Step::unstage)).outcome.facts.at("written"), "0");
}

TEST_F(SmsSite, UnstageOfAFileThatWasNew_DeletesItAndReportsTheCopies) {
  std::filesystem::remove(staged());
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  replicate_by_hand(hotfix);
  const Answer answer = run(unstage, work(Step::unstage));
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_FALSE(std::filesystem::exists(staged()));
  EXPECT_NE(answer.outcome.facts.at("left_on_logon_servers").find("S768AA1: X86.bin/Pcmwin32.exe"),
            std::string::npos);
  EXPECT_TRUE(is_done(run(replicate_originals, work(Step::replicate_originals, Purpose::poll)),
                      OutcomeKind::ok));
}

TEST_F(SmsSite, UnstageOfAFileThatSomebodyChanged_NeedsHandsAndWritesNothing) {
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  write(staged(), "a later hotfix");
  const Answer answer = run(unstage, work(Step::unstage));
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_TRUE(says(answer, "needs hands: changed by someone else"));
  EXPECT_EQ(read(staged()), "a later hotfix");
  EXPECT_TRUE(is(run(unstage, work(Step::unstage, Purpose::recover)), Kind::no_effect));
}

TEST_F(SmsSite, UnstageWithoutARecord_HasNothingToDo) {
  EXPECT_TRUE(is_done(run(unstage, work(Step::unstage)), OutcomeKind::ok));
  EXPECT_EQ(read(staged()), old);
}

TEST_F(SmsSite, UnstageWithADamagedRecord_WritesNothing) {
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  originals.manifests["site/HQ"] = "{\"format\":1,\"kind\":\"site\",\"files\":[{}]}";
  EXPECT_TRUE(is_done(run(unstage, work(Step::unstage)), OutcomeKind::failed));
  EXPECT_EQ(read(staged()), hotfix);
}

// --- replicate ---

TEST_F(SmsSite, Replicate_WaitsForEveryLogonServerAndNamesWhatIsMissing) {
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  write(root / "s768aa0" / "x86.bin" / "PCMWIN32.EXE", hotfix);
  Answer answer = run(replicate, work(Step::replicate, Purpose::poll));
  ASSERT_TRUE(is(answer, Kind::pending));
  EXPECT_EQ(answer.outcome.reason,
            "1 of 2 logon servers ready; S768AA1: Pcmwin32.exe (X86) still old");
  std::filesystem::remove(root / "s768aa1" / "x86.bin" / "PCMWIN32.EXE");
  EXPECT_TRUE(
      says(run(replicate, work(Step::replicate, Purpose::poll)), "Pcmwin32.exe (X86) missing"));
  replicate_by_hand(hotfix);
  EXPECT_TRUE(is_done(run(replicate, work(Step::replicate, Purpose::poll)), OutcomeKind::ok));
}

TEST_F(SmsSite, ReplicateToAServerThatIsAway_WaitsAndSaysSo) {
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  replicate_by_hand(hotfix);
  std::filesystem::remove_all(root / "s768aa1");
  const Answer answer = run(replicate, work(Step::replicate, Purpose::poll));
  ASSERT_TRUE(is(answer, Kind::pending));
  EXPECT_TRUE(says(answer, "S768AA1 cannot be reached"));
}

TEST_F(SmsSite, ReplicateWithASilentMaintenanceManager_SaysSinceWhen) {
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  const auto log = site_root / "LOGS" / "MAINTMAN.LOG";
  write(log, "~Working on logon server S768AA0 $$<M><Fri Feb 06 10:43:30 1998~><thread=1>\n",
        "2026-03-01T09:30:00Z");
  EXPECT_FALSE(says(run(replicate, work(Step::replicate, Purpose::poll)), "Maintenance Manager"));
  set_time(log, instant("2026-03-01T07:30:00Z"));
  EXPECT_TRUE(says(run(replicate, work(Step::replicate, Purpose::poll)),
                   "Maintenance Manager has logged nothing since 2026-03-01T07:30:00Z"));
}

TEST_F(SmsSite, ReplicateOfAFileThatTheSiteNoLongerHolds_NeedsHands) {
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  write(staged(), "a service pack's file");
  const Answer answer = run(replicate, work(Step::replicate, Purpose::poll));
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_TRUE(says(answer, "changed by someone else"));
}

TEST_F(SmsSite, ReplicateOriginals_WaitsForTheOldFiles) {
  ASSERT_TRUE(is_done(stage_it(), OutcomeKind::ok));
  replicate_by_hand(hotfix);
  ASSERT_TRUE(is_done(run(unstage, work(Step::unstage)), OutcomeKind::ok));
  EXPECT_TRUE(
      is(run(replicate_originals, work(Step::replicate_originals, Purpose::poll)), Kind::pending));
  replicate_by_hand(old);
  EXPECT_TRUE(is_done(run(replicate_originals, work(Step::replicate_originals, Purpose::poll)),
                      OutcomeKind::ok));
}

// --- force and regenerate ---

class SmsForce : public SmsSite {
 protected:
  void SetUp() override { make_replicated(); }
};

TEST_F(SmsForce, Force_ChangesTheTimeAndNoByte) {
  const Answer answer = run(force, work(Step::force));
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(read(site_root / "System.map"), "SYSTEM MAP\r\n");
  EXPECT_EQ(time_of(site_root / "System.map"), now);
  EXPECT_EQ(answer.outcome.facts.at("system_map_before"), "1999-01-01T00:00:00Z");
}

TEST_F(SmsForce, ForceOfAMapFromTheFuture_AddsAtLeastTwoSeconds) {
  set_time(site_root / "System.map", now + std::chrono::milliseconds(3001));
  ASSERT_TRUE(is_done(run(force, work(Step::force)), OutcomeKind::ok));
  EXPECT_EQ(time_of(site_root / "System.map"), now + std::chrono::seconds(6));
}

TEST_F(SmsForce, ForceRecords_TheStampAndEachCopyListBefore) {
  ASSERT_TRUE(is_done(run(force, work(Step::force)), OutcomeKind::ok));
  const auto record = decode_force_record(originals.manifests.at("force-1/HQ"));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->stamp, instant("1999-01-01T00:00:00Z"));
  EXPECT_EQ(record->versions.at("S768AA1").at("Cl_nt.txt"), "100");
}

TEST_F(SmsForce, ForceInDoubt_IsReadFromTheStamp) {
  EXPECT_TRUE(is(run(force, work(Step::force, Purpose::recover)), Kind::no_effect));
  ASSERT_TRUE(is_done(run(force, work(Step::force)), OutcomeKind::ok));
  EXPECT_TRUE(run(force, work(Step::force, Purpose::recover)).outcome.recovered);
  set_time(site_root / "System.map", instant("1999-01-01T00:00:00Z"));
  EXPECT_TRUE(is(run(force, work(Step::force, Purpose::recover)), Kind::no_effect));
}

TEST_F(SmsForce, ForceOfASecondAttempt_TouchesAgain) {
  ASSERT_TRUE(is_done(run(force, work(Step::force)), OutcomeKind::ok));
  Work second = work(Step::force);
  second.operation.action.attempt = 2;
  ASSERT_TRUE(is_done(run(force, second), OutcomeKind::ok));
  EXPECT_EQ(time_of(site_root / "System.map"), now + std::chrono::seconds(2));
}

TEST_F(SmsForce, ForceWithALogonServerAway_TouchesNothing) {
  std::filesystem::remove_all(root / "s768aa1");
  EXPECT_TRUE(is_done(run(force, work(Step::force)), OutcomeKind::unreachable));
  EXPECT_EQ(time_of(site_root / "System.map"), instant("1999-01-01T00:00:00Z"));
}

// Hours may lie between the last look at a logon server and the force, and a force reaches all.
TEST_F(SmsForce, SiteHoldsOtherFilesSinceItWasReplicated_IsRefused) {
  write(staged(), "a service pack's");
  const Answer answer = run(force, work(Step::force));
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_TRUE(says(answer, "changed by someone else: ")) << answer.outcome.reason;
  EXPECT_EQ(time_of(site_root / "System.map"), instant("1999-01-01T00:00:00Z"));
}

TEST_F(SmsForce, LogonServerHoldsAnotherFileSinceItWasReplicated_Fails) {
  write(root / "s768aa1" / "x86.bin" / "PCMWIN32.EXE", old);
  const Answer answer = run(force, work(Step::force));
  ASSERT_TRUE(is_done(answer, OutcomeKind::failed));
  EXPECT_TRUE(says(answer, "S768AA1 no longer holds ")) << answer.outcome.reason;
  EXPECT_EQ(time_of(site_root / "System.map"), instant("1999-01-01T00:00:00Z"));
}

TEST_F(SmsForce, OfOriginals_LooksAtNoFile) {
  write(staged(), "a service pack's");
  EXPECT_TRUE(is_done(run(force, work(Step::force_originals)), OutcomeKind::ok));
}

TEST_F(SmsForce, ForceWithoutASystemMap_Fails) {
  std::filesystem::remove(site_root / "System.map");
  EXPECT_TRUE(is_done(run(force, work(Step::force)), OutcomeKind::failed));
}

TEST_F(SmsForce, Regenerate_WaitsForANewVersionInEachListOfEachServer) {
  write(root / "s768aa1" / "Cl_w95.txt", "CopyListVersion=100\n");
  ASSERT_TRUE(is_done(run(force, work(Step::force)), OutcomeKind::ok));
  const auto poll = [this] {
    Work look = work(Step::regenerate, Purpose::poll);
    look.operation.action.deadline = now + look.operation.site.replication_within;
    return run(regenerate, look);
  };
  EXPECT_TRUE(says(poll(), "S768AA0: Cl_nt.txt still old; S768AA1: Cl_nt.txt still old"));
  for (const char* server : {"s768aa0", "s768aa1"})
    write(root / server / "Cl_nt.txt", "CopyListVersion=101\n");
  EXPECT_EQ(poll().outcome.reason, "S768AA1: Cl_w95.txt still old");
  write(root / "s768aa1" / "Cl_w95.txt", "half a file");
  EXPECT_TRUE(is(poll(), Kind::pending));
  std::filesystem::remove(root / "s768aa1" / "Cl_w95.txt");
  EXPECT_TRUE(says(poll(), "Cl_w95.txt missing"));
  write(root / "s768aa1" / "CL_W95.TXT", "CopyListVersion=101\n");
  EXPECT_TRUE(is_done(poll(), OutcomeKind::ok));
}

TEST_F(SmsForce, ForceAfterAnUndo_IsTheOneThatCounts) {
  ASSERT_TRUE(is_done(run(force, work(Step::force)), OutcomeKind::ok));
  EXPECT_FALSE(*were_originals_forced(work(Step::restore)));
  ASSERT_TRUE(is_done(run(force, work(Step::force_originals)), OutcomeKind::ok));
  EXPECT_TRUE(*were_originals_forced(work(Step::restore)));
  Work again = work(Step::force);
  again.operation.action.attempt = 2;
  ASSERT_TRUE(is_done(run(force, again), OutcomeKind::ok));
  EXPECT_FALSE(*were_originals_forced(work(Step::restore)));
}

TEST_F(SmsForce, RegenerateOriginals_ComparesWithItsOwnForce) {
  ASSERT_TRUE(is_done(run(force, work(Step::force)), OutcomeKind::ok));
  for (const char* server : {"s768aa0", "s768aa1"})
    write(root / server / "Cl_nt.txt", "CopyListVersion=101\n");
  ASSERT_TRUE(is_done(run(force, work(Step::force_originals)), OutcomeKind::ok));
  EXPECT_TRUE(originals.manifests.contains("force_originals-1/HQ"));
  const auto poll = [this] {
    return run(regenerate, work(Step::regenerate_originals, Purpose::poll));
  };
  EXPECT_TRUE(is(poll(), Kind::pending));
  for (const char* server : {"s768aa0", "s768aa1"})
    write(root / server / "Cl_nt.txt", "CopyListVersion=102\n");
  EXPECT_TRUE(is_done(poll(), OutcomeKind::ok));
}

TEST_F(SmsForce, RegenerateWithoutAForce_Fails) {
  EXPECT_TRUE(is_done(run(regenerate, work(Step::regenerate, Purpose::poll)), OutcomeKind::failed));
}

}  // namespace
}  // namespace sitewide::sms
