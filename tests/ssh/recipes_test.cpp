// Recipes of plans/recipes.md with the real programs: ssh against a real sshd, nsenter into real
// namespaces.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/cli/command_world.h"
#include "tests/support/ssh_server.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

/// The YAML of the first recipe that holds `word`.
std::string recipe_with(const std::string& word) {
  const std::string page = read_file(SITEWIDE_SOURCE_DIR "/plans/recipes.md");
  for (std::size_t at = page.find("```yaml\n"); at != page.npos; at = page.find("```yaml\n", at)) {
    at += 8;
    const std::string block = page.substr(at, page.find("```", at) - at);
    if (block.find(word) != block.npos) return block;
  }
  throw std::runtime_error("no recipe with " + word);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == text.npos) throw std::runtime_error("no " + from + " in the recipe");
  return text.replace(at, from.size(), to);
}

/// What any shell on the way would take apart.
constexpr const char* kHardName = "a b & c;$(id)'\"%PATH%";
constexpr const char* kGroups =
    "groups:\n"
    "  - name: all\n"
    "    select: name\n"
    "    method: command\n"
    "    attempts: 1\n"
    "    strict: false\n"
    "    command:\n"
    "      inspect: [test, -e, \"DIRa b & c;$(id)'\\\"%PATH%\"]\n"
    "      upgrade: [touch, \"DIRa b & c;$(id)'\\\"%PATH%\"]\n"
    "      verify: [test, -e, \"DIRa b & c;$(id)'\\\"%PATH%\"]\n";

std::string groups_in(const std::string& folder) {
  std::string text = kGroups;
  for (std::size_t at = text.find("DIR"); at != text.npos; at = text.find("DIR"))
    text.replace(at, 3, folder);
  return text;
}

TEST(Recipes, SshRun_KeepsArgumentsWhole_AndOneConnectionAMachine) {
  if (!SshServer::is_there()) GTEST_SKIP() << "openssh-server is not installed";
  const CommandWorld world;  // for its folder
  SshServer server(world.root() / "sshd");
  std::string inventory = "name,address\n";
  for (const char* name : {"pc1", "pc2", "pc3"})
    inventory += std::string(name) + "," + server.add(name).address + "\n";
  server.start();
  const std::string control = (world.root() / "control-%C").string();
  std::ofstream(server.config(), std::ios::app)
      << "  ControlMaster auto\n  ControlPath " << control << "\n  ControlPersist 30s\n";
  fs::create_directory_symlink(SITEWIDE_SOURCE_DIR "/examples/recipes", world.root() / "recipes");
  write_file(world.root() / "clients.csv", inventory);
  // These machines share one disk, so their records lie apart here.
  const std::string recipe = replaced(recipe_with("recipes/ssh-run"), "/var/lib/sitewide/attempts",
                                      (world.root() / "records-{client.name}").string());
  write_file(world.plan(), "version: 1\nname: recipe\ninventory: [{file: clients.csv}]\n" + recipe +
                               groups_in(""));
  const Finished run = Program(world.argv({"run", "--yes", world.plan()}),
                               {{"SSH_RUN_CONFIG", server.config().string()}})
                           .finish(std::chrono::seconds(60));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  for (const char* name : {"pc1", "pc2", "pc3"})
    EXPECT_TRUE(fs::exists(server.client(name).drive / kHardName)) << name;
  const std::string log = read_file(server.log());
  std::size_t logins = 0;
  for (std::size_t at = log.find("Accepted publickey"); at != log.npos;
       at = log.find("Accepted publickey", at + 1))
    ++logins;
  EXPECT_EQ(logins, 3U);
  server.stop();  // ends the connections that are kept
}

TEST(Recipes, Nsenter_KeepsArgumentsWhole_InTheNamespaceOfEachClient) {
  if (Program({"unshare", "--mount", "--uts", "true"}).finish().exit_code != 0)
    GTEST_SKIP() << "no namespaces can be made here";
  const CommandWorld world;
  std::vector<std::unique_ptr<Program>> machines;
  std::string inventory = "name,pid\n";
  for (const char* name : {"pc1", "pc2"}) {
    machines.push_back(std::make_unique<Program>(
        std::vector<std::string>{"unshare", "--mount", "--uts", "sh", "-c",
                                 "mount -t tmpfs none /mnt && echo up && exec sleep 600"}));
    ASSERT_TRUE(machines.back()->wait_for("up"));
    inventory += std::string(name) + "," + std::to_string(machines.back()->pid()) + "\n";
  }
  write_file(world.root() / "clients.csv", inventory);
  const std::string recipe =
      replaced(recipe_with("nsenter"), "/var/lib/sitewide/attempts", "/mnt/records");
  write_file(world.plan(), "version: 1\nname: recipe\ninventory: [{file: clients.csv}]\n" + recipe +
                               "defaults: {transport: namespaces}\n" + groups_in("/mnt/"));
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_FALSE(fs::exists(std::string("/mnt/") + kHardName)) << "it was done on this machine";
  for (const auto& machine : machines) {
    const Finished seen =
        Program({"nsenter", "--target", std::to_string(machine->pid()), "--mount", "ls", "/mnt"})
            .finish();
    EXPECT_THAT(seen.out, HasSubstr(kHardName));
  }
}

}  // namespace
}  // namespace sitewide::test
