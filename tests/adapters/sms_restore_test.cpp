#include "adapters/sms/client/sms_ini.h"
#include "adapters/sms/client/steps.h"
#include "adapters/sms/site/steps.h"
#include "tests/adapters/sms_world.h"

namespace sitewide::sms {
namespace {

using Kind = Answer::Kind;

/// A client that was backed up and then upgraded.
class SmsRestore : public SmsWorld {
 protected:
  void SetUp() override {
    ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
    write(file(), hotfix);
    write_ini("UPGRADE");
  }
  std::filesystem::path file() const { return client_root / "MS/SMS/BIN/pcmwin32.exe"; }
  Answer put_back() { return run(restore, work(Step::restore)); }
  Answer look_back() { return run(restore, work(Step::restore, Purpose::recover)); }
};

TEST_F(SmsRestore, PutsFilesTimesAndSmsIniBack) {
  ASSERT_TRUE(is_done(put_back(), OutcomeKind::ok));
  EXPECT_EQ(read(file()), old);
  EXPECT_EQ(time_of(file()), instant("1999-05-04T00:00:00Z"));
  EXPECT_EQ(read(client_root / "Sms.ini"), ini_text("INSTALLED"));
}

TEST_F(SmsRestore, Twice_IsFine) {
  ASSERT_TRUE(is_done(put_back(), OutcomeKind::ok));
  const Answer again = put_back();
  ASSERT_TRUE(is_done(again, OutcomeKind::ok));
  EXPECT_EQ(again.outcome.facts.at("changed"), "0");
}

TEST_F(SmsRestore, InDoubt_IsReadFromTheClient) {
  EXPECT_TRUE(is(look_back(), Kind::no_effect));
  write(file(), old);
  EXPECT_TRUE(is(look_back(), Kind::no_effect));  // SetupPhase is still UPGRADE
  ASSERT_TRUE(is_done(put_back(), OutcomeKind::ok));
  EXPECT_TRUE(look_back().outcome.recovered);
  std::filesystem::remove_all(client_root);
  EXPECT_TRUE(is(look_back(), Kind::in_doubt));
}

TEST_F(SmsRestore, OtherKeysOfSmsIni_StayAsTheyAre) {
  write_ini("VERIFY_FILES", "[Sight]\r\nSyncSends=1\r\n");
  ASSERT_TRUE(is_done(put_back(), OutcomeKind::ok));
  EXPECT_EQ(read(client_root / "Sms.ini"), ini_text("INSTALLED", "[Sight]\r\nSyncSends=1\r\n"));
}

/// As the fixture, of a client that had the setting before it was upgraded.
class SmsRestoreOfSettings : public SmsWorld {
 protected:
  void SetUp() override {
    write_ini("INSTALLED", kSight);
    ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
    write(client_root / "MS/SMS/BIN/pcmwin32.exe", hotfix);
  }
  static constexpr const char* kSight = "[Sight]\r\nSyncSends=\"1\"\r\n";
  std::string ini() { return read(client_root / "Sms.ini"); }
};

TEST_F(SmsRestoreOfSettings, SyncSendsLostByTheUpgrade_IsGivenBackAsItWasWritten) {
  write_ini("INSTALLED", "[Sight]\r\nOther=2\r\n");
  EXPECT_TRUE(is(run(restore, work(Step::restore, Purpose::recover)), Kind::no_effect));
  ASSERT_TRUE(is_done(run(restore, work(Step::restore)), OutcomeKind::ok));
  EXPECT_EQ(ini(), ini_text("INSTALLED", "[Sight]\r\nOther=2\r\nSyncSends=\"1\"\r\n"));
}

TEST_F(SmsRestoreOfSettings, SyncSendsLostWithItsSection_IsGivenBack) {
  write_ini("UPGRADE");
  ASSERT_TRUE(is_done(run(restore, work(Step::restore)), OutcomeKind::ok));
  EXPECT_EQ(SmsIni(ini()).written("Sight", "SyncSends"), "\"1\"");
}

TEST_F(SmsRestoreOfSettings, SyncSendsSetAnewMeanwhile_StaysAsSomebodySetIt) {
  write_ini("INSTALLED", "[Sight]\r\nSyncSends=0\r\n");
  ASSERT_TRUE(is_done(run(restore, work(Step::restore)), OutcomeKind::ok));
  EXPECT_EQ(ini(), ini_text("INSTALLED", "[Sight]\r\nSyncSends=0\r\n"));
}

TEST_F(SmsRestore, FileOfSomebodyElse_NeedsHandsAndNothingIsTouched) {
  write(file(), "a third file");
  const Answer answer = put_back();
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_EQ(answer.outcome.reason, "needs hands: changed by someone else: Pcmwin32.exe");
  EXPECT_EQ(read(file()), "a third file");
  EXPECT_EQ(read(client_root / "Sms.ini"), ini_text("UPGRADE"));
  EXPECT_TRUE(is(look_back(), Kind::no_effect));
}

TEST_F(SmsRestore, HalfCopiedHotfix_IsOurs) {
  write(file(), hotfix.substr(0, 60));
  ASSERT_TRUE(is_done(put_back(), OutcomeKind::ok));
  EXPECT_EQ(read(file()), old);
}

TEST_F(SmsRestore, FileThatWasTakenAway_IsPutBack) {
  std::filesystem::remove(file());
  ASSERT_TRUE(is_done(put_back(), OutcomeKind::ok));
  EXPECT_EQ(read(client_root / "MS/SMS/BIN/Pcmwin32.exe"), old);
}

TEST_F(SmsRestore, WaitingCopies_AreRemoved) {
  write(file(), old);
  const auto beside = client_root / "MS/SMS/BIN/Pcmwin32.exe$sms00$";
  const auto windows = client_root / "WINNT/PCMWIN32.EXE$SMS00$";
  write(beside, hotfix);
  write(windows, hotfix.substr(0, 10));
  EXPECT_TRUE(is(look_back(), Kind::no_effect));
  ASSERT_TRUE(is_done(put_back(), OutcomeKind::ok));
  EXPECT_FALSE(std::filesystem::exists(beside));
  EXPECT_FALSE(std::filesystem::exists(windows));
}

TEST_F(SmsRestore, WaitingCopyOfSomethingElse_NeedsHands) {
  write(client_root / "MS/SMS/BIN/Pcmwin32.exe$sms00$", "another fix");
  EXPECT_TRUE(is_done(put_back(), OutcomeKind::refused));
}

TEST_F(SmsRestore, FileThatWasAbsentBefore_IsDeleted) {
  originals.manifests.clear();
  std::filesystem::remove(file());
  write_ini("INSTALLED");
  ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
  write(file(), hotfix);
  ASSERT_TRUE(is_done(put_back(), OutcomeKind::ok));
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(SmsRestore, WithoutABackUp_NeedsHands) {
  originals.manifests.clear();
  const Answer answer = put_back();
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_TRUE(says(answer, "needs hands: nothing of this client was backed up"));
}

/// A client that was forced while it was off, and whose site went back.
class SmsRestoreOfForced : public SmsRestore {
 protected:
  void SetUp() override {
    make_replicated();
    ASSERT_TRUE(is_done(run(force, work(Step::force)), OutcomeKind::ok));
    ASSERT_TRUE(is_done(run(unstage, work(Step::unstage)), OutcomeKind::ok));
    ASSERT_TRUE(is_done(run(force, work(Step::force_originals)), OutcomeKind::ok));
  }
};

TEST_F(SmsRestoreOfForced, HasItsFilesBack_IsRestored) {
  ASSERT_TRUE(is_done(put_back(), OutcomeKind::ok));
  EXPECT_TRUE(look_back().outcome.recovered);
}

TEST_F(SmsRestoreOfForced, StillHoldsTheNewFile_NeedsHands) {
  write(file(), hotfix);
  const Answer answer = put_back();
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_TRUE(says(answer,
                   "needs hands: nothing of this client was backed up, and file "
                   "Pcmwin32.exe is still new"))
      << answer.outcome.reason;
  EXPECT_EQ(read(file()), hotfix);
  EXPECT_TRUE(is(look_back(), Kind::no_effect));
}

TEST_F(SmsRestoreOfForced, ClientSetupIsUnderWay_NeedsHands) {
  write_ini("VERIFY_FILES");
  EXPECT_TRUE(is_done(put_back(), OutcomeKind::refused));
}

TEST_F(SmsRestore, ClientThatLeftSms_NeedsHands) {
  std::filesystem::remove(client_root / "Sms.ini");
  const Answer answer = put_back();
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_TRUE(says(answer, "needs hands: no Sms.ini"));
}

TEST_F(SmsRestore, ClientThatIsOff_IsUnreachable) {
  std::filesystem::remove_all(client_root);
  EXPECT_TRUE(is_done(put_back(), OutcomeKind::unreachable));
}

TEST_F(SmsRestore, LostOriginal_FailsAndLeavesTheFile) {
  originals.blobs.clear();
  EXPECT_TRUE(is_done(put_back(), OutcomeKind::failed));
  EXPECT_EQ(read(file()), hotfix);
}

TEST_F(SmsRestore, DamagedRecord_IsNotGuessedAt) {
  for (const char* text : {"", "{}", "[1]", "{\"format\":2,\"kind\":\"client\"}",
                           "{\"format\":1,\"kind\":\"site\",\"files\":[]}"}) {
    originals.manifests["client/pc001"] = text;
    EXPECT_TRUE(is_done(put_back(), OutcomeKind::failed)) << text;
  }
  EXPECT_EQ(read(file()), hotfix);
}

TEST_F(SmsRestore, OnAForcedSite_TheClientTakesTheListsVersionSoThatNoLogOnBringsTheHotfixBack) {
  make_replicated();
  ASSERT_TRUE(is_done(run(force, work(Step::force)), OutcomeKind::ok));
  write(root / "s768aa1" / "Cl_nt.txt", "CopyListVersion=101\n");
  ASSERT_TRUE(is_done(put_back(), OutcomeKind::ok));
  std::string expected = ini_text("INSTALLED");
  expected.replace(expected.find("=100"), 4, "=101");
  EXPECT_EQ(read(client_root / "Sms.ini"), expected);
}

TEST_F(SmsRestore, MissingSetupPhaseBefore_IsMissingAfter) {
  originals.manifests.clear();
  write(file(), old);
  const std::string without = "[SMS]\r\nOS=4\r\nSMSBinPath=C:\\MS\\SMS\\BIN\r\n[Local]\r\n";
  write(client_root / "Sms.ini", without);
  ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
  write(client_root / "Sms.ini", without + "SetupPhase=UPGRADE\r\n");
  ASSERT_TRUE(is_done(put_back(), OutcomeKind::ok));
  EXPECT_EQ(read(client_root / "Sms.ini"), without);
}

TEST(SmsManifest, Property_EncodedAndDecodedIsTheSame) {
  ClientManifest manifest;
  manifest.at = instant("2026-03-01T10:00:00.123Z");
  manifest.ini_path = "WINNT/Sms.ini";
  manifest.ini_digest = sha256("x");
  manifest.setup_phase = "INST\xc4LLED \"quoted\" \\ back";
  manifest.copy_list_version = "100";
  manifest.files = {
      {"B\xfcro/a.exe", sha256("new"), FileState{sha256("a"), 1, instant("1999-01-01T00:00:00Z")}},
      {"b.exe", sha256("new"), std::nullopt}};
  const auto back = decode_client_manifest(encode(manifest));
  ASSERT_TRUE(back);
  EXPECT_EQ(encode(*back), encode(manifest));
  EXPECT_EQ(back->setup_phase, manifest.setup_phase);
  EXPECT_EQ(back->files[0].path, manifest.files[0].path);
  EXPECT_FALSE(back->files[1].original);
  const std::string text = encode(manifest);
  for (std::size_t i = 0; i < text.size(); ++i) {
    (void)decode_client_manifest(text.substr(0, i));
    EXPECT_FALSE(decode_site_manifest(text.substr(0, i)));
    EXPECT_FALSE(decode_force_record(text));
  }
}

}  // namespace
}  // namespace sitewide::sms
