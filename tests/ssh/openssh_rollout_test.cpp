// A rollout by the user's own ssh (`via: openssh`), and what `validate --probe` says of clients
// behind SSH servers, by either way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ssh/far_world.h"

namespace sitewide::test {
namespace {

using testing::_;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

void take_the_users_own_ssh(const FarWorld& world) {
  std::string text = read_file(world.plan());
  const std::string type = "type: ssh";
  for (std::size_t at = text.find(type); at != text.npos; at = text.find(type, at + 1))
    text.insert(at + type.size(), ", via: openssh");
  write_file(world.plan(), text);
}

std::string linux_group(const FarWorld& world) {
  return "  - name: linux\n    select: kind=linux\n" + world.upgrade();
}

TEST(RolloutViaOpenssh, WindowsByUpgradeBat_LinuxByACommand_AllAreUpgradedOnce) {
  SITEWIDE_NEEDS_WINDOWS();
  FarWorld world;
  world.add_lab({"--clients", "3", "--story", "quiet", "--logon-every", "2.5"});
  world.add_linux(4);
  world.server().start();
  world.write_plan(
      "  - name: windows\n    select: platform\n    transport: windows\n"
      "    method: upgrade_bat\n    strict: false\n    converge: {within: 60s, poll: 1s}\n" +
      linux_group(world));
  take_the_users_own_ssh(world);
  world.lab().play();
  const Finished probe = world.run({"validate", "--probe", world.plan()});
  EXPECT_EQ(probe.exit_code, 0) << probe.out << probe.err;
  EXPECT_THAT(probe.out, AllOf(HasSubstr("windows: asked 3 of 3 clients: 3 to upgrade"),
                               HasSubstr("reaches files and keeps no records of attempts"),
                               HasSubstr("linux: looked for 4 of 4 clients")));
  const Finished end = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(end.exit_code, 0) << end.out << end.err;
  EXPECT_THAT(world.log().client_states(), SizeIs(7));
  EXPECT_THAT(world.log().client_states(), Each(Pair(_, "upgraded")));
  for (const std::string& name : world.linux_clients()) EXPECT_EQ(world.upgrades(name), 1U) << name;
  EXPECT_TRUE(holds([&] { return world.server().sessions().empty(); }));
}

class ProbeOverSsh : public testing::TestWithParam<bool> {};

TEST_P(ProbeOverSsh, ClientsThatCannotBeReached_AreGroupedByWhatIsWrong) {
  if (!SshServer::is_there()) GTEST_SKIP() << "openssh-server is not installed";
  FarWorld world;
  world.add_linux(5);
  world.server().start();
  world.write_plan(linux_group(world));
  if (GetParam()) take_the_users_own_ssh(world);
  EXPECT_EQ(world.run({"validate", "--probe", world.plan()}).exit_code, 0);
  for (const char* name : {"pc0002", "pc0004"}) world.server().change_known_key(name);
  world.server().set("pc0003", SshServer::Fault::drop);
  const Finished probe = world.run({"validate", "--probe", world.plan()});
  EXPECT_EQ(probe.exit_code, 4) << probe.out << probe.err;
  EXPECT_THAT(probe.out, AllOf(HasSubstr("2 of 5 clients of linux: "), HasSubstr("host key"),
                               HasSubstr(": pc0002, pc0004\n"),
                               HasSubstr("1 of 5 clients of linux: "), HasSubstr(": pc0003\n")));
  EXPECT_TRUE(holds([&] { return world.server().sessions().empty(); }));
}

INSTANTIATE_TEST_SUITE_P(Ways, ProbeOverSsh, testing::Bool(), [](const auto& chosen) {
  return std::string(chosen.param ? "openssh" : "libssh");
});

}  // namespace
}  // namespace sitewide::test
