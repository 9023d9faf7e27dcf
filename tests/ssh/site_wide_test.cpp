// A forced update of a whole site whose clients are reached over SSH and SFTP alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "tests/ssh/far_world.h"
#include "tests/support/lab_check.h"
#include "tests/support/smb_server.h"

namespace sitewide::test {
namespace {

using testing::_;
using testing::Each;
using testing::Pair;
using testing::SizeIs;

constexpr char kAll[] =
    "  - name: all\n    select: platform\n    transport: windows\n    method: site_wide\n"
    "    reaches: site\n    before_force: 4s\n    backoff: 2s\n"
    "    converge: {within: 60s, poll: 1s}\n";

/// Upgrades the lab's eight clients by a force and takes that back.
void upgrade_and_roll_back(const FarWorld& world) {
  const Finished end = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(end.exit_code, 0) << end.out << end.err;
  EXPECT_THAT(world.log().client_states(), SizeIs(8));
  EXPECT_THAT(world.log().client_states(), Each(Pair(_, "upgraded")));
  const Finished back = world.run({"rollback", "latest", "--yes"});
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
  EXPECT_THAT(world.log().client_states(), Each(Pair(_, "restored")));
}

TEST(SiteWideOverSsh, OnALab_EveryClientIsProvenOverSftpAndARollbackPutsAllBack) {
  SITEWIDE_NEEDS_WINDOWS();
  FarWorld world;
  Lab& lab = world.add_lab({"--clients", "8", "--story", "quiet"});
  world.server().start();
  world.write_plan(kAll);
  lab.play();
  upgrade_and_roll_back(world);
}

// Nothing of the site and of its clients is a folder to the controller.
TEST(SiteWideOverSsh, SiteOnSmb_IsForcedThereAndProvenOverSftp) {
  SITEWIDE_NEEDS_WINDOWS();
  const std::string missing = SmbServer::missing();
  if (!missing.empty()) GTEST_SKIP() << missing;
  FarWorld world;
  Lab& lab = world.add_lab({"--clients", "8", "--story", "quiet"});
  const SmbServer shares(lab.state().parent_path() / "samba",
                         {{"SMS_C", lab.root() / "hq"},
                          {"S768AA0", lab.root() / "s768aa0"},
                          {"S768AA1", lab.root() / "s768aa1"}});
  ::setenv("SMB_TEST_PASSWORD", SmbServer::kPassword, 1);
  lab.edit_plan("root: hq/SMS", "root: " + shares.url("SMS_C") + "/SMS\n    smb: {user: " +
                                    SmbServer::kUser + ", password: {env: SMB_TEST_PASSWORD}}");
  lab.edit_plan(
      "{S768AA0: s768aa0, S768AA1: s768aa1}",
      "{S768AA0: \"" + shares.url("S768AA0") + "\", S768AA1: \"" + shares.url("S768AA1") + "\"}");
  world.server().start();
  world.write_plan(kAll);
  lab.play();
  upgrade_and_roll_back(world);
  EXPECT_EQ(programs_with("--port=" + std::to_string(shares.port())), 0U);
}

}  // namespace
}  // namespace sitewide::test
