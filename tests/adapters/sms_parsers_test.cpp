#include <gtest/gtest.h>

#include <random>
#include <string>

#include "adapters/sms/client/pcm_log.h"
#include "adapters/sms/client/setup_phase.h"
#include "adapters/sms/copy_list.h"
#include "adapters/sms/maintenance_manager.h"
#include "adapters/sms/site/system_map.h"

namespace sitewide::sms {
namespace {

LocalTime at(const char* text) { return parse_timestamp(text).value(); }

TEST(SetupPhase, SynonymsOfTheArticles_AreOnePhase) {
  EXPECT_EQ(setup_phase_from("INSTALLED"), SetupPhase::installed);
  EXPECT_EQ(setup_phase_from(" upgrade "), SetupPhase::upgrade);
  EXPECT_EQ(setup_phase_from("VERIFY_FILES"), SetupPhase::verify_files);
  EXPECT_EQ(setup_phase_from("verifying_files"), SetupPhase::verify_files);
  EXPECT_EQ(setup_phase_from("deinstal"), SetupPhase::deinstall);
  EXPECT_EQ(setup_phase_from("DEINSTALL"), SetupPhase::deinstall);
  EXPECT_EQ(setup_phase_from("COMPONENT_DEINSTALL"), SetupPhase::component_deinstall);
  EXPECT_EQ(setup_phase_from(""), SetupPhase::none);
  EXPECT_EQ(setup_phase_from("INSTALLED2"), SetupPhase::other);
}

TEST(CopyList, Version_IsFoundWhereverTheLineStands) {
  EXPECT_EQ(copy_list_version("[SMS]\r\n  CopyListVersion = 835643765\r\nx"), "835643765");
  EXPECT_EQ(copy_list_version("copylistversion=1"), "1");
  EXPECT_EQ(copy_list_version("CopyListVersion 12\n"), "12");
  EXPECT_EQ(copy_list_version("\"CopyListVersion\" = \"12\"\n"), "12");
}

TEST(CopyList, NoVersion_IsNothing) {
  EXPECT_EQ(copy_list_version(""), std::nullopt);
  EXPECT_EQ(copy_list_version("CopyListVersion=\n"), std::nullopt);
  EXPECT_EQ(copy_list_version("CopyListVersion\n"), std::nullopt);
  EXPECT_EQ(copy_list_version("CopyListVersions=1\n"), std::nullopt);
  EXPECT_EQ(copy_list_version("OldCopyListVersion=1\n"), std::nullopt);
  EXPECT_EQ(copy_list_version("CopyListVersion=123456789012345678901\n"), std::nullopt);
  EXPECT_EQ(copy_list_version(std::string(1 << 20, '\0')), std::nullopt);
}

TEST(CopyList, Names_FollowTheOperatingSystem) {
  ASSERT_EQ(copy_lists_of("nt").size(), 1u);
  EXPECT_EQ(copy_lists_of("NT")[0], "Cl_nt.txt");
  ASSERT_EQ(copy_lists_of("win95").size(), 2u);
  EXPECT_EQ(copy_lists_of("win95")[0], "Cl_w95.txt");
  EXPECT_EQ(copy_lists_of("win95")[1], "Cl_win95.txt");
  EXPECT_TRUE(copy_lists_of("vms").empty());
  EXPECT_EQ(os_from_number("4"), "nt");
  EXPECT_EQ(os_from_number("5"), "win95");
  EXPECT_EQ(os_from_number("6"), "");
  EXPECT_EQ(os_from_number("44"), "");
}

constexpr const char* kMap = R"(PLATFORMS
BEGIN
  "INTEL X86", "DEC ALPHA"
END
DIRECTORY "SITE.SRV\MAINCFG.BOX\CLIENT.SRC\X86.BIN"
PLATFORM "INTEL X86" LANGUAGE "" SOURCE "X86\INTNL" FLAGS = 10
UNIT = "INTEL CLIENT"
BEGIN
   "PCMWIN32.EXE", SIZE(1, 463264, 463264), "PCMWIN32.EXE", "PCMWIN32.EX_", REMOTE=YES,
       COPYLISTS("WINNT:PCM" = "SMS",
                 "WIN95:PCM" = "SMS"), COMPRESS=NO, FLAGS = 5
   "SMSSVR32.EXE", SIZE(1, 1, 1), "SMSSVR32.EXE", "SMSSVR32.EX_", REMOTE=YES, COMPRESS=NO, FLAGS = 5
END
DIRECTORY "SITE.SRV\MAINCFG.BOX\CLIENT.SRC\X86.BIN\00000409"
PLATFORM "INTEL X86" LANGUAGE "ENGLISH" SOURCE "X86\ENGLISH" FLAGS = 10
UNIT = "INTEL CLIENT"
BEGIN
   "_WUSER.DLL", SIZE(1, 1, 1), "_WUSER.DLL", "_WUSER.DL_", COPYLISTS("WIN95:REMOTE_CONTROL" = "SMS"), FLAGS = 1
END
)";

TEST(SystemMap, Blocks_HoldEntriesWithTheirCopyLists) {
  const SystemMap map = parse_system_map(kMap);
  ASSERT_EQ(map.blocks.size(), 2u);
  const MapBlock& x86 = map.blocks[0];
  EXPECT_EQ(x86.directory, "SITE.SRV\\MAINCFG.BOX\\CLIENT.SRC\\X86.BIN");
  EXPECT_EQ(x86.platform, "INTEL X86");
  EXPECT_EQ(x86.language, "");
  ASSERT_EQ(x86.entries.size(), 2u);
  EXPECT_EQ(x86.entries[0].name, "PCMWIN32.EXE");
  EXPECT_EQ(x86.entries[0].copy_lists, (std::vector<std::string>{"WINNT:PCM", "WIN95:PCM"}));
  EXPECT_EQ(x86.entries[1].name, "SMSSVR32.EXE");
  EXPECT_TRUE(x86.entries[1].copy_lists.empty());
  EXPECT_EQ(map.blocks[1].language, "ENGLISH");
}

TEST(SystemMap, FileInNoCopyList_NeverReachesClients) {
  const SystemMap map = parse_system_map(kMap);
  const std::string folder = "Site.srv/Maincfg.box/Client.src/";
  EXPECT_EQ(delivery_of(map, folder + "X86.bin/Pcmwin32.exe"), Delivery::listed);
  EXPECT_EQ(delivery_of(map, folder + "X86.bin/95getdsk.exe"), Delivery::unlisted);
  EXPECT_EQ(delivery_of(map, folder + "X86.bin/Smssvr32.exe"), Delivery::unlisted);
  EXPECT_EQ(delivery_of(map, folder + "X86.bin\\00000409\\_wuser.dll"), Delivery::listed);
  EXPECT_EQ(delivery_of(map, folder + "Alpha.bin/Pcmwin32.exe"), Delivery::unknown);
  EXPECT_EQ(delivery_of(map, "Pcmwin32.exe"), Delivery::unknown);
}

TEST(SystemMap, DamagedText_KeepsWhatCanBeRead) {
  EXPECT_TRUE(parse_system_map("DIRECTORY").blocks.empty());
  EXPECT_TRUE(parse_system_map("DIRECTORY \"a\" DIRECTORY \"b\"").blocks.empty());
  const SystemMap open =
      parse_system_map("DIRECTORY \"A\\B\nBEGIN \"x.exe\", SIZE(1,1,1), COPYLISTS(\"a:b");
  ASSERT_EQ(open.blocks.size(), 1u);
  EXPECT_EQ(open.blocks[0].entries.at(0).name, "x.exe");
}

TEST(SystemMap, Property_RandomTokensNeverHang) {
  std::mt19937 random(3);
  const std::vector<std::string> pieces{
      "DIRECTORY", "BEGIN", "END",  "\"a\"",     "\"",       ",",  "(",
      ")",         "=",     "SIZE", "COPYLISTS", "PLATFORM", "\n", std::string(1, '\0')};
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (auto i = random() % 40; i > 0; --i) text += pieces[random() % pieces.size()] + " ";
    (void)parse_system_map(text);
  }
}

