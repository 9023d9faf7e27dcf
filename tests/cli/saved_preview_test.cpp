// `preview --save` and `run FILE`: exactly what was previewed, or nothing and the reason, item by
// item.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "orchestrator/base/digest.h"
#include "tests/cli/command_world.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr int kInvalid = 3;
constexpr int kRefused = 4;

class SavedPreviewTest : public testing::Test {
 protected:
  std::string file() const { return (world_.root() / "monday").string(); }
  void save(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"preview", "--save", file(), world_.plan()};
    words.insert(words.end(), more.begin(), more.end());
    const Finished saved = world_.run(words);
    ASSERT_EQ(saved.exit_code, 0) << saved.err;
    EXPECT_THAT(saved.out, HasSubstr("sitewide run " + file()));
  }
  void edit_plan(const std::string& from, const std::string& to) const {
    std::string text = read_file(world_.plan());
    ASSERT_NE(text.find(from), std::string::npos);
    write_file(world_.plan(), text.replace(text.find(from), from.size(), to));
  }
  // Gives the saved file other content, with a digest that fits it.
  void forge(const std::string& from, const std::string& to) const {
    const std::string text = read_file(file());
    const std::string middle = "\",\"content\":";
    std::string content = text.substr(text.find(middle) + middle.size());
    content.resize(content.size() - 2);
    ASSERT_NE(content.find(from), std::string::npos) << from;
    content.replace(content.find(from), from.size(), to);
    write_file(file(), "{\"sitewide_preview\":1,\"sha256\":\"" + sha256(content).hex() + middle +
                           content + "}\n");
  }

  CommandWorld world_{"[touch, \"{client.root}/done\"]",
                      "      inspect: [test, -e, \"{client.root}/done\"]\n"};
};

TEST_F(SavedPreviewTest, NothingChanged_IsRunWithoutAQuestion) {
  save();
  struct stat status {};
  ASSERT_EQ(stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const Finished run = world_.run({"run", file()});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.err, HasSubstr("nothing changed since"));
  EXPECT_TRUE(std::filesystem::exists(world_.client(6) / "done"));
  EXPECT_THAT(world_.run({"log", "latest"}).out, HasSubstr("as saved in preview"));
  EXPECT_EQ(world_.run({"audit", "latest"}).exit_code, 0);
}

TEST_F(SavedPreviewTest, PlanChanged_IsRefusedAndNothingIsDone) {
  save();
  edit_plan("attempts: 1", "attempts: 2");
  const Finished run = world_.run({"run", file()});
  EXPECT_EQ(run.exit_code, kRefused);
  EXPECT_THAT(run.err, AllOf(HasSubstr("changed: plan " + world_.plan().string() + ": sha256"),
                             HasSubstr("1 change since")));
  EXPECT_TRUE(world_.untouched());
  EXPECT_FALSE(std::filesystem::exists(world_.journal()));
}

TEST_F(SavedPreviewTest, ClientsOfTheInventoryChanged_EachIsListed) {
  save();
  edit_plan("pc[01-06]", "pc[02-07]");
  const Finished run = world_.run({"run", file()});
  EXPECT_EQ(run.exit_code, kRefused);
  EXPECT_THAT(run.err, AllOf(HasSubstr("changed: client pc01: removed"),
                             HasSubstr("changed: client pc07: added, in group all wave 1"),
                             HasSubstr("3 changes since")));
}

TEST_F(SavedPreviewTest, DriftAccepted_RunsWhatWasSavedAndTheJournalHasTheList) {
  save();
  edit_plan("pc[01-06]", "pc[02-06]");
  const Finished run = world_.run({"run", "--accept-drift", file()});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(std::filesystem::exists(world_.client(1) / "done")) << "as it was saved";
  EXPECT_THAT(world_.run({"--json", "log", "latest"}).out,
              AllOf(HasSubstr("\"drift\":["), HasSubstr("client pc01: removed")));
  const Finished audit = world_.run({"audit", "latest"});
  EXPECT_EQ(audit.exit_code, 0) << audit.err;
}

TEST_F(SavedPreviewTest, DriftWithJson_IsAnObjectAnItemAndAnError) {
  save();
  edit_plan("attempts: 1", "attempts: 2");
  const Finished run = world_.run({"--json", "run", file()});
  EXPECT_EQ(run.exit_code, kRefused);
  EXPECT_THAT(run.out, HasSubstr("\"type\":\"drift\",\"item\":\"plan\""));
}

TEST_F(SavedPreviewTest, ClientInAnotherStateThanProbed_IsDrift) {
  save({"--probe"});
  write_file(world_.client(3) / "done", "");
  const Finished run = world_.run({"run", file()});
  EXPECT_EQ(run.exit_code, kRefused);
  EXPECT_THAT(run.err, HasSubstr("changed: client pc03: to upgrade → already current"));
}

