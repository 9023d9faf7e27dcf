// Edits of System.map: what changes, what stays to the byte, and what is refused.
#include "adapters/sms/site/map_edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/sms/site/system_map.h"

namespace sitewide::sms {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = MapEdit::Kind;

constexpr const char* kX86 = "SITE.SRV\\MAINCFG.BOX\\CLIENT.SRC\\X86.BIN";
constexpr const char* kEnglish = "site.srv/maincfg.box/client.src/x86.bin/00000409";

/// A map as Windows keeps it, with entries that wrap over lines, in two blocks.
std::string map_text() {
  std::string text = R"(PLATFORMS
BEGIN
  "INTEL X86", "DEC ALPHA"
END
Directory "SITE.SRV\MAINCFG.BOX\CLIENT.SRC\X86.BIN"
PLATFORM "INTEL X86" LANGUAGE "" SOURCE "X86\INTNL" FLAGS = 10
UNIT = "INTEL CLIENT"
Begin
   "GETDISK.EXE", SIZE(1, 16548, 16548), "GETDISK.EXE", "GETDISK.EX_", REMOTE=YES,
       COPYLISTS("DOS:STANDARD" = "SMS",
                 "WIN95:STANDARD" = "SMS"), COMPRESS=NO, FLAGS = 5
   "WUSER.EXE", SIZE(1, 7, 7), "WUSER.EXE", "WUSER.EX_", REMOTE=YES,
       COPYLISTS("WIN16:REMOTE_CONTROL" = "SMS", "WIN95:REMOTE_CONTROL" = "SMS"), FLAGS = 1
End
DIRECTORY "SITE.SRV\MAINCFG.BOX\CLIENT.SRC\X86.BIN\00000409"
PLATFORM "INTEL X86" LANGUAGE "ENGLISH" SOURCE "X86\ENGLISH" FLAGS = 10
UNIT = "INTEL CLIENT"
BEGIN
   "WUSER.EXE", SIZE(1, 7, 7), "WUSER.EXE", "WUSER.EX_",
       COPYLISTS("WIN95:REMOTE_CONTROL" = "SMS"), FLAGS = 1
END
IDLIST
BEGIN
  "BUILDNUMBER" = "786"
END
)";
  std::string lines;
  for (const char c : text) lines += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return lines;
}

MapEdit edit_of(Kind kind, const std::string& entry) {
  MapEdit edit;
  edit.kind = kind;
  edit.entry = entry;
  edit.directory = kX86;
  edit.platform = "Intel x86";
  return edit;
}
MapEdit duplicate() {
  MapEdit edit = edit_of(Kind::duplicate, "getdisk.exe");
  edit.as = "95GETDSK.EXE";
  edit.size = 118960;
  return edit;
}
MapEdit remove_list(const std::string& list) {
  MapEdit edit = edit_of(Kind::remove_list, "WUSER.EXE");
  edit.list = list;
  return edit;
}
MapEdit merge(const std::string& fragment) {
  MapEdit edit;
  edit.kind = Kind::merge;
  edit.fragment_text = fragment;
  return edit;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(MapEdit, NoEdits_ChangeNoByte) {
  const auto edited = edit_map(map_text(), {});
  ASSERT_TRUE(edited);
  EXPECT_EQ(edited->text, map_text());
  EXPECT_THAT(edited->changes, IsEmpty());
}

TEST(MapEdit, Duplicate_CopiesTheWholeEntryBehindItsOriginal) {
  const auto edited = edit_map(map_text(), {duplicate()});
  ASSERT_TRUE(edited) << edited.error().message;
  const std::string copy =
      "\r\n   \"95GETDSK.EXE\", SIZE(1, 118960, 118960), \"95GETDSK.EXE\", \"95GETDSK.EX_\", "
      "REMOTE=YES,\r\n       COPYLISTS(\"DOS:STANDARD\" = \"SMS\",\r\n"
      "                 \"WIN95:STANDARD\" = \"SMS\"), COMPRESS=NO, FLAGS = 5";
  EXPECT_EQ(edited->text, replaced(map_text(), "FLAGS = 5", "FLAGS = 5" + copy));
  EXPECT_THAT(edited->changes, ElementsAre("getdisk.exe copied as 95GETDSK.EXE (SIZE 118960)"));
}

TEST(MapEdit, DuplicateThatIsThere_ChangesNothing) {
  const auto once = edit_map(map_text(), {duplicate()});
  ASSERT_TRUE(once);
  MapEdit other_size = duplicate();
  other_size.size = 1;
  const auto twice = edit_map(once->text, {other_size});
  ASSERT_TRUE(twice);
  EXPECT_EQ(twice->text, once->text);
  EXPECT_THAT(twice->changes, IsEmpty());
}

TEST(MapEdit, RemoveList_TakesOneListOutOfTheBlockThatIsMeant) {
  const auto last = edit_map(map_text(), {remove_list("win95:remote_control")});
  ASSERT_TRUE(last) << last.error().message;
  EXPECT_EQ(last->text, replaced(map_text(), ", \"WIN95:REMOTE_CONTROL\" = \"SMS\"", ""));
  const auto first = edit_map(map_text(), {remove_list("WIN16:REMOTE_CONTROL")});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->text, replaced(map_text(), "\"WIN16:REMOTE_CONTROL\" = \"SMS\", ", ""));
  const auto again = edit_map(last->text, {remove_list("WIN95:REMOTE_CONTROL")});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->text, last->text);
}

