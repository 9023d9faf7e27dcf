#include "adapters/folder_files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "adapters/client_path.h"
#include "tests/adapters/left_behind.h"

namespace sitewide {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

// Each test runs with and without openat2().
class FolderFilesTest : public testing::TestWithParam<bool> {
 protected:
  FolderFilesTest() {
    std::string pattern = testing::TempDir() + "folder-files-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
    files_ = std::make_unique<FolderFiles>(root_.string(), FolderOptions{GetParam()});
    descriptors_ = test::open_descriptors();
  }
  ~FolderFilesTest() override {
    EXPECT_EQ(test::open_descriptors(), descriptors_);
    fs::remove_all(root_);
  }

  void put(const std::string& path, std::string_view bytes) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << bytes;
  }
  std::string get(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(root_ / path, std::ios::binary).rdbuf();
    return text.str();
  }
  std::vector<std::string> everything() {
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      found.push_back(fs::relative(entry.path(), root_).string());
    }
    std::ranges::sort(found);
    return found;
  }

  fs::path root_;
  std::unique_ptr<FolderFiles> files_;
  std::size_t descriptors_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Openat2, FolderFilesTest, testing::Bool(),
                         [](const auto& made) { return made.param ? "Without" : "With"; });

TEST_P(FolderFilesTest, TailOfAFile_IsItsLastBytes) {
  std::ofstream(root_ / "x.log", std::ios::binary) << "0123456789";
  EXPECT_EQ(*files_->tail("X.LOG", 4).value(), "6789");
  EXPECT_EQ(*files_->tail("x.log", 10).value(), "0123456789");
  EXPECT_EQ(*files_->tail("x.log", 100).value(), "0123456789");
  EXPECT_FALSE(files_->tail("y.log", 4).value());
}

TEST_P(FolderFilesTest, TailOfALinkOrAPathThatLeaves_IsRefused) {
  fs::create_symlink("/etc/passwd", root_ / "link.log");
  EXPECT_EQ(files_->tail("link.log", 4).error().kind, ErrorKind::refused);
  EXPECT_EQ(files_->tail("../x", 4).error().kind, ErrorKind::refused);
}

TEST_P(FolderFilesTest, Names_AreMatchedCaseBlind) {
  put("MS/SMS/Bin/Pcmwin32.exe", "old");
  const auto state = files_->state("c:\\ms\\sms\\BIN\\PCMWIN32.EXE");
  ASSERT_TRUE(state && *state);
  EXPECT_EQ((*state)->digest, sha256("old"));
  EXPECT_EQ((*state)->size, 3U);
}

TEST_P(FolderFilesTest, NothingThere_IsNoError) {
  EXPECT_FALSE(files_->state("no/such/file").value());
  EXPECT_FALSE(files_->read("file", 10).value());
  EXPECT_FALSE(files_->modified("file").value());
  EXPECT_TRUE(files_->list("no/such").value().empty());
}

TEST_P(FolderFilesTest, CaseTwins_ExactNameWinsElseRefused) {
  put("A.exe", "upper");
  put("a.exe", "lower");
  EXPECT_EQ(files_->read("a.exe", 10).value(), "lower");
  EXPECT_EQ(files_->read("A.exe", 10).value(), "upper");
  const auto neither = files_->read("a.EXE", 10);
  ASSERT_FALSE(neither);
  EXPECT_EQ(neither.error().kind, ErrorKind::refused);
  EXPECT_THAT(neither.error().message, HasSubstr("could be"));
}

TEST_P(FolderFilesTest, MissingRoot_IsUnreachable) {
  FolderFiles gone(root_.string() + "/gone", FolderOptions{GetParam()});
  EXPECT_EQ(gone.state("file").error().kind, ErrorKind::unreachable);
  EXPECT_EQ(gone.write("file", std::nullopt, "x", std::nullopt).error().kind,
            ErrorKind::unreachable);
  EXPECT_EQ(gone.list("").error().kind, ErrorKind::unreachable);
}

