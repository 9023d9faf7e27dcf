#include "adapters/smb/smb_files.h"

#include <sys/inotify.h>

#include <array>
#include <thread>

#include "tests/smb/smb_world.h"

namespace sitewide {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using SmbFilesTest = test::SmbWorld;

TEST_F(SmbFilesTest, File_IsReadWithDigestSizeAndTime) {
  put("hq/SMS/X86.bin/Pcmwin32.exe", "bytes");
  std::filesystem::last_write_time(
      folder_.path() / "hq/SMS/X86.bin/Pcmwin32.exe",
      std::filesystem::file_time_type::clock::from_sys(
          std::chrono::sys_seconds(std::chrono::seconds(930057179))));  // 1999-06-22 13:12:59 UTC
  auto hq = files("SMS_C/SMS");
  const auto state = hq.state("x86.BIN/PCMWIN32.EXE");
  ASSERT_TRUE(state) << state.error().message;
  ASSERT_TRUE(*state);
  EXPECT_EQ((*state)->digest, sha256("bytes"));
  EXPECT_EQ((*state)->size, 5U);
  EXPECT_EQ((*state)->modified, Timestamp(std::chrono::seconds(930057179)));
  EXPECT_EQ(hq.read("X86.bin\\Pcmwin32.exe", 5).value(), "bytes");
  EXPECT_EQ(hq.tail("X86.bin/Pcmwin32.exe", 3).value(), "tes");
  EXPECT_EQ(hq.tail("X86.bin/Pcmwin32.exe", 9).value(), "bytes");
}

TEST_F(SmbFilesTest, NothingThere_IsNoError) {
  auto hq = files("SMS_C/SMS");
  EXPECT_EQ(hq.state("no/such").value(), std::nullopt);
  EXPECT_EQ(hq.read("such", 9).value(), std::nullopt);
  EXPECT_FALSE(hq.exists("such").value());
  EXPECT_THAT(hq.list("no").value(), IsEmpty());
}

TEST_F(SmbFilesTest, ReadOverTheLimit_IsAnError) {
  put("hq/SMS/file", "12345");
  auto hq = files("SMS_C/SMS");
  EXPECT_EQ(hq.read("file", 5).value(), "12345");
  EXPECT_EQ(hq.read("file", 4).error().kind, ErrorKind::io);
  EXPECT_THAT(hq.read("file", 4).error().message, HasSubstr("larger than 4 bytes"));
}

TEST_F(SmbFilesTest, Names_WithBlanksAndOfOtherAlphabetsAreOrdinary) {
  auto hq = files("SMS_C/SMS");
  const std::string name = "Grüße & mehr/ÄÖÜ ‘x’ !sh $(id) -f.txt";
  const auto written = hq.write(name, std::nullopt, "bytes", std::nullopt);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(get("hq/SMS/" + name), "bytes");
  EXPECT_EQ(hq.read("grüße & MEHR/äöü ‘x’ !SH $(id) -f.TXT", 9).value(), "bytes");
  EXPECT_THAT(hq.list("").value(), ElementsAre("Grüße & mehr"));
}

TEST_F(SmbFilesTest, NamesThatSmbclientMightTakeApart_NeverReachIt) {
  put("hq/secret", "s");
  auto hq = files("SMS_C/SMS");
  for (const std::string name :
       {"a\"b", "a;b", "a\nls", "a\rb", "..", "../secret", "..\\secret", "a/../../secret", "*",
        "a?b", "/secret", "C:secret", "x:stream", "\x80\xff"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(hq.read(name, 9).error().kind, ErrorKind::refused);
    EXPECT_EQ(hq.write(name, std::nullopt, "x", std::nullopt).error().kind, ErrorKind::refused);
    EXPECT_EQ(hq.list(name).error().kind, ErrorKind::refused);
  }
  EXPECT_THAT(everything("hq"), ElementsAre("SMS", "secret"));
}

TEST_F(SmbFilesTest, NamesFromTheServer_AreListedWhateverTheyHold) {
  const std::string odd = "two  blanks   NT_STATUS_DISK_FULL and more than thirty bytes; x  D  0";
  put("hq/SMS/" + odd, "x");
  put("hq/SMS/123456789012345678901234567890", "x");
  put("hq/SMS/  led by blanks", "x");
  auto hq = files("SMS_C/SMS");
  EXPECT_THAT(hq.list("").value(),
              ElementsAre("  led by blanks", "123456789012345678901234567890", odd));
}

TEST_F(SmbFilesTest, Write_ReplacesKeepsTheNameAndSetsTheTime) {
  put("hq/SMS/Bin/Pcmwin32.exe", "old");
  auto hq = files("SMS_C/SMS");
  const Timestamp date{std::chrono::milliseconds(883612800123)};
  ASSERT_TRUE(hq.write("BIN/pcmwin32.EXE", sha256("old"), "new", date));
  EXPECT_EQ(get("hq/SMS/Bin/Pcmwin32.exe"), "new");
  EXPECT_EQ(hq.modified("bin/pcmwin32.exe").value(),
            Timestamp(std::chrono::seconds(883612800)));  // smbclient knows whole seconds
  EXPECT_THAT(everything("hq/SMS"), ElementsAre("Bin", "Bin/Pcmwin32.exe"));
}

TEST_F(SmbFilesTest, WriteOfANewFile_MakesItsFolders) {
  auto hq = files("SMS_C/SMS");
  const auto written = hq.write("Alpha.bin/new/file.exe", std::nullopt, "", std::nullopt);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_THAT(everything("hq/SMS"),
              ElementsAre("Alpha.bin", "Alpha.bin/new", "Alpha.bin/new/file.exe"));
  EXPECT_EQ(hq.state("alpha.bin/new/file.exe").value()->size, 0U);
}

TEST_F(SmbFilesTest, WriteOverSomethingElse_IsRefusedAndLeavesIt) {
  put("hq/SMS/file", "theirs");
  auto hq = files("SMS_C/SMS");
  const auto changed = hq.write("file", sha256("ours"), "new", std::nullopt);
  EXPECT_EQ(changed.error().kind, ErrorKind::refused);
  EXPECT_EQ(changed.error().message, "file was changed by someone else");
  EXPECT_EQ(hq.write("FILE", std::nullopt, "new", std::nullopt).error().kind, ErrorKind::refused);
  EXPECT_EQ(hq.write("gone", sha256("x"), "new", std::nullopt).error().kind, ErrorKind::refused);
  EXPECT_EQ(hq.write("no/gone", sha256("x"), "new", std::nullopt).error().kind, ErrorKind::refused);
  EXPECT_EQ(get("hq/SMS/file"), "theirs");
  EXPECT_THAT(everything("hq/SMS"), ElementsAre("file"));
}

TEST_F(SmbFilesTest, HiddenAndReadOnly_OutliveAWrite) {
  auto hq = files("SMS_C/SMS");
  ASSERT_TRUE(hq.write("Sms.ini", std::nullopt, "old", std::nullopt));
  auto session = sessions_->take(place("SMS_C"), login());
  ASSERT_TRUE(session);
  using std::chrono::seconds;
  ASSERT_TRUE(session->process().ask("setmode \"SMS\\Sms.ini\" +hr", seconds(9)));
  const auto written = hq.write("sms.ini", sha256("old"), "new", std::nullopt);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_THAT(session->process().ask("ls \"SMS\\Sms.ini\"", seconds(9)).value(),
              HasSubstr(" AHR   "));
  EXPECT_EQ(get("hq/SMS/Sms.ini"), "new");
}

TEST_F(SmbFilesTest, WhatAKilledRunLeft_IsCleanedByTheNextWriteOfThatFile) {
  const std::string mine = ".sitewide-" + sha256("file").brief() + "-12345";
  const std::string other = ".sitewide-" + sha256("other").brief() + "-12345";
  put("hq/SMS/" + mine, "half");
  put("hq/SMS/" + other, "half");
  auto hq = files("SMS_C/SMS");
  EXPECT_THAT(hq.list("").value(), IsEmpty());
  ASSERT_TRUE(hq.write("File", std::nullopt, "new", std::nullopt));
  EXPECT_THAT(everything("hq/SMS"), ElementsAre(other, "File"));
}

// Maintenance Manager copies whatever lies in Client.src.
TEST_F(SmbFilesTest, TemporariesInTheRoot_NoOtherNameIsEverMadeInTheFilesFolder) {
  put("hq/SMS/Dir/File", "old");
  const int watch = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  ::inotify_add_watch(watch, (folder_.path() / "hq/SMS/Dir").c_str(),
                      IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO);
  auto hq = files("SMS_C/SMS", SmbOptions{.temporaries_in_root = true});
  const auto written = hq.write("DIR/file", sha256("old"), "new", std::nullopt);
  alignas(inotify_event) std::array<char, 4096> buffer{};
  const ssize_t got = ::read(watch, buffer.data(), buffer.size());
  ::close(watch);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(get("hq/SMS/Dir/File"), "new");
  EXPECT_THAT(everything("hq/SMS"), ElementsAre("Dir", "Dir/File"));
  const auto* event = reinterpret_cast<const inotify_event*>(buffer.data());
  ASSERT_EQ(got, static_cast<ssize_t>(sizeof *event + event->len));  // one event alone
  EXPECT_EQ(event->mask, IN_MOVED_TO);
}

TEST_F(SmbFilesTest, Readers_SeeTheOldOrTheNewFileAndNothingElse) {
  const std::string one(300000, '1');
  const std::string two(300000, '2');
  put("hq/SMS/file", one);
  auto hq = files("SMS_C/SMS");
  std::thread writer([&] {
    for (int turn = 0; turn < 20; ++turn) {
      const bool even = turn % 2 == 0;
      const auto written = hq.write("file", sha256(even ? one : two), even ? two : one, {});
      EXPECT_TRUE(written) << written.error().message;
    }
  });
  for (int turn = 0; turn < 200; ++turn) {
    const std::string bytes = get("hq/SMS/file");
    EXPECT_TRUE(bytes == one || bytes == two) << bytes.size();
  }
  writer.join();
}

TEST_F(SmbFilesTest, RemoveAndRename_CompareFirst) {
  put("hq/SMS/Dir/File", "ours");
  put("hq/SMS/Dir/other", "theirs");
  auto hq = files("SMS_C/SMS");
  EXPECT_EQ(hq.rename("dir/file", "new", sha256("x")).error().kind, ErrorKind::refused);
  EXPECT_EQ(hq.rename("dir/file", "OTHER", sha256("ours")).error().kind, ErrorKind::refused);
  EXPECT_TRUE(hq.rename("dir/file", "File.old", sha256("ours")));
  EXPECT_THAT(everything("hq/SMS/Dir"), ElementsAre("File.old", "other"));
  EXPECT_EQ(hq.remove("dir/file.old", sha256("x")).error().kind, ErrorKind::refused);
  EXPECT_TRUE(hq.remove("dir/FILE.OLD", sha256("ours")));
  EXPECT_EQ(hq.remove("dir/file.old", sha256("ours")).error().kind, ErrorKind::refused);
  EXPECT_THAT(everything("hq/SMS/Dir"), ElementsAre("other"));
}

TEST_F(SmbFilesTest, Touch_ChangesTheTimeAloneWhateverTheZone) {
  put("hq/SMS/System.map", "[SYSTEM]\r\n");
  ::setenv("TZ", "America/New_York", 1);
  auto hq = files("SMS_C/SMS");
  const Timestamp later = *hq.modified("system.map").value() + std::chrono::seconds(2);
  const auto touched = hq.touch("SYSTEM.MAP", later);
  ::unsetenv("TZ");
  ASSERT_TRUE(touched) << touched.error().message;
  EXPECT_EQ(*hq.modified("system.map").value(), later);
  EXPECT_EQ(get("hq/SMS/System.map"), "[SYSTEM]\r\n");
  const auto on_disk = std::filesystem::file_time_type::clock::to_sys(
      std::filesystem::last_write_time(folder_.path() / "hq/SMS/System.map"));
  EXPECT_EQ(std::chrono::time_point_cast<Duration>(on_disk).time_since_epoch(),
            later.time_since_epoch());
  EXPECT_EQ(hq.touch("gone", later).error().kind, ErrorKind::io);
}

TEST_F(SmbFilesTest, LinkOutOfTheShare_IsNotFollowedByTheServer) {
  put("outside", "secret");
  std::filesystem::create_symlink(folder_.path() / "outside", folder_.path() / "hq/SMS/link");
  auto hq = files("SMS_C/SMS");
  const auto read = hq.read("link", 99);
  EXPECT_FALSE(read && *read);
}

}  // namespace
}  // namespace sitewide
