// Files over SFTP against a real server: what the contract of transports does not ask.
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "tests/adapters/ssh_world.h"

namespace sitewide::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SftpFilesTest : public SshTest {
 protected:
  std::filesystem::path drive(const std::string& name) const {
    return folder_.path() / "drive" / name;
  }
  void put(const std::string& name, std::string_view bytes) { folder_.put("drive/" + name, bytes); }
  std::string get(const std::string& name) const { return folder_.get("drive/" + name); }
};

TEST_F(SftpFilesTest, Names_AreFoundInAnyCase) {
  put("Windows/Sms.ini", "x");
  const auto read = with_files([](Files& files) { return files.read("WINDOWS\\sms.INI", 100); });
  EXPECT_EQ(read.value(), "x");
  const auto written =
      with_files([](Files& files) { return files.write("windows/SMS.ini", sha256("x"), "y", {}); });
  EXPECT_TRUE(written);
  EXPECT_EQ(get("Windows/Sms.ini"), "y");
}

TEST_F(SftpFilesTest, TwoNamesThatDifferInCase_AreRefused) {
  put("Sms.ini", "x");
  put("SMS.INI", "y");
  const auto state = with_files([](Files& files) { return files.state("sms.ini"); });
  EXPECT_EQ(state.error().kind, ErrorKind::refused);
  const auto exact = with_files([](Files& files) { return files.read("SMS.INI", 100); });
  EXPECT_EQ(exact.value(), "y");
}

TEST_F(SftpFilesTest, Links_AreNotFollowed) {
  std::filesystem::create_directory_symlink("/etc", drive("etc"));
  std::filesystem::create_symlink("/etc/passwd", drive("passwd"));
  for (const char* path : {"etc/passwd", "passwd"}) {
    const std::string tried = path;
    const auto read = with_files([tried](Files& files) { return files.read(tried, 1 << 20); });
    EXPECT_EQ(read.error().kind, ErrorKind::refused) << path;
    const auto written =
        with_files([tried](Files& files) { return files.write(tried, sha256(""), "x", {}); });
    EXPECT_EQ(written.error().kind, ErrorKind::refused) << path;
  }
}

TEST_F(SftpFilesTest, WhatIsNoRegularFile_IsRefused) {
  std::filesystem::create_directory(drive("folder"));
  ::mkfifo(drive("pipe").c_str(), 0600);
  for (const char* path : {"folder", "pipe"}) {
    const std::string tried = path;
    const auto state = with_files([tried](Files& files) { return files.state(tried); });
    EXPECT_EQ(state.error().kind, ErrorKind::refused) << path;
  }
}

TEST_F(SftpFilesTest, Write_KeepsModeAndSetsTheTime) {
  put("file", "old");
  ::chmod(drive("file").c_str(), 0640);
  const Timestamp at{std::chrono::seconds(900'000'000)};
  const auto written =
      with_files([at](Files& files) { return files.write("file", sha256("old"), "new", at); });
  EXPECT_TRUE(written);
  struct stat status {};
  ::stat(drive("file").c_str(), &status);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
  EXPECT_EQ(status.st_mtim.tv_sec, 900'000'000);
  const auto seen = with_files([](Files& files) { return files.modified("file"); });
  EXPECT_EQ(seen.value(), at);
}

TEST_F(SftpFilesTest, Write_MakesFoldersLikeTheOneTheyLieIn) {
  std::filesystem::create_directory(drive("MS"));
  ::chmod(drive("MS").c_str(), 0750);
  const auto written =
      with_files([](Files& files) { return files.write("ms/SMS/bin/a.exe", {}, "x", {}); });
  EXPECT_TRUE(written) << written.error().message;
  EXPECT_EQ(get("MS/SMS/bin/a.exe"), "x");
  struct stat status {};
  ::stat(drive("MS/SMS/bin").c_str(), &status);
  EXPECT_EQ(status.st_mode & 07777U, 0750U);
}

