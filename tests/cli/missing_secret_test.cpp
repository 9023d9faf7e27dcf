// Secrets that are not there when something is about to be done: it is refused, before steps are
// refused one by one and count as failures of their clients.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/cli/command_world.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;

constexpr const char* kRestore = "      restore: [rm, -f, \"{client.root}/done\"]\n";
constexpr const char* kMissing =
    "transport far cannot be reached over SSH: the secret in variable FAR_PASSWORD is missing";

/// Its clients are folders; a second transport needs a password.
class FarAndNear : public CommandWorld {
 public:
  explicit FarAndNear(const std::string& more = "")
      : CommandWorld("[touch, \"{client.root}/done\"]", kRestore + more) {
    std::string text = read_file(plan());
    const std::string far =
        "  far: {type: ssh, shell: posix, host: 127.0.0.1, user: sms,\n"
        "        password: {env: FAR_PASSWORD}}\n";
    text.insert(text.find("groups:"), far);
    text.insert(text.find("    method:"), "    transport: here\n");
    write_file(plan(), text);
  }
  Finished with_password(std::vector<std::string> arguments) const {
    return Program(argv(std::move(arguments)), {{"FAR_PASSWORD", "streng-geheim"}})
        .finish(std::chrono::seconds(60));
  }
};

void expect_refused(const Finished& finished, const std::string& missing = kMissing) {
  EXPECT_EQ(finished.exit_code, 4) << finished.out << finished.err;
  EXPECT_THAT(finished.err, HasSubstr(missing));
  EXPECT_THAT(finished.err, HasSubstr("nothing was done"));
}

TEST(MissingSecret, RunAndPreviewThatAsks_AreRefused) {
  const FarAndNear world;
  expect_refused(world.run({"run", "--yes", world.plan()}));
  expect_refused(world.run({"preview", "--probe", world.plan()}));
  EXPECT_FALSE(std::filesystem::exists(world.state() / "here-1"));
  EXPECT_TRUE(world.untouched());
  EXPECT_EQ(world.run({"preview", world.plan()}).exit_code, 0) << "it asks no clients";
}

TEST(MissingSecret, SavedPreview_IsRefusedAndNoDriftIsSeen) {
  const FarAndNear world;
  const std::string saved = world.root() / "saved";
  ASSERT_EQ(world.with_password({"preview", "--probe", "--save", saved, world.plan()}).exit_code,
            0);
  const Finished run = world.run({"run", "--yes", saved});
  expect_refused(run);
  EXPECT_THAT(run.err, testing::Not(HasSubstr("changed:")));
}

TEST(MissingSecret, Resume_IsRefused) {
  const FarAndNear world("    before: [{approval: board}]\n");
  Program run(world.argv({"run", "--yes", world.plan()}), {{"FAR_PASSWORD", "streng-geheim"}});
  ASSERT_TRUE(run.wait_for("waits for approval board"));
  run.signal(SIGKILL);
  run.finish();
  ASSERT_EQ(world.run({"approve", "latest", "all", "board"}).exit_code, 0);
  expect_refused(world.run({"resume"}));
  expect_refused(world.run({"resume", "--unattended"}));
  EXPECT_TRUE(world.untouched());
  EXPECT_EQ(world.with_password({"resume"}).exit_code, 0);
}

TEST(MissingSecret, Rollback_IsRefusedAndNobodyNeedsHands) {
  const FarAndNear world;
  ASSERT_EQ(world.with_password({"run", "--yes", world.plan()}).exit_code, 0);
  expect_refused(world.run({"rollback", "latest", "--yes"}));
  EXPECT_EQ(world.run({"status"}).exit_code, 0) << "it is as it was";
  EXPECT_EQ(world.run({"rollback", "latest", "--preview"}).exit_code, 0);
  EXPECT_EQ(world.with_password({"rollback", "latest", "--yes"}).exit_code, 0);
  EXPECT_TRUE(world.untouched());
}

TEST(MissingSecret, OfAGate_RefusesTheRunAndNoRollback) {
  const CommandWorld world(
      "[touch, \"{client.root}/done\"]",
      std::string(kRestore) +
          "    after_wave:\n"
          "      - http: {url: \"http://127.0.0.1:1/\", headers: {X-Key: {env: GATE_KEY}}}\n");
  expect_refused(world.run({"run", "--yes", world.plan()}),
                 "group all has a gate that cannot be asked (http http://127.0.0.1:1/): the secret "
                 "in variable GATE_KEY is missing");
  Program run(world.argv({"run", "--json", "--yes", world.plan()}), {{"GATE_KEY", "geheim"}});
  ASSERT_TRUE(run.wait_for("\"subject\":\"gate/all/1/1\""));
  run.signal(SIGKILL);
  run.finish();
  const Finished back = world.run({"rollback", "latest", "--yes"});
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
  EXPECT_TRUE(world.untouched());
}

}  // namespace
}  // namespace sitewide::test
