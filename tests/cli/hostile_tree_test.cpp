// Sites and clients whose folders are links that lead out of their root: the real program on the
// lab reads and writes nothing behind them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/lab.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A lab in which a file or folder was moved out of its root; a link stands there instead.
class HostileTree : public testing::Test {
 protected:
  HostileTree() : lab_({"--clients", "12", "--canary", "3", "--story", "quiet"}) {}

  void link_away(const fs::path& place) {
    outside_ = lab_.root().parent_path() / "outside";
    fs::rename(lab_.root() / place, outside_);
    fs::create_symlink(outside_, lab_.root() / place);
    before_ = content(outside_);
  }
  static std::map<std::string, std::string> content(const fs::path& path) {
    if (fs::is_directory(path)) return tree_of(path);
    return {{"", read_file(path)}};
  }
  /// Runs the plan; what lies outside must be as it was.
  Finished run() {
    lab_.play();
    Finished finished = lab_.run({"run", "--yes", lab_.plan()});
    EXPECT_NE(finished.exit_code, 0) << finished.out;
    EXPECT_NE(finished.exit_code, 1) << finished.err;
    EXPECT_EQ(content(outside_), before_) << "something was written behind the link";
    return finished;
  }

  Lab lab_;
  fs::path outside_;
  std::map<std::string, std::string> before_;
};

TEST_F(HostileTree, FolderOfASiteThatIsALink_IsRefusedBeforeAnythingIsDone) {
  link_away("hq/SMS/Site.srv/Maincfg.box/Client.src/X86.bin");
  const auto clients = tree_of(lab_.root() / "clients");
  const Finished finished = run();
  EXPECT_EQ(finished.exit_code, 4);
  EXPECT_THAT(finished.err, HasSubstr("link"));
  EXPECT_EQ(tree_of(lab_.root() / "clients"), clients);
}

TEST_F(HostileTree, FileOfASiteThatIsALink_IsNotReplaced) {
  link_away("hq/SMS/Site.srv/Maincfg.box/Client.src/X86.bin/Pcmwin32.exe");
  EXPECT_THAT(run().err, HasSubstr("link"));
}

TEST_F(HostileTree, FolderOfAClientThatIsALink_FailsTheClient) {
  link_away("clients/pc001/ms/sms/bin");
  EXPECT_THAT(run().out, HasSubstr("link"));
}

TEST_F(HostileTree, SmsIniThatIsALink_FailsTheClient) {
  link_away("clients/pc001/sms.ini");
  EXPECT_THAT(run().out, HasSubstr("link"));
}

/// The paths in Sms.ini are the client's word: one that leads off drive C: is refused.
TEST_F(HostileTree, FoldersThatSmsIniPutsElsewhere_FailTheClient) {
  outside_ = lab_.root().parent_path() / "outside";
  fs::create_directories(outside_);
  write_file(outside_ / "Pcmwin32.exe", "canary");
  before_ = content(outside_);
  const fs::path ini = lab_.root() / "clients/pc001/sms.ini";
  std::string text = read_file(ini);
  const std::size_t key = text.find("SMSBinPath=");
  ASSERT_NE(key, std::string::npos);
  const std::size_t end = text.find_first_of("\r\n", key);
  text.replace(key, end - key, "SMSBinPath=C:\\..\\..\\..\\outside");
  write_file(ini, text);
  EXPECT_THAT(run().out, HasSubstr("it leaves its root"));
}

}  // namespace
}  // namespace sitewide::test