TEST_F(SftpFilesTest, WhatABrokenOffWriteLeft_IsRemovedByTheNextAndNeverListed) {
  put("file", "old");
  const std::string left = ".sitewide-" + sha256("file").brief() + "-1";
  put(left, "half");
  const auto names = with_files([](Files& files) { return files.list(""); });
  EXPECT_THAT(names.value(), ElementsAre("file"));
  EXPECT_TRUE(
      with_files([](Files& files) { return files.write("file", sha256("old"), "new", {}); }));
  EXPECT_FALSE(std::filesystem::exists(drive(left)));
}

TEST_F(SftpFilesTest, LargeFile_GoesBothWays) {
  std::string bytes;
  for (int i = 0; i < 300'000; ++i) bytes += std::to_string(i);
  const auto written =
      with_files([bytes](Files& files) { return files.write("large", {}, bytes, {}); });
  EXPECT_TRUE(written);
  EXPECT_EQ(get("large"), bytes);
  const auto state = with_files([](Files& files) { return files.state("large"); });
  EXPECT_EQ(state.value()->digest, sha256(bytes));
  EXPECT_EQ(state.value()->size, bytes.size());
  const auto tail = with_files([](Files& files) { return files.tail("large", 10); });
  EXPECT_EQ(tail.value(), bytes.substr(bytes.size() - 10));
}

TEST_F(SftpFilesTest, RemoveRenameTouch_CompareFirst) {
  put("a", "1");
  put("b", "2");
  const auto wrong = with_files([](Files& files) { return files.remove("a", sha256("2")); });
  EXPECT_EQ(wrong.error().kind, ErrorKind::refused);
  const auto over = with_files([](Files& files) { return files.rename("a", "B", sha256("1")); });
  EXPECT_EQ(over.error().kind, ErrorKind::refused);
  EXPECT_TRUE(with_files([](Files& files) { return files.rename("a", "c", sha256("1")); }));
  EXPECT_EQ(get("c"), "1");
  const Timestamp at{std::chrono::seconds(900'000'000)};
  EXPECT_TRUE(with_files([at](Files& files) { return files.touch("c", at); }));
  const auto seen = with_files([](Files& files) { return files.modified("c"); });
  EXPECT_EQ(seen.value(), at);
  EXPECT_TRUE(with_files([](Files& files) { return files.remove("c", sha256("1")); }));
  const auto names = with_files([](Files& files) { return files.list(""); });
  EXPECT_THAT(names.value(), ElementsAre("b"));
}

TEST_F(SftpFilesTest, RootThatIsMissing_IsAClientThatIsOff) {
  operation_.client.root = (folder_.path() / "none").string();
  const auto state = with_files([](Files& files) { return files.state("x"); });
  EXPECT_EQ(state.error().kind, ErrorKind::unreachable);
  EXPECT_THAT(state.error().message, HasSubstr("is not there"));
}

TEST_F(SftpFilesTest, FullDisk_IsSaidAndLeavesTheOldFile) {
  const std::string disk = drive("disk").string();
  std::filesystem::create_directory(disk);
  if (::mount("sitewide-test", disk.c_str(), "tmpfs", 0, "size=64k") != 0)
    GTEST_SKIP() << "a small disk cannot be mounted here";
  put("disk/file", "old");
  const auto written = with_files([](Files& files) {
    return files.write("disk/file", sha256("old"), std::string(200'000, 'x'), {});
  });
  const std::string kept = get("disk/file");
  const auto names = with_files([](Files& files) { return files.list("disk"); });
  ::umount2(disk.c_str(), MNT_DETACH);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::io);
  EXPECT_THAT(written.error().message, HasSubstr("the disk is full"));
  EXPECT_EQ(kept, "old");
  EXPECT_THAT(names.value(), ElementsAre("file"));
}

}  // namespace
}  // namespace sitewide::test
