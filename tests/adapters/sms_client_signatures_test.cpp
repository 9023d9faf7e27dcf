// Signatures that a client and its logon server show: told with the evidence, silent without.
#include "adapters/sms/client/configuration_request.h"
#include "adapters/sms/client/signatures.h"
#include "tests/adapters/sms_signature_world.h"

namespace sitewide::sms {

using testing::HasSubstr;
using testing::Not;
using World = SignatureWorld;

namespace {

void flagged(World& world) { world.write_ini("UPGRADE"); }
void upgraded(World& world) {
  world.write(world.client_file(), world.hotfix);
  world.write_ini("INSTALLED");
}
void not_yet(World& world) { world.write_ini("INSTALLED"); }
void missing_a_file(World& world) {
  world.change_ini("VERIFY_FILES", "FilesNotDownloaded=", "FilesNotDownloaded=NWNETAPI.DLL");
}
std::string converging(World& world) { return world.converging(); }

constexpr const char* kRequest =
    "[NT Client Configuration Request]\r\nMachine Name=PC001\r\n[Request Processing]\r\n"
    "Last Error Code=";

void open_request_with(World& world, const std::string& folder, const std::string& error) {
  world.write(world.on_server(folder + "/HQ000001.CCR"), kRequest + error + "\r\n");
}

std::vector<SignatureCase> setup_cases() {
  return {
      {Failure::component_in_use, "component in use: PCMWIN32.EXE", flagged,
       [](World& w) { w.setup_log("Client executable active: PCMWIN32.EXE\r\n"); }, converging},
      {Failure::restart_pending, "restart pending: Pcmwin32.exe$sms00$", upgraded,
       [](World& w) { w.write(w.client_root / "WINNT/Pcmwin32.exe$sms00$", "x"); }, converging},
      {Failure::file_missing, "not downloaded: NWNETAPI.DLL, which S768AA1 has not", not_yet,
       missing_a_file, converging},
      {Failure::cut_short, "not downloaded: NWNETAPI.DLL, which S768AA1 has", missing_a_file,
       [](World& w) { w.write(w.on_server("x86.bin/nwnetapi.dll"), "x"); }, converging},
      {Failure::endless_restarts, "Runsms.bat of S768AA1 verifies at every log-on (/f)", flagged,
       [](World& w) { w.write(w.on_server("RUNSMS.BAT"), "%1\\x86.bin\\cli_nt /f\r\n"); },
       converging},
      {Failure::other_system, "another operating system", flagged,
       [](World& w) { w.setup_log("A different OS was detected than that under which\r\n"); },
       converging},
      {Failure::other_system, "Sms.ini says nt, the inventory win95", not_yet, [](World&) {},
       [](World& w) {
         Work work = w.work(Step::inspect);
         const bool shown = std::filesystem::exists(w.root / "shown");
         work.operation.client.os = shown ? "win95" : "nt";
         return w.told_by(w.run(inspect, work));
       }},
      {Failure::ini_locked, "Problem opening or creating SMS.INI", flagged,
       [](World& w) { w.setup_log("Problem opening or creating SMS.INI\r\n"); }, converging},
      {Failure::setup_aborted, "Client Setup stops with error 529", flagged,
       [](World& w) { w.setup_log("Starting execution\r\nERROR: 529\r\n"); }, converging},
      {Failure::setup_aborted, "Client Setup stops with error 259", flagged,
       [](World& w) { w.setup_log("Error: 259\r\n"); }, converging},
      {Failure::setup_aborted, "cannot take the UID file", flagged,
       [](World& w) { w.setup_log(std::string(30, '#') + "\r\n"); }, converging},
      {Failure::setup_aborted, "Smsid on S768AA1 holds 2 UID files", flagged,
       [](World& w) {
         w.write(w.on_server("Smsid/HQ000041.UID"), "");
         w.write(w.on_server("Smsid/HQ000050.uid"), "");
       },
       converging},
  };
}

std::vector<SignatureCase> ini_cases() {
  return {
      {Failure::windows_moved, "Sms.ini names the Windows folder WINNT, there is WINDOWS", flagged,
       [](World& w) { w.write(w.client_root / "WINDOWS/Win.ini", ""); }, converging},
      {Failure::network_type, "NetworkType is 5 in Sms.ini and 2 in Domain.ini",
       [](World& w) { w.change_ini("UPGRADE", "OS=4", "OS=4\r\nNetworkType=5"); },
       [](World& w) { w.write(w.on_server("DOMAIN.INI"), "[SMS]\r\nNetworkType=2\r\n"); },
       converging},
      {Failure::ini_blank, "Sms.ini has a blank Domain, Server1", flagged,
       [](World& w) { w.write_ini("UPGRADE", "[Servers]\r\nDomain=\r\nServer1=\r\n"); },
       converging},
      {Failure::settings_lost, "lost by the upgrade: [Sight] SyncSends=1",
       [](World& w) {
         w.write_ini("INSTALLED", "[Sight]\r\nSyncSends=1\r\n");
         w.run(back_up, w.work(Step::back_up));
         upgraded(w);
         w.write_ini("INSTALLED", "[Sight]\r\nSyncSends=1\r\n[More]\r\n");
       },
       upgraded, converging},
      {Failure::client_removed, "no Sms.ini any more", not_yet,
       [](World& w) { std::filesystem::remove(w.client_root / "Sms.ini"); }, converging},
      {Failure::client_removed, "the client is leaving SMS", not_yet,
       [](World& w) { w.write_ini("deinstal"); },
       [](World& w) { return w.told_by(w.run(inspect, w.work(Step::inspect))); }},
      {Failure::smsrun_twice, "Win.ini loads Smsrun twice", flagged,
       [](World& w) {
         w.write(
             w.client_root / "WINNT/WIN.INI",
             "[windows]\r\nLoad=C:\\MS\\SMS\\BIN\\SMSRUN16.EXE c:\\ms\\sms\\bin\\smsrun16.exe\r\n");
       },
       converging},
      {Failure::other_server, "the client logged on at ELSEWHERE, which is no logon server",
       flagged, [](World& w) { w.change_ini("UPGRADE", "S768AA1", "ELSEWHERE"); }, converging},
      {Failure::wrong_twin, "file Pcmwin32.exe is still old, though it has the hotfix's size",
       not_yet, [](World& w) { w.write(w.client_file(), std::string(w.hotfix.size(), 'x')); },
       [](World& w) {
         Work work = w.watch(Step::converge);
         work.operation.files.at(0).size = w.hotfix.size();
         return w.told_by(w.run(converge, work));
       }},
  };
}

std::vector<SignatureCase> request_cases() {
  return {
      {Failure::request_failed, "to be retried; Client Configuration Manager met error 5", upgraded,
       [](World& w) { open_request_with(w, "Ccr.box/Retry", "5"); }, converging},
      {Failure::request_failed, "error 53, its name was not found", upgraded,
       [](World& w) { open_request_with(w, "Ccr.box/Retry", "53"); }, converging},
      {Failure::request_failed, "may not administer the client",
       [](World& w) {
         upgraded(w);
         open_request_with(w, "Ccr.box", "0");
       },
       [](World& w) {
         std::filesystem::remove(w.on_server("Ccr.box/HQ000001.CCR"));
         open_request_with(w, "Ccr.box/Retry", "0");
       },
       converging},
      {Failure::request_failed, "the service account has no rights on the client",
       [](World& w) {
         upgraded(w);
         w.write(w.on_server("Ccr.box/HQ000001.CCR"), "");
         w.write(w.site_root / "Logs/Clicfg.log",
                 "ERROR: The SMS service account does not have administrative rights on machine "
                 "\"PC002\" for request \"HQ000002\".\r\n");
       },
       [](World& w) {
         w.write(w.site_root / "Logs/Clicfg.log",
                 "ERROR: The SMS service account does not have administrative rights on machine "
                 "\"PC001\" for request \"HQ000001\".\r\n");
         open_request_with(w, "Ccr.box/Retry", "0");
       },
       converging},
      {Failure::request_backlog, "50 configuration requests or more wait with it",
       [](World& w) {
         upgraded(w);
         open_request_with(w, "Ccr.box", "0");
         for (int i = 0; i < 48; ++i) {
           w.write(w.on_server("Ccr.box/HQ9" + std::to_string(10000 + i) + ".CCR"), "");
         }
       },
       [](World& w) { w.write(w.on_server("Ccr.box/HQ999999.CCR"), ""); }, converging},
      {Failure::cloned_id, "the request is one of TWIN, which has the same SMS Unique ID",
       [](World& w) {
         upgraded(w);
         w.change_ini("INSTALLED", "[Local]", "[Local]\r\nMachineName=pc001");
         w.write(w.on_server("Ccr.box/HQ000001.CCR"), kRequest);
       },
       [](World& w) {
         w.write(w.on_server("Ccr.box/HQ000001.CCR"),
                 "[NT Client Configuration Request]\r\nMachine Name=TWIN\r\n");
       },
       converging},
  };
}

}  // namespace

std::vector<SignatureCase> client_signature_cases() {
  std::vector<SignatureCase> cases = setup_cases();
  for (SignatureCase& one : ini_cases()) cases.push_back(std::move(one));
  for (SignatureCase& one : request_cases()) cases.push_back(std::move(one));
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Client, SmsSignature, testing::ValuesIn(client_signature_cases()),
                         name_of_case);

TEST_P(SmsSignature, IsToldWithItsEvidence_AndNotWithout) {
  const SignatureCase& one = GetParam();
  const std::string id = "(" + id_of(one.failure) + ", ";
  one.prepare(*this);
  EXPECT_THAT(one.look(*this), Not(HasSubstr(id)));
  one.show(*this);
  write(root / "shown", "");
  const std::string words = one.look(*this);
  EXPECT_THAT(words, HasSubstr(one.words));
  EXPECT_THAT(words, HasSubstr(id));
  EXPECT_LE(words.size(), 500U + std::string("…").size());
}

class SmsClue : public SignatureWorld {};

TEST_F(SmsClue, OfTheSameState_IsNotLookedForAgainWithinTheHour) {
  Work work = watch(Step::converge);
  work.operation.key = "q-1.client.pc001.converge.1";
  work.operation.action.deadline = now + std::chrono::hours(8);
  work.recall = std::make_shared<Recall>();
  write_ini("UPGRADE");
  EXPECT_THAT(told_by(run(converge, work)), Not(HasSubstr("F25")));
  write(on_server("Smsid/HQ000041.UID"), "");
  write(on_server("Smsid/HQ000050.UID"), "");
  EXPECT_THAT(told_by(run(converge, work)), Not(HasSubstr("F25")));
  work.now += std::chrono::hours(1);
  EXPECT_THAT(told_by(run(converge, work)), HasSubstr("F25"));
}

TEST_F(SmsClue, OfAnotherStateOrAtTheDeadline_IsLookedForAtOnce) {
  Work work = watch(Step::converge);
  work.operation.key = "q-1.client.pc001.converge.1";
  work.operation.action.deadline = now + std::chrono::hours(8);
  work.recall = std::make_shared<Recall>();
  write_ini("UPGRADE");
  run(converge, work);
  write(on_server("Smsid/HQ000041.UID"), "");
  write(on_server("Smsid/HQ000050.UID"), "");
  Work last = work;
  last.operation.action.deadline = now;
  EXPECT_THAT(told_by(run(converge, last)), HasSubstr("F25"));
  std::filesystem::remove(on_server("Smsid/HQ000050.UID"));
  EXPECT_THAT(told_by(run(converge, work)), HasSubstr("F25"));
  write_ini("verify_files");
  EXPECT_THAT(told_by(run(converge, work)), Not(HasSubstr("F25")));
}

TEST_F(SmsClue, OfWhatCannotBeRead_IsNothingAndChangesNoAnswer) {
  upgraded(*this);
  std::filesystem::create_directories(on_server("Domain.ini"));
  std::filesystem::create_directories(client_root / "WINNT/Win.ini");
  std::filesystem::create_directory_symlink("/etc", on_server("Smsid"));
  EXPECT_TRUE(is_done(run(converge, watch(Step::converge)), OutcomeKind::ok));
  write_ini("UPGRADE");
  EXPECT_EQ(converging(), "waits for log-on (SetupPhase UPGRADE)");
}

TEST_F(SmsClue, OfALogBehindALink_IsNotRead) {
  write(root / "elsewhere.log", "Error: 259\r\n");
  std::filesystem::create_directories(client_root / "MS/SMS/LOGS");
  std::filesystem::create_symlink(root / "elsewhere.log", client_root / "MS/SMS/LOGS/Cli_nt.log");
  upgraded(*this);
  write_ini("UPGRADE");
  EXPECT_EQ(converging(), "waits for log-on (SetupPhase UPGRADE)");
}

TEST_F(SmsClue, OfHostileNames_IsEscapedAndBounded) {
  change_ini("VERIFY_FILES",
             "FilesNotDownloaded=", "FilesNotDownloaded=..\\..\\\x1b[2J" + std::string(5000, 'A'));
  const std::string words = converging();
  EXPECT_EQ(words.find('\x1b'), std::string::npos);
  EXPECT_THAT(words, HasSubstr("not downloaded: "));
  EXPECT_LE(words.size(), 503U);
}

TEST_F(SmsClue, OfALargeLog_IsFoundAtItsEnd) {
  const std::string padding(std::size_t{1} << 20, 'x');
  setup_log("Client executable active: OLD.EXE\r\n" + padding +
            "\r\nClient executable active: NEW.EXE\r\n");
  write_ini("UPGRADE");
  EXPECT_THAT(converging(), HasSubstr("component in use: NEW.EXE"));
}

}  // namespace sitewide::sms
