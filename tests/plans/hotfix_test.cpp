// Files of a hotfix: catalogue facts, targets, and what their payloads must be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "plans/catalogue.h"
#include "plans/payload.h"
#include "tests/plans/loading.h"

namespace sitewide {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::lines_of;
using testing::load_text;
using ::testing::Not;

LoadedPlan load_hotfix(const std::string& hotfix) {
  return load_text(
      "version: 1\nname: a\nhotfix: " + hotfix +
      "\nsites: {HQ: {root: sms, logon_servers: {L1: l1}}}\ninventory: [{hosts: [pc1]}]\n"
      "transports: {shop: {type: local, root: \"c/{client.name}\", batch: [\"{batch}\"]}}\n"
      "groups: [{name: g, select: name, method: upgrade_bat}]\n");
}

TEST(Catalogue, EveryEntry_IsWellFormedAndNamedAfterItsArticle) {
  ASSERT_THAT(catalogue_articles(), ::testing::Contains("Q237690"));
  for (const std::string_view article : catalogue_articles()) {
    Problems problems;
    const CatalogueEntry entry = parse_catalogue_entry(*catalogue_text(article), problems);
    EXPECT_THAT(lines_of(problems), IsEmpty()) << article;
    EXPECT_EQ(entry.article, article);
    EXPECT_THAT(entry.title, Not(IsEmpty())) << article;
  }
  EXPECT_FALSE(find_catalogue_entry("Q1"));
}

TEST(Catalogue, Q237690_SaysWhatTheArticleSays) {
  const auto entry = find_catalogue_entry("Q237690");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->find("PCMWIN32.EXE", "x86")->file.size, 470'448U);
  EXPECT_EQ(entry->find("pcmwin32.exe", "alpha")->file.size, 1'175'312U);
  EXPECT_EQ(entry->find("pcmwin16.exe", "x86")->file.size, 454'032U);
  EXPECT_TRUE(entry->find("pcmwin16.exe", "x86")->optional);
  EXPECT_EQ(entry->find("pcmwin32.exe", "mips"), nullptr);
}

TEST(Hotfix, CatalogueAlone_FillsFilesFromThePayloadFolder) {
  const LoadedPlan loaded = load_hotfix("{id: Q237690, catalogue: Q237690, payload: hotfix}");
  ASSERT_FALSE(has_errors(loaded.problems));
  ASSERT_EQ(loaded.plan.hotfix.files.size(), 2U);
  const PlannedFile& file = loaded.plan.hotfix.files[1];
  EXPECT_EQ(file.name, "Pcmwin32.exe");
  EXPECT_EQ(file.source, "/plans/hotfix/alpha/Pcmwin32.exe");
  EXPECT_EQ(file.on_site, "Site.srv/Maincfg.box/Client.src/Alpha.bin/Pcmwin32.exe");
  EXPECT_EQ(file.on_logon_server, "Alpha.bin/Pcmwin32.exe");
  EXPECT_EQ(file.on_client, "{sms_bin}/Pcmwin32.exe");
  EXPECT_EQ(file.size, 1'175'312U);
  EXPECT_TRUE(file.or_later);
}

TEST(Hotfix, ListedFile_OverridesTheCatalogue) {
  const LoadedPlan loaded = load_hotfix(
      "{id: Q237690, catalogue: Q237690, files: [{name: PCMWIN16.EXE, platform: x86, source: p, "
      "os: [dos], size: 7}]}");
  ASSERT_FALSE(has_errors(loaded.problems));
  ASSERT_EQ(loaded.plan.hotfix.files.size(), 1U);
  const PlannedFile& file = loaded.plan.hotfix.files[0];
  EXPECT_THAT(file.os, ElementsAre("dos"));
  EXPECT_EQ(file.size, 7U);
  EXPECT_FALSE(file.or_later);
  EXPECT_EQ(format_timestamp(*file.date), "1999-06-22T13:12:00Z");
}

TEST(Hotfix, FileForLogonServersAlone_IsNotExpectedOnClients) {
  const LoadedPlan loaded =
      load_hotfix("{id: Q1, files: [{name: A.exe, platform: x86, source: a, to: [logon_server]}]}");
  ASSERT_THAT(lines_of(loaded.problems), IsEmpty());
  ASSERT_EQ(loaded.plan.hotfix.files.size(), 1U);
  const PlannedFile& file = loaded.plan.hotfix.files[0];
  EXPECT_EQ(file.on_site, "Site.srv/Maincfg.box/Client.src/X86.bin/A.exe");
  EXPECT_EQ(file.on_logon_server, "X86.bin/A.exe");
  EXPECT_EQ(file.on_client, "");
}

TEST(Hotfix, Targets_FollowPlatformLanguageAndReceiver) {
  const LoadedPlan loaded = load_hotfix(
      "{id: Q1, files: [{name: A.dll, platform: mips, source: a, to: [server]}, "
      "{name: B.dll, platform: x86, source: b, language: \"0000040C\", to: [client, server]}]}");
  ASSERT_THAT(lines_of(loaded.problems), IsEmpty());
  const auto& files = loaded.plan.hotfix.files;
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[0].on_site, "Site.srv/Mips.bin/A.dll");
  EXPECT_EQ(files[0].on_logon_server, "");
  EXPECT_EQ(files[0].on_client, "");
  EXPECT_EQ(files[1].on_logon_server, "X86.bin/0000040C/B.dll");
  EXPECT_EQ(files[2].on_site, "Site.srv/X86.bin/0000040C/B.dll");
}

TEST(Hotfix, Helper_GetsItsFilesBelowHelperSrvAlone) {
  const LoadedPlan loaded = load_hotfix(
      "{id: Q314434, files: [{name: Clicfg.exe, platform: alpha, source: a, to: [helper]}]}");
  ASSERT_THAT(lines_of(loaded.problems), IsEmpty());
  const PlannedFile& file = loaded.plan.hotfix.files.at(0);
  EXPECT_EQ(file.on_site, "Helper.srv/Alpha.bin/Clicfg.exe");
  EXPECT_EQ(file.on_logon_server, "");
  EXPECT_EQ(file.on_client, "");
}

TEST(Hotfix, NoFilesAtAll_IsAPlanOfSettings) {
  const LoadedPlan loaded = load_hotfix(
      "{id: Q1, files: [], client_steps: [{set_ini: {section: Local, key: A, value: 5000}}]}");
  ASSERT_THAT(lines_of(loaded.problems), IsEmpty());
  EXPECT_THAT(loaded.plan.hotfix.files, IsEmpty());
  ASSERT_EQ(loaded.plan.hotfix.parts.client.size(), 1U);
  EXPECT_EQ(loaded.plan.hotfix.parts.client[0].value, "5000");
}

TEST(Hotfix, FragmentsAndPrograms_LieBesideThePlan) {
  const LoadedPlan loaded = load_plan(testing::source_file("tests/plans/good/steps.yaml"));
  const Parts& parts = loaded.plan.hotfix.parts;
  const std::string folder = testing::source_file("tests/plans/good");
  ASSERT_EQ(parts.site.size(), 6U);
  EXPECT_EQ(parts.site[1].path, "Site.srv/X86.bin/Invproc.dll");
  EXPECT_EQ(parts.site[4].run.run[0], folder + "/rservice");
  EXPECT_EQ(parts.site[4].run.undo[0], "rservice");
  EXPECT_EQ(parts.site[4].run.within, std::chrono::hours(1));
  ASSERT_EQ(parts.map.size(), 3U);
  EXPECT_EQ(parts.map[0].size, 118'960U);
  EXPECT_EQ(parts.map[1].language, "ENGLISH");
  EXPECT_EQ(parts.map[2].fragment, folder + "/hotfix/x86/System.ma_");
  EXPECT_EQ(loaded.plan.sites[0].services.within, std::chrono::minutes(2));
  EXPECT_EQ(loaded.plan.sites[0].services.stop[0], folder + "/sc");
}

TEST(Catalogue, Steps_AreReadAndCheckedAsInAPlan) {
  const std::string head =
      "article: Q237690\ntitle: a\nproduct: b\nmethods: [site_wide]\n"
      "files: [{name: A.exe, platform: x86, size: 1}]\n";
  Problems problems;
  const CatalogueEntry entry = parse_catalogue_entry(
      head +
          "site_steps: [{stop_service: [S]}, {copy: {}}, {start_service: [S]}]\n"
          "client_steps: [{set_ini: {section: a, key: b, value: c}}]\n",
      problems);
  EXPECT_THAT(lines_of(problems), IsEmpty());
  EXPECT_EQ(entry.parts.site.size(), 3U);
  EXPECT_EQ(entry.parts.client.size(), 1U);
  parse_catalogue_entry(head + "site_steps: [{stop_service: [S]}, {copy: {}}]\n", problems);
  EXPECT_THAT(lines_of(problems), ElementsAre("6:14 nothing starts S again"));
}

/// A program's head: MZ, a header of `signature`, PE machine and time stamp.
std::string program(std::string_view signature, std::uint16_t machine = 0,
                    std::uint32_t built = 0) {
  std::string bytes(0x100, '\0');
  bytes.replace(0, 2, "MZ");
  bytes[0x3c] = '\x80';
  bytes.replace(0x80, signature.size(), signature);
  bytes[0x84] = static_cast<char>(machine & 0xFF);
  bytes[0x85] = static_cast<char>(machine >> 8);
  for (std::size_t i = 0; i < 4; ++i) bytes[0x88 + i] = static_cast<char>(built >> (8 * i));
  return bytes;
}
std::string pe(std::uint16_t machine, std::uint32_t built = 0) {
  return program({"PE\0\0", 4}, machine, built);
}

constexpr std::uint32_t kJune22 = 930'057'120;  // 1999-06-22T13:12:00Z

class PayloadTest : public ::testing::Test {
 protected:
  PayloadTest() {
    path_ = std::filesystem::path(::testing::TempDir()) /
            ("sitewide_payload_" +
             std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    file_.name = "A.exe";
    file_.platform = "x86";
    file_.source = path_.string();
    file_.place = {3, 5, 1, 0};
  }
  ~PayloadTest() override { std::filesystem::remove(path_); }

  std::vector<std::string> check(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary) << bytes;
    return check_again();
  }
  std::vector<std::string> check_again() {
    Plan plan;
    plan.hotfix.files = {file_};
    Problems problems;
    check_payload(plan, problems);
    checked_ = plan.hotfix.files[0];
    return lines_of(problems);
  }

  std::filesystem::path path_;
  PlannedFile file_;
  PlannedFile checked_;
};

TEST_F(PayloadTest, GoodPayload_FillsDigestSizeAndDate) {
  const std::string bytes = pe(0x14c, kJune22);
  EXPECT_THAT(check(bytes), IsEmpty());
  EXPECT_EQ(checked_.digest, sha256(bytes));
  EXPECT_EQ(checked_.size, bytes.size());
  EXPECT_EQ(format_timestamp(*checked_.date), "1999-06-22T13:12:00Z");
}

TEST_F(PayloadTest, FileThatIsNoProgram_HasNoDate) {
  EXPECT_THAT(check("text"), IsEmpty());
  EXPECT_FALSE(checked_.date);
}

TEST_F(PayloadTest, MissingOrFolder_IsAProblem) {
  EXPECT_THAT(check_again(), ElementsAre(HasSubstr("3:5 cannot read the payload")));
  file_.source = "/tmp";
  EXPECT_THAT(check_again(), ElementsAre(HasSubstr("it is a folder")));
}

TEST_F(PayloadTest, OtherDigest_IsAltered) {
  file_.digest = sha256("other");
  EXPECT_THAT(check("text"), ElementsAre(HasSubstr("was altered")));
}

TEST_F(PayloadTest, OtherCpu_IsRefused) {
  EXPECT_THAT(check(pe(0x184)), ElementsAre(HasSubstr("is a program for alpha")));
  EXPECT_THAT(check(pe(0x166)), ElementsAre(HasSubstr("is a program for mips")));
  EXPECT_THAT(check(pe(0x8664)), ElementsAre(HasSubstr("an unknown CPU")));
  EXPECT_THAT(check(program("NE")), IsEmpty());
  file_.platform = "alpha";
  EXPECT_THAT(check(pe(0x184)), IsEmpty());
  EXPECT_THAT(check(program("NE")), ElementsAre(HasSubstr("is a 16-bit program")));
  EXPECT_THAT(check(program("")), ElementsAre(HasSubstr("is a 16-bit program")));
}

TEST_F(PayloadTest, CompressedFile_IsRefused) {
  EXPECT_THAT(check("SZDD\x88\xf0\x27\x33"
                    "A"),
              ElementsAre(HasSubstr("still compressed")));
  EXPECT_THAT(check("KWAJ\x88\xf0\x27\xd1"), ElementsAre(HasSubstr("still compressed")));
}

TEST_F(PayloadTest, OtherSize_IsRefused) {
  file_.size = 100;
  EXPECT_THAT(check("text"), ElementsAre(HasSubstr("has 4 bytes, the plan gives 100")));
}

TEST_F(PayloadTest, RoundedSize_IsWhatRoundsToIt) {
  file_.size = 1024;
  file_.size_within = 512;
  EXPECT_THAT(check(std::string(512, 'x')), IsEmpty());
  EXPECT_EQ(checked_.size, 512U);
  EXPECT_EQ(checked_.size_within, 0U);
  EXPECT_THAT(check(std::string(1536, 'x')), IsEmpty());
  for (const std::size_t wrong : {511U, 1537U}) {
    EXPECT_THAT(check(std::string(wrong, 'x')),
                ElementsAre(HasSubstr("the plan gives 1,024, rounded to KB")));
  }
}

TEST_F(PayloadTest, OlderBuild_IsRefusedByMoreThanADay) {
  file_.date = Timestamp(std::chrono::seconds(kJune22));
  EXPECT_THAT(check(pe(0x14c, kJune22 - 86'000)), IsEmpty());
  EXPECT_THAT(check(pe(0x14c, kJune22 - 90'000)),
              ElementsAre(HasSubstr("was built on 1999-06-21, before 1999-06-22")));
}

TEST_F(PayloadTest, LaterBuildThanTheArticles_MayHaveAnotherSize) {
  file_.date = Timestamp(std::chrono::seconds(kJune22));
  file_.size = 1;
  file_.or_later = true;
  EXPECT_THAT(check(pe(0x14c, kJune22)), ElementsAre(HasSubstr("the article gives 1")));
  EXPECT_THAT(check(pe(0x14c, kJune22 + 900'000)), IsEmpty());
  EXPECT_EQ(*checked_.date, Timestamp(std::chrono::seconds(kJune22 + 900'000)));
  file_.or_later = false;
  EXPECT_THAT(check(pe(0x14c, kJune22 + 900'000)), ElementsAre(HasSubstr("the plan gives 1")));
}

TEST_F(PayloadTest, AnyHead_IsReadWithinBounds) {
  for (const std::string bytes : {"M", "MZ", "MZ\xff", "PE"}) EXPECT_THAT(check(bytes), IsEmpty());
  std::string wild = pe(0x14c);
  wild[0x3c] = wild[0x3d] = wild[0x3e] = wild[0x3f] = '\xff';
  EXPECT_EQ(program_facts(wild).kind, ProgramFacts::Kind::dos);
  wild = pe(0x14c).substr(0, 0x86);
  EXPECT_FALSE(program_facts(wild).built);
}

}  // namespace
}  // namespace sitewide
