#include "adapters/sms/client/sms_ini.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr const char* kClient =
    "; made by Client Setup\r\n"
    "[SMS]\r\n"
    "CopyListVersion=835643765\r\n"
    "SMSBinPath = C:\\MS\\SMS\\BIN \r\n"
    "\r\n"
    "[Local]\r\n"
    "SetupPhase=INSTALLED\r\n"
    "MachineName=\"PC001\"\r\n"
    "\r\n"
    "[Share]\r\n"
    "junk without an equals sign\r\n";

TEST(SmsIni, SectionsAndKeys_AreCaseBlind) {
  const SmsIni ini(kClient);
  EXPECT_EQ(ini.value("sms", "COPYLISTVERSION"), "835643765");
  EXPECT_EQ(ini.value("LOCAL", "setupphase"), "INSTALLED");
}

TEST(SmsIni, Value_LosesBlanksAndOnePairOfQuotes) {
  const SmsIni ini(kClient);
  EXPECT_EQ(ini.value("SMS", "SMSBinPath"), "C:\\MS\\SMS\\BIN");
  EXPECT_EQ(ini.value("Local", "MachineName"), "PC001");
}

TEST(SmsIni, MissingKeyOrSection_IsNotAnEmptyValue) {
  const SmsIni ini("[A]\nx=\n");
  EXPECT_EQ(ini.value("A", "x"), "");
  EXPECT_EQ(ini.value("A", "y"), std::nullopt);
  EXPECT_EQ(ini.value("B", "x"), std::nullopt);
  EXPECT_EQ(ini.value_or_empty("B", "x"), "");
}

TEST(SmsIni, Duplicates_FirstSectionAndFirstKeyWin) {
  const SmsIni ini("[A]\nx=1\nx=2\n[a]\nx=3\ny=4\n");
  EXPECT_EQ(ini.value("A", "x"), "1");
  EXPECT_EQ(ini.value("A", "y"),
            std::nullopt);  // as Windows: a second section of the name is not read
}

TEST(SmsIni, Comments_HoldNoKeys) {
  const SmsIni ini("[A]\n;x=1\n  ; y=2\n");
  EXPECT_EQ(ini.value("A", "x"), std::nullopt);
  EXPECT_EQ(ini.value("A", ";x"), std::nullopt);
}

TEST(SmsIni, KeyOutsideAnySection_IsNotRead) {
  EXPECT_EQ(SmsIni("x=1\n[A]\n").value("", "x"), std::nullopt);
}

TEST(SmsIni, Set_ChangesTheValueBytesOnly) {
  SmsIni ini(kClient);
  ASSERT_TRUE(ini.set("local", "SETUPPHASE", "UPGRADE"));
  std::string expected(kClient);
  expected.replace(expected.find("INSTALLED"), 9, "UPGRADE");
  EXPECT_EQ(ini.text(), expected);
}

TEST(SmsIni, SetToTheSameValue_ChangesNothing) {
  SmsIni ini(kClient);
  ASSERT_TRUE(ini.set("Local", "MachineName", "PC001"));
  EXPECT_EQ(ini.text(), kClient);
}

TEST(SmsIni, SetAndBack_GivesTheBytesBefore) {
  SmsIni ini(kClient);
  ASSERT_TRUE(ini.set("Local", "SetupPhase", "verify_files"));
  ASSERT_TRUE(ini.set("Local", "SetupPhase", "INSTALLED"));
  EXPECT_EQ(ini.text(), kClient);
}

TEST(SmsIni, NewKey_GoesToTheEndOfItsSectionWithTheFilesLineBreak) {
  SmsIni ini(kClient);
  ASSERT_TRUE(ini.set("SMS", "BuildNo", "786"));
  EXPECT_NE(ini.text().find("BIN \r\nBuildNo=786\r\n\r\n[Local]"), std::string::npos);
  SmsIni unix("[A]\nx=1\n");
  ASSERT_TRUE(unix.set("A", "y", "2"));
  EXPECT_EQ(unix.text(), "[A]\nx=1\ny=2\n");
}

TEST(SmsIni, NewSection_GoesToTheEnd) {
  SmsIni ini("[A]\r\nx=1");
  ASSERT_TRUE(ini.set("B", "y", "2"));
  EXPECT_EQ(ini.text(), "[A]\r\nx=1\r\n[B]\r\ny=2");
  SmsIni empty;
  ASSERT_TRUE(empty.set("B", "y", "2"));
  EXPECT_EQ(empty.text(), "[B]\r\ny=2\r\n");
}