TEST(LogTime, TwoDigitYear_TakesTheNearestCentury) {
  EXPECT_EQ(parse_client_stamp("06/22/99 10:39:28", at("1999-06-01T00:00:00Z")),
            at("1999-06-22T10:39:28Z"));
  EXPECT_EQ(parse_client_stamp("01/02/00 00:00:00", at("1999-12-31T00:00:00Z")),
            at("2000-01-02T00:00:00Z"));
  EXPECT_EQ(parse_client_stamp("12/31/99 23:59:59", at("2000-01-01T00:00:00Z")),
            at("1999-12-31T23:59:59Z"));
  EXPECT_EQ(parse_client_stamp("02/29/00 00:00:00", at("2001-01-01T00:00:00Z")),
            at("2000-02-29T00:00:00Z"));
  EXPECT_EQ(parse_client_stamp("13/01/99 10:39:28", at("1999-06-01T00:00:00Z")), std::nullopt);
  EXPECT_EQ(parse_client_stamp("06/22/99 24:39:28", at("1999-06-01T00:00:00Z")), std::nullopt);
  EXPECT_EQ(parse_client_stamp("06/22/99", at("1999-06-01T00:00:00Z")), std::nullopt);
}

TEST(LogTime, ServerStamp_IsReadWithAPaddedDay) {
  EXPECT_EQ(parse_server_stamp("Tue Nov 10 17:56:25 1998"), at("1998-11-10T17:56:25Z"));
  EXPECT_EQ(parse_server_stamp("Fri Feb  6 10:43:33 1998"), at("1998-02-06T10:43:33Z"));
  EXPECT_EQ(parse_server_stamp("Fri Feb 30 10:43:33 1998"), std::nullopt);
  EXPECT_EQ(parse_server_stamp("Fri Foo 06 10:43:33 1998"), std::nullopt);
}