TEST(MapEdit, OnlyCopyListOfAnEntry_IsNotRemoved) {
  MapEdit edit = remove_list("WIN95:REMOTE_CONTROL");
  edit.directory = kEnglish;
  edit.language = "english";
  const auto edited = edit_map(map_text(), {edit});
  ASSERT_FALSE(edited);
  EXPECT_EQ(edited.error().kind, ErrorKind::refused);
  EXPECT_THAT(edited.error().message, HasSubstr("only copy list of WUSER.EXE"));
}

TEST(MapEdit, Merge_AddsWhatTheBlockOfTheSameHeaderLacks) {
  const std::string fragment =
      "DIRECTORY \"SITE.SRV\\MAINCFG.BOX\\CLIENT.SRC\\X86.BIN\"\n"
      "PLATFORM \"INTEL X86\" LANGUAGE \"\"\nBEGIN\n"
      "  \"WUSER.EXE\", SIZE(1, 9, 9), \"WUSER.EXE\", \"WUSER.EX_\", FLAGS = 1\n"
      "  \"NEW.DLL\", SIZE(1, 2, 2), \"NEW.DLL\", \"NEW.DL_\",\n"
      "    COPYLISTS(\"WIN95:STANDARD\" = \"SMS\")\nEND\n";
  const auto edited = edit_map(map_text(), {merge(fragment)});
  ASSERT_TRUE(edited) << edited.error().message;
  const std::string added =
      "\r\n   \"NEW.DLL\", SIZE(1, 2, 2), \"NEW.DLL\", \"NEW.DL_\",\r\n"
      "    COPYLISTS(\"WIN95:STANDARD\" = \"SMS\")";
  EXPECT_EQ(edited->text,
            replaced(map_text(), "FLAGS = 1\r\nEnd", "FLAGS = 1" + added + "\r\nEnd"));
  EXPECT_THAT(edited->changes, ElementsAre("NEW.DLL added"));
  EXPECT_EQ(delivery_of(parse_system_map(edited->text), std::string(kX86) + "\\new.dll"),
            Delivery::listed);
}

TEST(MapEdit, BlockOrEntryThatIsMissing_IsRefusedByName) {
  MapEdit alpha = duplicate();
  alpha.platform = "DEC ALPHA";
  EXPECT_THAT(edit_map(map_text(), {alpha}).error().message,
              HasSubstr("no block with DIRECTORY SITE.SRV"));
  MapEdit language = duplicate();
  language.language = "FRENCH";
  EXPECT_THAT(edit_map(map_text(), {language}).error().message, HasSubstr("LANGUAGE FRENCH"));
  EXPECT_THAT(edit_map(map_text(), {edit_of(Kind::remove_list, "NOT.EXE")}).error().message,
              HasSubstr("no entry NOT.EXE"));
  EXPECT_THAT(edit_map(map_text(), {merge("BEGIN END")}).error().message, HasSubstr("no block"));
}

TEST(MapEdit, Fragment_NeedsBlocksThatEndAndHaveEntries) {
  EXPECT_THAT(fault_of_fragment(""), HasSubstr("no block"));
  EXPECT_THAT(fault_of_fragment("DIRECTORY \"A\" BEGIN END"), HasSubstr("no entry"));
  EXPECT_THAT(fault_of_fragment("DIRECTORY \"A\" BEGIN \"x\", SIZE(1,1,1)"), HasSubstr("no END"));
  EXPECT_EQ(fault_of_fragment("DIRECTORY \"A\" BEGIN \"x\", SIZE(1,1,1) END"), "");
}

TEST(MapDiff, ShowsChangedLinesWithTheirNeighbours) {
  EXPECT_THAT(map_diff(map_text(), map_text(), 10), IsEmpty());
  EXPECT_THAT(map_diff("a\nb\nc\n", "a\nb\nx\nc\n", 10),
              ElementsAre("@@ -3,0 +3,1 @@", " b", "+x", " c"));
  EXPECT_THAT(map_diff("a\r\nb\r\n", "a\r\nB\r\n", 10),
              ElementsAre("@@ -2,1 +2,1 @@", " a", "-b", "+B"));
  EXPECT_THAT(map_diff("a\nb\nc\n", "", 2),
              ElementsAre("@@ -1,3 +1,0 @@", "-a", "and 2 lines more"));
}

}  // namespace
}  // namespace sitewide::sms
