#include <gmock/gmock.h>

#include <set>

#include "adapters/sms/client/logon_server.h"
#include "adapters/sms/client/proof.h"
#include "adapters/sms/client/steps.h"
#include "adapters/sms/site/steps.h"
#include "tests/adapters/sms_world.h"

namespace sitewide::sms {
namespace {

using Kind = Answer::Kind;
using testing::StartsWith;

class SmsClient : public SmsWorld {
 protected:
  std::filesystem::path file() const { return client_root / "MS/SMS/BIN/pcmwin32.exe"; }
  Answer poll() { return run(converge, work(Step::converge, Purpose::poll)); }
  void finish() {
    write(file(), hotfix);
    write_ini("INSTALLED");
  }
};

// --- where things lie ---

TEST_F(SmsClient, IniInTheWindowsFolder_IsFound) {
  std::filesystem::create_directories(client_root / "WINNT");
  std::filesystem::rename(client_root / "Sms.ini", client_root / "WINNT" / "SMS.INI");
  write(client_root / "WIN386.SWP", "a file, no folder");
  FolderFiles files(client_root.string());
  const auto client = read_client_state(files);
  ASSERT_TRUE(client && *client);
  EXPECT_EQ((*client)->ini_path, "WINNT/Sms.ini");
  EXPECT_EQ((*client)->phase, SetupPhase::installed);
  EXPECT_EQ((*client)->os, "nt");
}

TEST(SmsPaths, BelowDriveC) {
  EXPECT_EQ(*path_below_drive_c("C:\\MS\\SMS\\BIN"), "MS/SMS/BIN");
  EXPECT_EQ(*path_below_drive_c("c:/ms//sms/./bin/"), "ms/sms/bin");
  for (const char* bad :
       {"D:\\MS", "\\\\evil\\share", "C:\\..\\x", "C:\\a:stream", "C:\\a\x1b[2J", "..", "1:\\x"}) {
    const auto path = path_below_drive_c(bad);
    ASSERT_FALSE(path) << bad;
    EXPECT_EQ(path.error().kind, ErrorKind::refused) << bad;
  }
}

TEST(SmsPaths, FoldersOfSmsIni) {
  const ClientState client = client_state_from(
      "Sms.ini",
      "[SMS]\nSMSPath=C:\\MS\\SMS\\\nSMSBinPath=C:\\Other\\Bin\nLocalWindowsPath=C:\\WINNT\n");
  EXPECT_EQ(*path_on_client(client, "{sms_bin}/Pcmwin32.exe", {}), "Other/Bin/Pcmwin32.exe");
  EXPECT_EQ(*path_on_client(client, "{sms_log}/x.log", {}), "MS/SMS/LOGS/x.log");
  EXPECT_EQ(*path_on_client(client, "{windows}/System/x.vxd", {}), "WINNT/System/x.vxd");
  EXPECT_EQ(*path_on_client(client, "Fixed/x", {}), "Fixed/x");
  EXPECT_EQ(*path_on_client(client, "{client.tools}/x", {{"client.tools", "C:\\Tools"}}),
            "Tools/x");
  EXPECT_FALSE(path_on_client(client, "{nothing}/x", {}));
  EXPECT_FALSE(path_on_client(client, "{sms_bin", {}));
}

TEST(SmsLogonServer, TheOneOfSmsIni_ElseAStableOne) {
  Site site;
  site.logon_servers = {{"S768AA0", "a"}, {"S768AA1", "b"}, {"S768AA2", "c"}};
  const auto pick = [&site](const char* ini, const char* client) {
    return logon_server_of(site, SmsIni(ini), client);
  };
  EXPECT_EQ(pick("[SMS]\nLastLogonServerPath=\\\\s768aa2\\SMS_SHR\n", "pc001"), 2u);
  EXPECT_EQ(pick("[Servers]\nCurrentLogonServer=S768AA1\n", "pc001"), 1u);
  EXPECT_EQ(pick("[SMS]\nLastLogonServerPath=\\\\OTHER\\SMS_SHR\n", "pc001"), pick("", "PC001"));
  std::set<std::size_t> used;
  for (int i = 0; i < 50; ++i) used.insert(pick("", ("pc" + std::to_string(i)).c_str()));
  EXPECT_EQ(used.size(), 3u);
}

// --- inspect ---

TEST_F(SmsClient, InspectOfAnOldClient_IsNotOnTargetAndTellsFacts) {
  const Answer answer = run(inspect, work(Step::inspect));
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_FALSE(answer.outcome.on_target);
  EXPECT_EQ(answer.outcome.facts.at("setup_phase"), "INSTALLED");
  EXPECT_EQ(answer.outcome.facts.at("copy_list_version"), "100");
  EXPECT_EQ(answer.outcome.facts.at("sms_bin"), "C:\\MS\\SMS\\BIN");
}

TEST_F(SmsClient, InspectOfACurrentClient_IsOnTarget) {
  finish();
  EXPECT_TRUE(run(inspect, work(Step::inspect)).outcome.on_target);
}

TEST_F(SmsClient, InspectWithoutSmsIni_IsRefused) {
  std::filesystem::remove(client_root / "Sms.ini");
  const Answer answer = run(inspect, work(Step::inspect));
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_EQ(answer.outcome.reason, "no Sms.ini: not an SMS client");
}

TEST_F(SmsClient, InspectOfAClientThatLeavesSms_IsRefused) {
  write_ini("deinstal");
  EXPECT_TRUE(is_done(run(inspect, work(Step::inspect)), OutcomeKind::refused));
}

TEST_F(SmsClient, InspectOfAClientThatIsOff_IsUnreachable) {
  std::filesystem::remove_all(client_root);
  EXPECT_TRUE(is_done(run(inspect, work(Step::inspect)), OutcomeKind::unreachable));
}

TEST_F(SmsClient, InspectOfAnotherOperatingSystem_IsRefused) {
  Work other = work(Step::inspect);
  other.operation.client.os = "win95";
  EXPECT_TRUE(says(run(inspect, other), "Sms.ini says nt, the inventory win95"));
}

TEST_F(SmsClient, InspectWithoutAFileForTheClient_IsRefusedNotOnTarget) {
  Work none = work(Step::inspect);
  none.operation.files.clear();
  const Answer answer = run(inspect, none);
  ASSERT_TRUE(is_done(answer, OutcomeKind::refused));
  EXPECT_FALSE(answer.outcome.on_target);
}

TEST_F(SmsClient, InspectOfAFolderOnAnotherDrive_IsRefused) {
  write_ini("INSTALLED");
  std::string text = read(client_root / "Sms.ini");
  text.replace(text.find("SMSBinPath=C"), 12, "SMSBinPath=D");
  write(client_root / "Sms.ini", text);
  EXPECT_TRUE(is_done(run(inspect, work(Step::inspect)), OutcomeKind::refused));
}

TEST_F(SmsClient, InspectOfAHostileSmsIni_IsEscapedAndBounded) {
  write(client_root / "Sms.ini", ini_text("\x1b]0;owned\x07" + std::string(5000, 'A')));
  const Answer answer = run(inspect, work(Step::inspect));
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(answer.outcome.facts.at("setup_phase").find('\x1b'), std::string::npos);
  EXPECT_LT(answer.outcome.facts.at("setup_phase").size(), 300u);
}

TEST_F(SmsClient, InspectOfAnEndlessSmsIni_Fails) {
  write(client_root / "Sms.ini", std::string(kMostTextBytes + 1, '\0'));
  EXPECT_TRUE(is_done(run(inspect, work(Step::inspect)), OutcomeKind::failed));
}

// --- back_up ---

TEST_F(SmsClient, BackUp_KeepsBytesAndSetupPhaseOnce) {
  ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
  const auto manifest = decode_client_manifest(originals.manifests.at("client/pc001"));
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->setup_phase, "INSTALLED");
  EXPECT_EQ(manifest->copy_list_version, "100");
  EXPECT_EQ(originals.blobs.at(manifest->ini_digest), ini_text("INSTALLED"));
  ASSERT_EQ(manifest->files.size(), 1u);
  EXPECT_EQ(manifest->files[0].path, "MS/SMS/BIN/Pcmwin32.exe");
  EXPECT_EQ(originals.blobs.at(manifest->files[0].original->digest), old);
  finish();
  ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
  EXPECT_EQ(encode(*manifest), originals.manifests.at("client/pc001"));
}

TEST_F(SmsClient, BackUp_RecordsAbsence) {
  std::filesystem::remove(file());
  ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
  const auto manifest = decode_client_manifest(originals.manifests.at("client/pc001"));
  EXPECT_FALSE(manifest->files.at(0).original);
}

TEST_F(SmsClient, BackUpInDoubt_IsReadFromTheStore) {
  EXPECT_TRUE(is(run(back_up, work(Step::back_up, Purpose::recover)), Kind::no_effect));
  ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
  EXPECT_TRUE(run(back_up, work(Step::back_up, Purpose::recover)).outcome.recovered);
}

// --- converge: each part of the DONE predicate, alone ---

TEST_F(SmsClient, Converge_HoldsWhenEverythingHolds) {
  finish();
  EXPECT_TRUE(is_done(poll(), OutcomeKind::ok));
}

TEST_F(SmsClient, ConvergeWhileFlagged_WaitsForLogOn) {
  finish();
  for (const char* phase : {"UPGRADE", "verify_files", "verifying_files"}) {
    write_ini(phase);
    const Answer answer = poll();
    ASSERT_TRUE(is(answer, Kind::pending)) << phase;
    EXPECT_TRUE(says(answer, std::string("waits for log-on (SetupPhase ") + phase));
  }
}

TEST_F(SmsClient, ConvergeWithInstalledAlone_ProvesNothing) {
  EXPECT_EQ(poll().outcome.reason, "file Pcmwin32.exe is still old");
  std::filesystem::remove(file());
  EXPECT_EQ(poll().outcome.reason, "file Pcmwin32.exe is missing");
}

TEST_F(SmsClient, ConvergeWithFilesNotDownloaded_NamesThem) {
  write(file(), hotfix);
  std::string text = ini_text("VERIFY_FILES");
  text.replace(text.find("FilesNotDownloaded="), 19, "FilesNotDownloaded=NWNETAPI.DLL");
  write(client_root / "Sms.ini", text);
  EXPECT_THAT(poll().outcome.reason, StartsWith("not downloaded: NWNETAPI.DLL"));
}

TEST_F(SmsClient, ConvergeWithSystemFilesNotModified_Waits) {
  finish();
  write_ini("INSTALLED", "SysFilesNotModified=WIN.INI\r\n");
  EXPECT_EQ(poll().outcome.reason, "system files not modified: WIN.INI");
}

TEST_F(SmsClient, ConvergeWithAWaitingCopy_WaitsForTheRestart) {
  finish();
  for (const char* place : {"MS/SMS/BIN/PCMWIN32.EXE$sms00$", "WINNT/Pcmwin32.exe$SMS00$"}) {
    write(client_root / place, hotfix);
    EXPECT_THAT(poll().outcome.reason, StartsWith("restart pending: Pcmwin32.exe$sms00$")) << place;
    std::filesystem::remove(client_root / place);
  }
}

TEST_F(SmsClient, ConvergeWithAnOpenConfigurationRequest_Waits) {
  finish();
  const auto request = root / "s768aa0" / "CCR.BOX" / "HQ000001.CCR";
  write(request, "x");
  EXPECT_EQ(poll().outcome.reason, "configuration request pending on S768AA0");
  std::filesystem::create_directories(root / "s768aa0" / "CCR.BOX" / "Retry");
  std::filesystem::rename(request, root / "s768aa0" / "CCR.BOX" / "Retry" / "HQ000001.CCR");
  EXPECT_THAT(poll().outcome.reason,
              StartsWith("configuration request pending on S768AA0, to be retried"));
}

TEST_F(SmsClient, ConvergeOfAWindows95Client_LooksForNoConfigurationRequest) {
  finish();
  std::string text = ini_text("INSTALLED");
  text.replace(text.find("OS=4"), 4, "OS=5");
  write(client_root / "Sms.ini", text);
  write(root / "s768aa0" / "Ccr.box" / "HQ000001.CCR", "x");
  EXPECT_TRUE(is_done(poll(), OutcomeKind::ok));
}

TEST_F(SmsClient, ConvergeOfAnIdThatIsAPath_DoesNotFollowIt) {
  finish();
  std::string text = ini_text("INSTALLED");
  text.replace(text.find("HQ000001"), 8, "..\\..\\xx");
  write(client_root / "Sms.ini", text);
  EXPECT_TRUE(says(poll(), "no usable SMS Unique ID"));
}

TEST_F(SmsClient, ConvergeAfterAForce_AlsoNeedsTheCopyList) {
  finish();
  write(root / "s768aa1" / "Cl_nt.txt", "CopyListVersion=101\n");
  EXPECT_TRUE(is_done(poll(), OutcomeKind::ok));
  Work forced = work(Step::converge, Purpose::poll);
  forced.operation.forced = true;
  EXPECT_EQ(run(converge, forced).outcome.reason, "copy list not taken yet (Cl_nt.txt of S768AA1)");
  std::string text = ini_text("INSTALLED");
  text.replace(text.find("=100"), 4, "=101");
  write(client_root / "Sms.ini", text);
  EXPECT_TRUE(is_done(run(converge, forced), OutcomeKind::ok));
}

TEST_F(SmsClient, ConvergeWhileAComponentRuns_NamesIt) {
  ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
  write_ini("UPGRADE");
  const auto log = client_root / "MS/SMS/LOGS/CLI_NT.LOG";
  write(log,
        "Client executable active: C:\\MS\\SMS\\BIN\\PCMSVC32.EXE\r\nWarning: Client component in "
        "use.\r\n",
        "2026-03-01T09:59:00Z");
  EXPECT_TRUE(says(poll(), "waits for log-on"));  // the line is older than the back-up
  set_time(log, instant("2026-03-01T10:01:00Z"));
  EXPECT_TRUE(says(poll(), "component in use: C:\\\\MS") ||
              says(poll(), "component in use: C:\\MS"));
}

TEST_F(SmsClient, ConvergeOfAClientThatIsOff_CouldNotLook) {
  std::filesystem::remove_all(client_root);
  const Answer answer = poll();
  ASSERT_TRUE(is(answer, Kind::in_doubt));
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::unreachable);
}

