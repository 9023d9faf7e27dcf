// Whole rollouts by the real program on a lab whose site server and logon servers are reached
// through a real smbd alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <thread>

#include "tests/support/lab_check.h"
#include "tests/support/smb_server.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class SmbRollout : public testing::Test {
 protected:
  void SetUp() override {
    const std::string missing = SmbServer::missing();
    if (!missing.empty()) GTEST_SKIP() << missing;
    lab_ = small_lab();
    server_.emplace(lab_->state().parent_path() / "samba",
                    std::vector<SmbShare>{{"SMS_C", lab_->root() / "hq"},
                                          {"ReadOnly", lab_->root() / "hq", true},
                                          {"Full", lab_->root() / "full"},
                                          {"S768AA0", lab_->root() / "s768aa0"},
                                          {"S768AA1", lab_->root() / "s768aa1"},
                                          {"Clients", lab_->root() / "clients"}});
    use("SMS_C");
  }
  void TearDown() override {
    if (!server_) return;
    // The last of them may be at its end.
    for (int i = 0; i < 100 && smbclients() > 0; ++i) ::usleep(50'000);
    EXPECT_EQ(smbclients(), 0U);
  }

  /// Has the plan name the site by its shares. Batch files run from the folder behind a share,
  /// which a client would find by the UNC name that its batch program gets.
  void use(const std::string& share) {
    lab_->edit_plan("root: hq/SMS", "root: " + server_->url(share) + "/SMS\n    smb: {user: " +
                                        SmbServer::kUser + ", password: {env: SMB_TEST_PASSWORD}}");
    lab_->edit_plan("{S768AA0: s768aa0, S768AA1: s768aa1}",
                    "{S768AA0: \"" + server_->url("S768AA0") + "\", S768AA1: \"" +
                        server_->url("S768AA1") + "\"}");
    const std::string source = SITEWIDE_SOURCE_DIR;
    lab_->edit_plan(
        "[\"" + source + "/examples/lab/plain-batch\"",
        "[\"" + source + "/tests/smb/share_batch.sh\", \"" + lab_->root().string() + "\"");
  }
  /// Has clients' files be reached over SMB too.
  void use_for_clients() {
    lab_->edit_plan("    type: local\n",
                    "    type: local\n    files: smb\n    share: " + server_->url("Clients") +
                        "/{client.name}\n    smb: {user: " + SmbServer::kUser +
                        ", password: {env: SMB_TEST_PASSWORD}}\n");
  }
  Finished run(std::vector<std::string> arguments,
               const std::string& password = SmbServer::kPassword) {
    return run_on(*lab_, std::move(arguments), {{"SMB_TEST_PASSWORD", password}});
  }
  /// Runs until `words` are seen among the events, then kills the controller.
  void kill_at(std::vector<std::string> arguments, const std::string& words) {
    arguments.emplace_back("--json");
    Program program(lab_->argv(std::move(arguments)),
                    {{"SMB_TEST_PASSWORD", SmbServer::kPassword}});
    ASSERT_TRUE(program.wait_for(words)) << words << " was never seen\n" << program.out();
    program.signal(SIGKILL);
    ASSERT_EQ(program.finish().exit_code, 128 + SIGKILL);
  }
  /// Those that ask this server.
  std::size_t smbclients() const {
    return programs_with("--port=" + std::to_string(server_->port()));
  }
  void expect_upgraded(const Finished& run) {
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
    const std::string place = "Site.srv/Maincfg.box/Client.src/X86.bin/Pcmwin32.exe";
    const std::string hotfix = read_file(lab_->root() / "hotfix/x86/Pcmwin32.exe");
    EXPECT_EQ(read_file(lab_->root() / "hq/SMS" / place), hotfix);
    EXPECT_THAT(left_temporaries(*lab_), IsEmpty());
    EXPECT_THAT(survivors(*lab_), IsEmpty());
    const Finished audit = lab_->run({"audit", "latest"});
    EXPECT_EQ(audit.exit_code, 0) << audit.out << audit.err;
  }

  std::unique_ptr<Lab> lab_;
  std::optional<SmbServer> server_;
};

TEST_F(SmbRollout, SiteOnSmb_IsStagedForcedAndProven) {
  lab_->play();
  expect_upgraded(run({"run", "--yes", lab_->plan()}));
}

TEST_F(SmbRollout, ClientsFilesOnSmbToo_AreUpgradedAndRolledBack) {
  const Before before(*lab_);
  use_for_clients();
  lab_->play();
  expect_upgraded(run({"run", "--yes", lab_->plan()}));
  const Finished back = run({"rollback", "latest", "--yes"});
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
  EXPECT_THAT(before.stays_changed("hq/SMS/Site.srv"), IsEmpty());
}

TEST_F(SmbRollout, ControllerThatIsKilled_ResumesToTheSameEnd) {
  use_for_clients();
  lab_->play();
  kill_at({"run", "--yes", lab_->plan()}, "\"step\":\"stage\"");
  kill_at({"resume", "latest"}, "\"step\":\"trigger\"");
  kill_at({"resume", "latest"}, "\"step\":\"force\"");
  expect_upgraded(run({"resume", "latest"}));
  EXPECT_THAT(log_of(*lab_).triggered_twice(), IsEmpty());
}

