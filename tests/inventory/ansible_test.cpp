// `- ansible:` through the real ansible-inventory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/inventory/asked_world.h"

namespace sitewide::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kHosts = R"([hq]
pc[001:003] ring=canary
pc004 ring=rest ansible_password=streng-geheim db_token=streng-geheim

[plant]
kiosk1 note="{{ nothing }}"

[works:children]
hq
plant

[works:vars]
os=nt
floor=3
)";

class AnsibleSourceTest : public ::testing::Test {
 protected:
  AnsibleSourceTest() : world_("  - ansible: hosts.ini\n    labels: {site: HQ}\n") {
    world_.file("hosts.ini", kHosts);
  }
  void SetUp() override {
    if (std::system("command -v ansible-inventory >/dev/null") != 0)
      GTEST_SKIP() << "ansible-inventory is not installed";
  }
  Finished validate() const { return world_.run({"validate", "--inventory", "PLAN"}); }
  /// How many clients `select` takes.
  std::string taken(const std::string& inventory, const std::string& select) {
    world_.plan(inventory, select);
    const Finished finished = validate();
    return finished.exit_code == 0 ? finished.out.substr(0, finished.out.find('\n')) : finished.err;
  }

  AskedWorld world_;
};

TEST_F(AnsibleSourceTest, Run_GoesToItsEndAndKeepsNoSecret) {
  for (const char* name : {"pc001", "pc002", "pc003", "pc004", "kiosk1"}) world_.client(name);
  const Finished finished = world_.run({"run", "--yes", "PLAN"});
  ASSERT_EQ(finished.exit_code, 0) << finished.out << finished.err;
  EXPECT_TRUE(world_.upgraded("pc003") && world_.upgraded("kiosk1"));
  for (const auto& [path, bytes] : tree_of(world_.root() / "state"))
    EXPECT_THAT(bytes, Not(HasSubstr("streng-geheim"))) << path;
}

TEST_F(AnsibleSourceTest, VariablesAndGroups_AreLabels) {
  const std::string source = "  - ansible: hosts.ini\n";
  EXPECT_THAT(taken(source, "group.works"), HasSubstr("valid; 5 clients"));
  EXPECT_THAT(taken(source, "group.hq, ring!=rest"), HasSubstr("valid; 3 clients"));
  EXPECT_THAT(taken(source, "!group.plant, os=nt, floor=3"), HasSubstr("valid; 4 clients"));
  EXPECT_THAT(taken(source, "name=pc002"), HasSubstr("valid; 1 client"));
}

TEST_F(AnsibleSourceTest, WhatIsNoLabel_IsCountedAndSaid) {
  const Finished finished = validate();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.err,
              HasSubstr("host variables left out as labels: 1 secret (`db_token`); 1 template that "
                        "only a play resolves (`note`)"));
}

TEST_F(AnsibleSourceTest, Vault_NeverBecomesALabel) {
  world_.file("hosts.yaml", R"(all:
  hosts:
    pc1:
      ring: canary
      door: !vault |
        $ANSIBLE_VAULT;1.1;AES256
        62313365396662343061393464336163383764373764613633653634306231386433626436623361
        6134333665353966363534333632666535333761666131620a663537646436643839616531643561
        63396265333963386166373862626665353534373463373062646362393262656539636633643662
        3661303837656165300a363232323262383866643430326363663862303036303139643663356431
        6636
)");
  world_.plan("  - ansible: hosts.yaml\n", "door");
  const Finished finished = validate();
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_THAT(finished.err, HasSubstr("no client has a label `door`"));
  EXPECT_THAT(finished.err, HasSubstr("1 secret (`door`)"));
}

TEST_F(AnsibleSourceTest, FolderAndScript_AreInventoriesToo) {
  std::filesystem::create_directories(world_.root() / "folder" / "group_vars");
  world_.file("folder/hosts", "[hq]\npc[1:2]\n");
  world_.file("folder/group_vars/hq.yml", "ring: canary\nport: 22\n");
  EXPECT_THAT(taken("  - ansible: folder\n", "ring=canary, port=22"),
              HasSubstr("valid; 2 clients"));
  world_.file("hosts.sh",
              "#!/bin/sh\necho '{\"hq\": {\"hosts\": [\"pc1\"], \"vars\": {\"ring\": \"canary\"}},"
              " \"_meta\": {\"hostvars\": {}}}'\n",
              true);
  EXPECT_THAT(taken("  - ansible: hosts.sh\n", "ring=canary, group.hq"),
              HasSubstr("valid; 1 client"));
}

TEST_F(AnsibleSourceTest, BrokenInventory_IsAnErrorWithAnsiblesWords) {
  world_.file("hosts.ini", "[hq\npc1\n");
  const Finished broken = validate();
  EXPECT_EQ(broken.exit_code, 3);
  EXPECT_THAT(broken.err, HasSubstr("ansible hosts.ini: it ended with exit code "));
  EXPECT_THAT(broken.err, HasSubstr("Completely failed to parse inventory source"));
  std::filesystem::remove(world_.root() / "hosts.ini");
  const Finished missing = validate();
  EXPECT_EQ(missing.exit_code, 3);
  EXPECT_THAT(missing.err, HasSubstr("hosts.ini"));
}

/// Ansible itself would leave out the broken file with a warning, and list the rest.
TEST_F(AnsibleSourceTest, BrokenFileOfAFolder_IsAnErrorAndNeverAShorterList) {
  std::filesystem::create_directories(world_.root() / "folder");
  world_.file("folder/a.ini", "pc1\n");
  world_.file("folder/b.yaml", "all: [\n");
  EXPECT_THAT(taken("  - ansible: folder\n", "name"), HasSubstr("it ended with exit code "));
}

TEST_F(AnsibleSourceTest, EmptyInventory_IsAnError) {
  world_.file("hosts.ini", "[hq]\n");
  EXPECT_THAT(validate().err, HasSubstr("ansible hosts.ini: it lists no hosts at all"));
}

TEST_F(AnsibleSourceTest, LocaleThatAnsibleCannotUse_DoesNotMatter) {
  EXPECT_EQ(world_.run({"validate", "--inventory", "PLAN"}, {{"LC_ALL", "C"}}).exit_code, 0);
}

TEST_F(AnsibleSourceTest, WithoutAnsible_TheErrorSaysWhatIsMissing) {
  const Finished finished = world_.run({"validate", "--inventory", "PLAN"}, {{"PATH", "/nowhere"}});
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_THAT(finished.err, HasSubstr("ansible hosts.ini: it cannot be started: "));
}

}  // namespace
}  // namespace sitewide::test