TEST_F(SmsClient, ConvergeOfAClientThatLeftSms_Fails) {
  write_ini("DEINSTALL");
  EXPECT_TRUE(is_done(poll(), OutcomeKind::failed));
  std::filesystem::remove(client_root / "Sms.ini");
  EXPECT_TRUE(is_done(poll(), OutcomeKind::failed));
}

TEST_F(SmsClient, ConvergeWhileSmsIniIsBeingWritten_Waits) {
  write(client_root / "Sms.ini", "");
  const Answer answer = poll();
  EXPECT_NE(answer.kind, Kind::done) << answer.outcome.reason;
}

TEST(SmsProof, TwoThingsAtMostAreNamed) {
  Sight sight;
  sight.phase = SetupPhase::installed;
  for (const char* name : {"a", "b", "c"}) {
    FileSight file;
    file.name = name;
    file.content = FileSight::Content::wrong;
    sight.files.push_back(file);
  }
  EXPECT_EQ(what_is_missing(sight), "file a is still old; file b is still old");
}

TEST(SmsProof, EveryPhaseButInstalledKeepsTheClientWaiting) {
  for (const SetupPhase phase :
       {SetupPhase::none, SetupPhase::upgrade, SetupPhase::verify_files,
        SetupPhase::component_deinstall, SetupPhase::deinstall, SetupPhase::other}) {
    Sight sight;
    sight.phase = phase;
    sight.phase_shown = "X";
    EXPECT_NE(what_is_missing(sight), "");
  }
}