constexpr const char* kSlow =
    "[06/22/99 10:39:20] Package Command Manager ==> Polling .....\r\n"
    "[06/22/99 10:39:28] Package Command Manager ==> Looking for instruction file: "
    "\\\\S\\SMS_SHR\\pcmins.box\\7.INS\r\n"
    "[06/22/99 10:40:18] Package Command Manager ==> Packages after filter: 1\r\n";
constexpr const char* kFast =
    "[06/22/99 11:39:28] Package Command Manager ==> looking for instruction file: x\n"
    "[06/22/99 11:39:29] Package Command Manager => Packages after filter: 1\n";
const LocalTime kNow = at("1999-06-22T12:00:00Z");

TEST(PcmLog, GapOfFiftySeconds_IsSlow) {
  const PcmVerdict verdict = judge_pcm_log(kSlow, std::nullopt, kNow);
  EXPECT_EQ(verdict.kind, PcmVerdict::Kind::slow);
  EXPECT_EQ(verdict.longest, std::chrono::seconds(50));
}

TEST(PcmLog, OnlyLinesAfterTheGivenInstantCount) {
  const std::string text = std::string(kSlow) + kFast;
  EXPECT_EQ(judge_pcm_log(text, std::nullopt, kNow).kind, PcmVerdict::Kind::slow);
  EXPECT_EQ(judge_pcm_log(text, at("1999-06-22T10:39:28Z"), kNow).kind, PcmVerdict::Kind::healthy);
  EXPECT_EQ(judge_pcm_log(text, at("1999-06-22T11:39:28Z"), kNow).kind,
            PcmVerdict::Kind::inconclusive);
}

TEST(PcmLog, GapLimit_IsFortyFiveSeconds) {
  const std::string head = "[06/22/99 10:00:00] PCM ==> Looking for instruction file: x\n";
  EXPECT_EQ(judge_pcm_log(head + "[06/22/99 10:00:44] PCM ==> x\n", std::nullopt, kNow).kind,
            PcmVerdict::Kind::healthy);
  EXPECT_EQ(judge_pcm_log(head + "[06/22/99 10:00:45] PCM ==> x\n", std::nullopt, kNow).kind,
            PcmVerdict::Kind::slow);
}

TEST(PcmLog, LookUpWithoutANextLine_IsInconclusive) {
  EXPECT_EQ(judge_pcm_log("[06/22/99 10:00:00] PCM ==> Looking for instruction file: x\n",
                          std::nullopt, kNow)
                .kind,
            PcmVerdict::Kind::inconclusive);
}

TEST(PcmLog, MissingStamps_AreNotGuessed) {
  const std::string looking = "[06/22/99 10:00:00] PCM ==> Looking for instruction file: x\n";
  EXPECT_EQ(
      judge_pcm_log("PCM ==> Looking for instruction file: x\n[06/22/99 10:01:00] PCM ==> y\n",
                    std::nullopt, kNow)
          .kind,
      PcmVerdict::Kind::inconclusive);
  EXPECT_EQ(
      judge_pcm_log(looking + "PCM ==> y\n[06/22/99 10:05:00] PCM ==> z\n", std::nullopt, kNow)
          .kind,
      PcmVerdict::Kind::inconclusive);
  EXPECT_EQ(
      judge_pcm_log(looking + "PCM ==> y\n[06/22/99 10:00:05] PCM ==> z\n", std::nullopt, kNow)
          .kind,
      PcmVerdict::Kind::healthy);
}