TEST(SmsIni, LastLineWithoutBreak_IsEditedAndExtended) {
  SmsIni ini("[A]\nx=1");
  ASSERT_TRUE(ini.set("A", "x", "22"));
  EXPECT_EQ(ini.text(), "[A]\nx=22");
  ASSERT_TRUE(ini.set("A", "y", "3"));
  EXPECT_EQ(ini.text(), "[A]\nx=22\ny=3");
}

TEST(SmsIni, LastLineEndsInALoneReturn_KeepsItsValueWhenALineFollows) {
  for (const std::string section : {"A", "B"}) {
    SmsIni ini("[A]\r\nx=1\r");
    EXPECT_TRUE(ini.set(section, "y", "2"));
    EXPECT_EQ(ini.value("A", "x"), "1");
    EXPECT_EQ(ini.value(section, "y"), "2");
  }
}

TEST(SmsIni, Erase_TakesOneLineOut) {
  SmsIni ini("[A]\r\nx=1\r\ny=2\r\n");
  EXPECT_TRUE(ini.erase("a", "X"));
  EXPECT_EQ(ini.text(), "[A]\r\ny=2\r\n");
  EXPECT_FALSE(ini.erase("a", "X"));
}

TEST(SmsIni, ValueThatNoIniFileCanHold_IsRefusedAndNothingChanges) {
  SmsIni ini(kClient);
  const std::string nul("a\0b", 3);
  for (const std::string& bad : {std::string("a\r\n[SMS]"), std::string(" a"), std::string("a\t"),
                                 std::string("\"a\""), nul}) {
    EXPECT_FALSE(ini.set("Local", "SetupPhase", bad)) << bad;
  }
  EXPECT_FALSE(ini.set("Local", "a=b", "c"));
  EXPECT_FALSE(ini.set("Local", ";x", "c"));
  EXPECT_FALSE(ini.set("a]b", "x", "c"));
  EXPECT_EQ(ini.text(), kClient);
}

/// Every line that is not the first line of `key` in `section`, to compare before and after an
/// edit.
std::vector<std::string> other_lines(const std::string& text, const std::string& start) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.starts_with(start)) lines.emplace_back(line);
  }
  return lines;
}

TEST(SmsIni, Property_EditChangesTheAskedKeyAlone) {
  std::mt19937 random(1);
  const std::vector<std::string> pieces{"[A]", "[B]",     "x=1", "y = 2 ", "; note",    "junk",
                                        "",    "z=\"q\"", "[A",  "=",      "\t[B] tail"};
  for (int round = 0; round < 2000; ++round) {
    std::string text = "[Local]\r\nSetupPhase=INSTALLED\r\n";
    for (auto i = random() % 12; i > 0; --i) {
      text += pieces[random() % pieces.size()] + (random() % 2 == 0 ? "\r\n" : "\n");
    }
    SmsIni ini(text);
    const std::string value = "V" + std::to_string(random() % 100);
    ASSERT_TRUE(ini.set("Local", "SetupPhase", value));
    EXPECT_EQ(ini.value("Local", "SetupPhase"), value);
    EXPECT_EQ(other_lines(ini.text(), "SetupPhase="), other_lines(text, "SetupPhase="));
    ASSERT_TRUE(ini.set("Local", "SetupPhase", "INSTALLED"));
    EXPECT_EQ(ini.text(), text);
  }
}

TEST(SmsIni, Property_RandomBytesAreReadAndEditedWithoutHarm) {
  std::mt19937 random(2);
  const std::string alphabet("[]=;\r\n \t\"'aAx\0\xff", 16);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (auto i = random() % 60; i > 0; --i) text += alphabet[random() % alphabet.size()];
    SmsIni ini(text);
    if (!ini.set("a", "x", "1")) {
      EXPECT_EQ(ini.text(), text);
      continue;
    }
    EXPECT_EQ(ini.value("A", "X"), "1");
    EXPECT_TRUE(ini.erase("a", "x"));
  }
}

TEST(SmsIni, HugeTextWithoutALineBreak_IsReadOnce) {
  const std::string text(4 << 20, '[');
  EXPECT_EQ(SmsIni(text).value("a", "b"), std::nullopt);
}

}  // namespace
}  // namespace sitewide::sms