TEST(SmsProof, ExecutableInUse_IsThatOfTheLastRun) {
  EXPECT_EQ(executable_in_use("Reading configuration...\nClient executable active: A.EXE\n"),
            "A.EXE");
  EXPECT_EQ(executable_in_use("Client executable active: A.EXE\nReading configuration...\n"), "");
  EXPECT_EQ(executable_in_use(""), "");
}

// --- converge on the originals ---

// --- health ---

TEST_F(SmsClient, PcmHealth_FollowsTheLog) {
  const auto look = [this] {
    Work health = work(Step::health, Purpose::poll);
    health.operation.values["proven_at"] = "2026-03-01T08:00:00Z";
    return run(pcm_health, health);
  };
  EXPECT_EQ(look().outcome.reason, "no Pcmwin.log yet");
  const auto log = client_root / "MS/SMS/LOGS/PCMWIN.LOG";
  const auto lines = [](const char* from, const char* to) {
    return std::string("[") + from +
           "] Package Command Manager ==> Looking for instruction file: x\r\n[" + to +
           "] Package Command Manager ==> Packages after filter: 1\r\n";
  };
  write(log, lines("02/01/26 09:00:00", "02/01/26 09:00:50"));
  EXPECT_TRUE(is(look(), Kind::pending));
  write(log, lines("02/28/26 09:00:00", "02/28/26 09:00:50") +
                 lines("03/02/26 00:00:00", "03/02/26 00:00:01"));
  EXPECT_TRUE(is_done(look(), OutcomeKind::ok));
  write(log, lines("03/02/26 00:00:00", "03/02/26 00:00:50"));
  const Answer slow = look();
  ASSERT_TRUE(is_done(slow, OutcomeKind::failed));
  EXPECT_TRUE(says(slow, "50s"));
}

}  // namespace
}  // namespace sitewide::sms