TEST_F(SavedPreviewTest, ClientStateThatNobodyProbed_IsNotAskedFor) {
  save();
  write_file(world_.client(3) / "done", "");
  EXPECT_EQ(world_.run({"run", file()}).exit_code, 0);
}

TEST_F(SavedPreviewTest, OlderThanADay_IsRefused) {
  save();
  const std::string text = read_file(file());
  const std::size_t at = text.find("\"at\":");
  const std::string was = text.substr(at, text.find(',', at) - at);
  forge(was, "\"at\":1000000000000");
  const Finished run = world_.run({"run", file()});
  EXPECT_EQ(run.exit_code, kRefused);
  EXPECT_THAT(run.err, HasSubstr("changed: it was saved"));
}

TEST_F(SavedPreviewTest, ByteTurned_IsInvalidAndSaysSo) {
  save();
  std::string text = read_file(file());
  text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1);
  write_file(file(), text);
  const Finished run = world_.run({"run", file()});
  EXPECT_EQ(run.exit_code, kInvalid);
  EXPECT_THAT(run.err, HasSubstr("not what its digest says"));
  EXPECT_TRUE(world_.untouched());
}

TEST_F(SavedPreviewTest, PlanGone_IsDriftThatMayBeAccepted) {
  save();
  std::filesystem::remove(world_.plan());
  EXPECT_EQ(world_.run({"run", file()}).exit_code, kRefused);
  const Finished run = world_.run({"run", "--accept-drift", file()});
  EXPECT_EQ(run.exit_code, 0) << run.err;
}

TEST_F(SavedPreviewTest, SavedOverSomethingElse_LeavesItAsItIs) {
  const std::string plan = read_file(world_.plan());
  const Finished saved = world_.run({"preview", "--save", world_.plan(), world_.plan()});
  EXPECT_EQ(saved.exit_code, kRefused);
  EXPECT_EQ(read_file(world_.plan()), plan);
  save();
  save();
}

TEST_F(SavedPreviewTest, NarrowedOrAcceptedWhereItDoesNotFit_IsAMistake) {
  save();
  EXPECT_EQ(world_.run({"run", "--only", "name=pc01", file()}).exit_code, 2);
  EXPECT_EQ(world_.run({"run", "--yes", "--accept-drift", world_.plan()}).exit_code, 2);
}

TEST_F(SavedPreviewTest, SavedNarrowed_IsRunNarrowed) {
  save({"--only", "name=pc02"});
  EXPECT_EQ(world_.run({"run", file()}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(world_.client(2) / "done"));
  EXPECT_FALSE(std::filesystem::exists(world_.client(1) / "done"));
}

class SavedPreviewOfLab : public testing::Test {
 protected:
  void SetUp() override {
    const Finished saved = lab_->run({"preview", "--save", file(), lab_->plan()});
    ASSERT_EQ(saved.exit_code, 0) << saved.err;
  }
  std::string file() const { return (lab_->root() / "monday").string(); }
  std::filesystem::path staged() const {
    return lab_->root() / "hq/SMS/Site.srv/Maincfg.box/Client.src/X86.bin/Pcmwin32.exe";
  }

  std::unique_ptr<Lab> lab_ = small_lab();
};

TEST_F(SavedPreviewOfLab, SiteFileChanged_IsListedWithOldAndNewDigestAndSize) {
  const std::string was = sha256(read_file(staged())).brief();
  write_file(staged(), "other");
  const Finished run = lab_->run({"run", file()});
  EXPECT_EQ(run.exit_code, kRefused) << run.err;
  EXPECT_THAT(run.err,
              AllOf(HasSubstr("changed: site HQ: "), HasSubstr("(sha256 " + was + ") → 5 "),
                    HasSubstr("(sha256 " + sha256("other").brief() + ")")));
}

TEST_F(SavedPreviewOfLab, ShareOfALogonServerGone_IsListed) {
  std::filesystem::rename(lab_->root() / "s768aa1", lab_->root() / "away");
  const Finished run = lab_->run({"run", file()});
  EXPECT_EQ(run.exit_code, kRefused);
  EXPECT_THAT(run.err, HasSubstr("changed: logon server S768AA1 of site HQ: Upgrade.bat"));
}

TEST_F(SavedPreviewOfLab, PayloadChanged_CannotBeAccepted) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(lab_->root() / "hotfix")) {
    if (entry.path().filename() == "Pcmwin32.exe") write_file(entry.path(), "other");
  }
  const Finished run = lab_->run({"run", "--accept-drift", file()});
  EXPECT_EQ(run.exit_code, kRefused) << run.err;
  EXPECT_THAT(run.err, AllOf(HasSubstr("changed: artifact "), HasSubstr("nobody can accept that")));
  EXPECT_FALSE(std::filesystem::exists(lab_->state() / "q237690-1"));
}

}  // namespace
}  // namespace sitewide::test
