// A forced update of a whole site whose clients are reached over SSH and SFTP alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ssh/far_world.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::_;
using testing::Each;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

TEST(SiteWideOverSsh, OnALab_EveryClientIsProvenOverSftpAndARollbackPutsAllBack) {
  SITEWIDE_NEEDS_WINDOWS();
  FarWorld world;
  Lab& lab = world.add_lab({"--clients", "8", "--story", "quiet"});
  world.server().start();
  world.write_plan(
      "  - name: all\n    select: platform\n    transport: windows\n    method: site_wide\n"
      "    reaches: site\n    before_force: 4s\n    backoff: 2s\n"
      "    converge: {within: 60s, poll: 1s}\n");
  lab.play();
  const Before before(lab);
  const Finished end = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(end.exit_code, 0) << end.out << end.err;
  EXPECT_THAT(world.log().client_states(), SizeIs(8));
  EXPECT_THAT(world.log().client_states(), Each(Pair(_, "upgraded")));
  const Finished back = world.run({"rollback", "latest", "--yes"});
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
  EXPECT_THAT(world.log().client_states(), Each(Pair(_, "restored")));
}

}  // namespace
}  // namespace sitewide::test