TEST_F(SmbRollout, ServerThatGoesAway_IsWaitedForAndFoundAgain) {
  lab_->play();
  Program program(lab_->argv({"run", "--yes", "--json", lab_->plan().string()}),
                  {{"SMB_TEST_PASSWORD", SmbServer::kPassword}});
  ASSERT_TRUE(program.wait_for("\"step\":\"replicate\"")) << program.out();
  server_->stop();
  std::this_thread::sleep_for(std::chrono::seconds(2));
  server_->start();
  expect_upgraded(program.finish());
}

TEST_F(SmbRollout, WrongPassword_IsRefusedBeforeAnythingIsDone) {
  const Finished refused = run({"run", "--yes", lab_->plan()}, "wrong");
  EXPECT_EQ(refused.exit_code, 4) << refused.out << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("wrong user or password (NT_STATUS_LOGON_FAILURE)"));
  EXPECT_THAT(refused.err, HasSubstr("nothing was done"));
}

TEST_F(SmbRollout, MissingPassword_IsWarnedOfAndRefused) {
  const Finished refused = run({"run", "--yes", lab_->plan()}, "");
  EXPECT_EQ(refused.exit_code, 4) << refused.out << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("site HQ cannot be reached over SMB: the secret in variable "
                                     "SMB_TEST_PASSWORD is missing"));
  const Finished validate = run({"validate", lab_->plan()}, "");
  EXPECT_EQ(validate.exit_code, 0) << validate.out << validate.err;
  EXPECT_THAT(validate.out + validate.err, HasSubstr("`run` refuses until it is there"));
}

TEST_F(SmbRollout, Probe_LooksAtSharesAndSaysWhatIsMissing) {
  use_for_clients();
  const Finished well = run({"validate", "--probe", lab_->plan()});
  EXPECT_EQ(well.exit_code, 0) << well.out << well.err;
  EXPECT_THAT(well.out, HasSubstr("Nothing is missing."));
  const Finished wrong = run({"validate", "--probe", lab_->plan()}, "wrong");
  EXPECT_EQ(wrong.exit_code, 4) << wrong.out << wrong.err;
  EXPECT_THAT(wrong.out, HasSubstr("logon server S768AA0, "));
  EXPECT_THAT(wrong.out, HasSubstr("wrong user or password (NT_STATUS_LOGON_FAILURE)"));
  std::filesystem::remove(lab_->root() / "s768aa1/Upgrade.bat");
  const Finished missing = run({"validate", "--probe", lab_->plan()});
  EXPECT_EQ(missing.exit_code, 4) << missing.out << missing.err;
  EXPECT_THAT(missing.out, HasSubstr("/S768AA1: Upgrade.bat is not in its root"));
  server_->stop();
  const Finished away = run({"validate", "--probe", lab_->plan()});
  EXPECT_EQ(away.exit_code, 4) << away.out << away.err;
  EXPECT_THAT(away.out, HasSubstr("cannot be read: "));
  EXPECT_THAT(away.out, HasSubstr("connection refused"));
}

TEST_F(SmbRollout, ReadOnlyShare_FailsTheStageAndHaltsWithItsWords) {
  const auto before = tree_of(lab_->root() / "hq/SMS/Site.srv/Maincfg.box");
  lab_->edit_plan("/SMS_C/SMS", "/ReadOnly/SMS");
  lab_->edit_plan("replication: {", "attempts: 2\n    backoff: 1s\n    replication: {");
  lab_->play();
  const Finished halted = run({"run", "--yes", lab_->plan()});
  EXPECT_EQ(halted.exit_code, 11) << halted.out << halted.err;
  EXPECT_THAT(run({"log", "latest"}).out, HasSubstr("access denied: read-only for this user"));
  EXPECT_EQ(tree_of(lab_->root() / "hq/SMS/Site.srv/Maincfg.box"), before);
}

TEST_F(SmbRollout, FullDisk_FailsTheStageAndHaltsWithItsWords) {
  const auto full = lab_->root() / "full";
  const TinyDisk disk(full, 8192);
  if (!disk.is_mounted()) GTEST_SKIP() << "needs the right to mount a small tmpfs";
  const std::string copy = "cp -a " + (lab_->root() / "hq").string() + "/. " + full.string();
  ASSERT_EQ(std::system(copy.c_str()), 0);  // with the files' times
  const auto before = tree_of(full / "SMS/Site.srv/Maincfg.box");
  std::ofstream filler(full / "filler", std::ios::binary);
  while (filler << std::string(4096, 'x') << std::flush) {
  }
  lab_->edit_plan("/SMS_C/SMS", "/Full/SMS");
  lab_->edit_plan("replication: {", "attempts: 2\n    backoff: 1s\n    replication: {");
  const Finished halted = run({"run", "--yes", lab_->plan()});
  EXPECT_EQ(halted.exit_code, 11) << halted.out << halted.err;
  EXPECT_THAT(run({"log", "latest"}).out, HasSubstr("the disk is full (NT_STATUS_DISK_FULL)"));
  EXPECT_EQ(tree_of(full / "SMS/Site.srv/Maincfg.box"), before);
  EXPECT_THAT(left_temporaries(full), IsEmpty());
}

}  // namespace
}  // namespace sitewide::test