TEST(PcmLog, ClockThatRanBackOrAhead_DoesNotCount) {
  const std::string back =
      "[06/22/99 10:00:00] PCM ==> Looking for instruction file: x\n[06/22/99 09:00:00] PCM ==> "
      "y\n";
  const std::string ahead =
      "[06/29/99 10:00:00] PCM ==> Looking for instruction file: x\n[06/29/99 10:01:00] PCM ==> "
      "y\n";
  EXPECT_EQ(judge_pcm_log(back, std::nullopt, kNow).kind, PcmVerdict::Kind::inconclusive);
  EXPECT_EQ(judge_pcm_log(ahead, std::nullopt, kNow).kind, PcmVerdict::Kind::inconclusive);
}

TEST(PcmLog, LineForms_OfTheArticles) {
  const auto line = parse_client_log_line(
      "  [04/15/97 14:32:28] C:\\MS\\SMS\\BIN\\SMSRUN16.EXE ==> Starting execution", kNow);
  ASSERT_TRUE(line);
  EXPECT_EQ(line->at, at("1997-04-15T14:32:28Z"));
  EXPECT_EQ(line->component, "C:\\MS\\SMS\\BIN\\SMSRUN16.EXE");
  EXPECT_EQ(line->text, "Starting execution");
  EXPECT_FALSE(parse_client_log_line("Client component files will not be overwritten", kNow));
  EXPECT_FALSE(parse_client_log_line("==> x", kNow));
  const auto bracket = parse_client_log_line("[PCM] y ==> x", kNow);
  ASSERT_TRUE(bracket);
  EXPECT_FALSE(bracket->at);
}

TEST(PcmLog, HostileText_IsBounded) {
  EXPECT_EQ(judge_pcm_log(std::string(8 << 20, '['), std::nullopt, kNow).kind,
            PcmVerdict::Kind::inconclusive);
  EXPECT_EQ(judge_pcm_log(std::string(1 << 20, '\0'), std::nullopt, kNow).kind,
            PcmVerdict::Kind::inconclusive);
  std::string many;
  for (int i = 0; i < 20000; ++i)
    many += "[06/22/99 10:00:00] PCM ==> Looking for instruction file\n";
  EXPECT_EQ(judge_pcm_log(many, std::nullopt, kNow).counted, 19999);
}

TEST(MaintenanceManager, LastLine_GivesTheTimeAndTheServer) {
  const auto report = read_maintenance_log(
      "~Working on logon server S768AA0  $$<SMS_MAINTENANCE_MANAGER><Fri Feb 06 10:43:30 "
      "1998~><thread=12D>\r\n"
      "done~   $$<SMS_MAINTENANCE_MANAGER><Fri Feb 06 10:43:33 1998~><thread=12D>\r\n"
      "not a line\r\n");
  EXPECT_EQ(report.last_line, at("1998-02-06T10:43:33Z"));
  EXPECT_EQ(report.last_server, "S768AA0");
  EXPECT_TRUE(report.trouble.empty());
}

TEST(MaintenanceManager, FailedDiskCheck_IsTroubleUntilTheServerIsTakenUpAnew) {
  const std::string a = "~Working on logon server A $$<M><Fri Feb 06 10:43:30 1998~><thread=1>\n";
  const std::string b = "~Working on logon server B $$<M><Fri Feb 06 10:43:31 1998~><thread=1>\n";
  const std::string full =
      "~Free disk space check failed (error 144), skipping... $$<M><Fri Feb 06 10:43:33 "
      "1998~><thread=1>\n";
  const std::string trouble = read_maintenance_log(a + full + b).trouble;
  EXPECT_NE(trouble.find("for A"), std::string::npos) << trouble;
  EXPECT_NE(trouble.find("error 144"), std::string::npos) << trouble;
  EXPECT_TRUE(read_maintenance_log(a + full + b + a).trouble.empty());
}

TEST(MaintenanceManager, LineForms_WithParenthesesToo) {
  const auto line = parse_server_log_line("x~ $$(SMS_M)(Tue Nov 10 17:56:25 1998~)(thread=326)");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->text, "x");
  EXPECT_EQ(line->component, "SMS_M");
  EXPECT_FALSE(parse_server_log_line("x $$<SMS_M><never><thread=1>"));
  EXPECT_FALSE(parse_server_log_line("x $$<SMS_M"));
  EXPECT_FALSE(read_maintenance_log(std::string(1 << 20, '$')).last_line);
}

TEST(MaintenanceManager, HostileServerName_IsEscaped) {
  const auto report = read_maintenance_log(
      "Working on logon server \x1b[2J $$<M><Fri Feb 06 10:43:33 1998~><thread=1>\n");
  EXPECT_EQ(report.last_server.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace sitewide::sms