TEST_P(FolderFilesTest, Links_AreNeverFollowed) {
  put("real/file", "secret");
  fs::create_directory_symlink("real", root_ / "folder_link");
  fs::create_symlink("real/file", root_ / "file_link");
  fs::create_symlink("/etc/passwd", root_ / "outside");
  for (const char* path : {"folder_link/file", "file_link", "outside", "FILE_LINK"}) {
    EXPECT_EQ(files_->state(path).error().kind, ErrorKind::refused) << path;
    const auto written = files_->write(path, std::nullopt, "x", std::nullopt);
    EXPECT_EQ(written.error().kind, ErrorKind::refused) << path;
  }
  EXPECT_EQ(files_->list("folder_link").error().kind, ErrorKind::refused);
  EXPECT_EQ(get("real/file"), "secret");
}

TEST_P(FolderFilesTest, SpecialFiles_AreRefusedWithoutHanging) {
  ASSERT_EQ(::mkfifo((root_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(files_->read("fifo", 10).error().kind, ErrorKind::refused);
  fs::create_directory(root_ / "folder");
  EXPECT_EQ(files_->state("folder").error().kind, ErrorKind::refused);
  EXPECT_EQ(files_->write("folder", std::nullopt, "x", std::nullopt).error().kind,
            ErrorKind::refused);
}

TEST_P(FolderFilesTest, HardLinkedFile_IsReadButNotWritten) {
  put("one", "x");
  fs::create_hard_link(root_ / "one", root_ / "two");
  EXPECT_EQ(files_->read("one", 10).value(), "x");
  EXPECT_EQ(files_->write("one", sha256("x"), "y", std::nullopt).error().kind, ErrorKind::refused);
  EXPECT_EQ(files_->remove("one", sha256("x")).error().kind, ErrorKind::refused);
  EXPECT_EQ(files_->touch("one", Timestamp{}).error().kind, ErrorKind::refused);
}

TEST_P(FolderFilesTest, Write_KeepsNameAndModeAndSetsTime) {
  put("Bin/Pcmwin32.exe", "old");
  ASSERT_EQ(::chmod((root_ / "Bin/Pcmwin32.exe").c_str(), 04640), 0);
  const Timestamp date{std::chrono::milliseconds(883612800123)};
  ASSERT_TRUE(files_->write("BIN/pcmwin32.EXE", sha256("old"), "new", date));
  EXPECT_EQ(get("Bin/Pcmwin32.exe"), "new");
  EXPECT_EQ(files_->modified("bin/pcmwin32.exe").value(), date);
  struct stat status {};
  ::stat((root_ / "Bin/Pcmwin32.exe").c_str(), &status);
  EXPECT_EQ(status.st_mode & 07777, 0640U);
  EXPECT_THAT(everything(), ElementsAre("Bin", "Bin/Pcmwin32.exe"));
}

TEST_P(FolderFilesTest, WriteOfANewFile_MakesItsFolders) {
  ASSERT_TRUE(files_->write("Alpha.bin/new/file.exe", std::nullopt, "bytes", std::nullopt));
  EXPECT_EQ(get("Alpha.bin/new/file.exe"), "bytes");
}

TEST_P(FolderFilesTest, NewFolders_TakeTheirParentsModeWhateverTheUmask) {
  for (const mode_t mode : {0775, 02771, 0700}) {
    const std::string site = "site" + std::to_string(mode);
    fs::create_directory(root_ / site);
    ASSERT_EQ(::chmod((root_ / site).c_str(), mode), 0);
    const mode_t before = ::umask(077);
    const auto written = files_->write(site + "/X86.bin/0409/new.exe", {}, "new", std::nullopt);
    ::umask(before);
    ASSERT_TRUE(written) << written.error().message;
    for (const char* made : {"/X86.bin", "/X86.bin/0409"}) {
      struct stat status {};
      ASSERT_EQ(::stat((root_ / (site + made)).c_str(), &status), 0);
      EXPECT_EQ(status.st_mode & 07777, mode) << made;
    }
  }
}

TEST_P(FolderFilesTest, NewFolders_BelongToWhomTheirParentBelongs) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives folders away";
  fs::create_directory(root_ / "site");
  ASSERT_EQ(::chown((root_ / "site").c_str(), 12, 34), 0);
  ASSERT_TRUE(files_->write("site/X86.bin/new.exe", {}, "new", std::nullopt));
  struct stat status {};
  ASSERT_EQ(::stat((root_ / "site/X86.bin").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 12U);
  EXPECT_EQ(status.st_gid, 34U);
}

TEST_P(FolderFilesTest, WriteOverSomethingElse_IsRefusedAndLeavesIt) {
  put("file", "theirs");
  const auto changed = files_->write("file", sha256("ours"), "new", std::nullopt);
  EXPECT_EQ(changed.error().kind, ErrorKind::refused);
  EXPECT_EQ(changed.error().message, "file was changed by someone else");
  EXPECT_EQ(files_->write("FILE", std::nullopt, "new", std::nullopt).error().kind,
            ErrorKind::refused);
  EXPECT_EQ(files_->write("gone", sha256("ours"), "new", std::nullopt).error().kind,
            ErrorKind::refused);
  EXPECT_EQ(files_->write("no/gone", sha256("ours"), "new", std::nullopt).error().kind,
            ErrorKind::refused);
  EXPECT_EQ(get("file"), "theirs");
  EXPECT_THAT(everything(), ElementsAre("file"));
}

TEST_P(FolderFilesTest, WhatAKilledRunLeft_IsCleanedByTheNextWriteOfThatFile) {
  const std::string mine = ".sitewide-" + sha256("file").brief() + "-12345";
  const std::string other = ".sitewide-" + sha256("other").brief() + "-12345";
  put(mine, "half");
  put(other, "half");
  EXPECT_TRUE(files_->list("").value().empty());
  ASSERT_TRUE(files_->write("File", std::nullopt, "new", std::nullopt));
  EXPECT_THAT(everything(), ElementsAre(other, "File"));
}

// Maintenance Manager copies whatever lies in Client.src.
TEST_P(FolderFilesTest, TemporariesInTheRoot_NoOtherNameIsEverMadeInTheFilesFolder) {
  put("Dir/File", "old");
  const std::string left = ".sitewide-" + sha256("dir/file").brief() + "-12345";
  put(left, "half");
  const int watch = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  ::inotify_add_watch(watch, (root_ / "Dir").c_str(), IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO);
  FolderFiles files(root_.string(), FolderOptions{GetParam(), true});
  const auto written = files.write("DIR/file", sha256("old"), "new", std::nullopt);
  alignas(inotify_event) std::array<char, 4096> buffer{};
  const ssize_t got = ::read(watch, buffer.data(), buffer.size());
  ::close(watch);
  ASSERT_TRUE(written);
  EXPECT_EQ(get("Dir/File"), "new");
  EXPECT_THAT(everything(), ElementsAre("Dir", "Dir/File"));  // what a killed run left is gone too
  const auto* event = reinterpret_cast<const inotify_event*>(buffer.data());
  ASSERT_EQ(got, static_cast<ssize_t>(sizeof *event + event->len));  // one event alone
  EXPECT_EQ(event->mask, IN_MOVED_TO);
}

TEST_P(FolderFilesTest, TemporariesInTheRoot_FileOnAnotherDeviceIsWrittenAllTheSame) {
  fs::create_directory(root_ / "mounted");
  if (::mount("tmpfs", (root_ / "mounted").c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "needs the right to mount a small tmpfs";
  }
  FolderFiles files(root_.string(), FolderOptions{GetParam(), true});
  const auto written = files.write("mounted/file", std::nullopt, "new", std::nullopt);
  const std::string bytes = get("mounted/file");
  ::umount((root_ / "mounted").c_str());
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(bytes, "new");
}

TEST_P(FolderFilesTest, Readers_SeeTheOldOrTheNewFileAndNothingElse) {
  const std::string one(300000, '1');
  const std::string two(300000, '2');
  put("file", one);
  std::thread writer([&] {
    for (int turn = 0; turn < 20; ++turn) {
      const bool even = turn % 2 == 0;
      const auto written = files_->write("file", sha256(even ? one : two), even ? two : one, {});
      EXPECT_TRUE(written);
    }
  });
  FolderFiles reader(root_.string(), FolderOptions{GetParam()});
  for (int turn = 0; turn < 40; ++turn) {
    const auto bytes = reader.read("file", 1 << 20).value();
    EXPECT_TRUE(bytes == one || bytes == two);
  }
  writer.join();
}

TEST_P(FolderFilesTest, Remove_ComparesFirst) {
  put("Dir/File", "ours");
  EXPECT_EQ(files_->remove("dir/file", sha256("other")).error().kind, ErrorKind::refused);
  EXPECT_TRUE(files_->remove("dir/file", sha256("ours")));
  EXPECT_EQ(files_->remove("dir/file", sha256("ours")).error().kind, ErrorKind::refused);
  EXPECT_THAT(everything(), ElementsAre("Dir"));
}

TEST_P(FolderFilesTest, Touch_ChangesTheTimeAlone) {
  put("System.map", "[SYSTEM]\r\n");
  const Timestamp before = *files_->modified("system.map").value();
  ASSERT_TRUE(files_->touch("SYSTEM.MAP", before + std::chrono::seconds(2)));
  EXPECT_EQ(*files_->modified("system.map").value(), before + std::chrono::seconds(2));
  EXPECT_EQ(get("System.map"), "[SYSTEM]\r\n");
  EXPECT_EQ(files_->touch("gone", before).error().kind, ErrorKind::io);
}

TEST_P(FolderFilesTest, ReadOverTheLimit_IsAnError) {
  put("file", "12345");
  EXPECT_EQ(files_->read("file", 5).value(), "12345");
  EXPECT_EQ(files_->read("file", 4).error().kind, ErrorKind::io);
}

TEST_P(FolderFilesTest, List_IsSortedAsWritten) {
  put("Dir/b", "");
  put("Dir/A", "");
  put("Dir/$sms00$", "");
  EXPECT_THAT(files_->list("DIR").value(), ElementsAre("$sms00$", "A", "b"));
  EXPECT_THAT(files_->list("").value(), ElementsAre("Dir"));
}

TEST_P(FolderFilesTest, FullDisk_IsSaidAndLeavesTheOldFile) {
  fs::create_directory(root_ / "small");
  if (::mount("tmpfs", (root_ / "small").c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "needs the right to mount a small tmpfs";
  }
  put("small/file", "old");
  const auto result = files_->write("small/file", sha256("old"), std::string(200000, 'x'), {});
  EXPECT_EQ(get("small/file"), "old");
  EXPECT_EQ(files_->list("small").value().size(), 1U);
  ::umount((root_ / "small").c_str());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::io);
  EXPECT_EQ(result.error().message, "cannot write file: No space left on device");
}

TEST(ClientPath, GoodPaths_AreTakenApart) {
  EXPECT_THAT(split_client_path("C:\\MS\\SMS\\").value(), ElementsAre("MS", "SMS"));
  EXPECT_THAT(split_client_path("a//b/./c").value(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split_client_path("$sms00$/Sms.ini").value(), ElementsAre("$sms00$", "Sms.ini"));
  EXPECT_TRUE(split_client_path("").value().empty());
  EXPECT_TRUE(split_client_path("console.exe"));
  EXPECT_TRUE(split_client_path("com10"));
}

TEST(ClientPath, BadPaths_AreRefused) {
  for (const char* path :
       {"../etc/passwd",  "a/../b", "a\\..\\..\\b", "/etc",       "\\\\evil\\share",
        "D:\\x",          "C:x",    "C:",           "C:\\\\evil", "a:stream",
        "file.txt:$DATA", "CON",    "nul.txt",      "x/lpt1",     "COM1.log",
        "Aux .x",         "name.",  "name ",        "a./b",       "a\nb",
        "a\x1b[2J",       "what?",  "*.exe",        "a|b",        "a\"b"}) {
    const auto parts = split_client_path(path);
    ASSERT_FALSE(parts) << path;
    EXPECT_EQ(parts.error().kind, ErrorKind::refused) << path;
  }
  EXPECT_FALSE(split_client_path(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace sitewide
