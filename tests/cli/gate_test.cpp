// Gates that ask, with the real program, real scripts and a real web server on this machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "tests/cli/command_world.h"
#include "tests/support/http_server.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kOneWave = "    on_breach: {rollback: none}\n";

// A check that answers by the lines of `answers`, one a call, the last for ever; calls are counted.
class Oracle {
 public:
  explicit Oracle(const CommandWorld& world) : root_(world.root()) {
    write_file(root_ / "oracle",
               "#!/bin/sh\n"
               "cd \"${0%/*}\" || exit 99\n"
               "echo asked $1 >>calls\n"
               "exec sh -c \"$(sed -n \"$(wc -l <calls)p;\\$p\" answers | head -n 1)\"\n");
    std::filesystem::permissions(root_ / "oracle", std::filesystem::perms::owner_all);
  }
  void answers(const std::string& lines) const { write_file(root_ / "answers", lines); }
  std::size_t calls() const {
    std::ifstream file(root_ / "calls");
    std::size_t count = 0;
    for (std::string line; std::getline(file, line);) ++count;
    return count;
  }

 private:
  std::filesystem::path root_;
};

std::string gate(const std::string& where, const std::string& what) {
  return std::string(kOneWave) + "    " + where + ": [" + what + "]\n";
}

const std::string kCheck = "{check: {run: [./oracle, x], attempts: 3, backoff: 1s, timeout: 20s}}";

TEST(GateRun, CheckThatPassesTheThirdTime_HoldsTheGroupBackUntilThen) {
  const CommandWorld world("[touch, \"{client.root}/done\"]", gate("before", kCheck));
  const Oracle oracle(world);
  oracle.answers("echo not yet; exit 75\nkill -9 $$\nexit 0\n");
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(oracle.calls(), 3U);
  EXPECT_THAT(run.out, HasSubstr("waits for check "));
  EXPECT_THAT(run.out, HasSubstr("(exit 75): exit 75: not yet"));
  EXPECT_THAT(run.out, HasSubstr("inconclusive: ended by signal 9"));
  EXPECT_LT(run.out.find("x passes"), run.out.find("wave 1 of 1 starts")) << run.out;
  const Finished audit = world.run({"audit", "latest"});
  EXPECT_EQ(audit.exit_code, 0) << audit.err;
  const Finished report = world.run({"report", "latest", "--html", world.root() / "report.html"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_THAT(read_file(world.root() / "report.html"), HasSubstr("check "));
}

TEST(GateRun, CheckThatFailsAfterAWave_HaltsAndSaysWhy) {
  const CommandWorld world("[touch, \"{client.root}/done\"]",
                           "    waves: [2, rest]\n" + gate("after_wave", kCheck));
  const Oracle oracle(world);
  oracle.answers("echo 2 tills are down; exit 1\n");
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 11) << run.out << run.err;
  EXPECT_EQ(oracle.calls(), 1U) << "a verdict is not asked for twice";
  EXPECT_THAT(run.out, HasSubstr("failed: exit 1: 2 tills are down"));
  EXPECT_THAT(run.out, Not(HasSubstr("wave 2 of 2 starts")));
  EXPECT_THAT(world.run({"log", "latest", "gate/all/1/1"}).out, HasSubstr("| 2 tills are down"))
      << "what it printed";
  EXPECT_FALSE(std::filesystem::exists(world.client(3) / "done"));
  oracle.answers("exit 0\n");
  const Finished resume = world.run({"resume", "latest"});
  EXPECT_EQ(resume.exit_code, 0) << resume.out << resume.err;
  EXPECT_TRUE(std::filesystem::exists(world.client(3) / "done"));
  EXPECT_EQ(oracle.calls(), 3U) << "anew, and after the last wave";
}

TEST(GateRun, CheckWithoutAVerdict_PausesAndContinueAsksAnew) {
  const CommandWorld world("[touch, \"{client.root}/done\"]", gate("before", kCheck));
  const Oracle oracle(world);
  oracle.answers("echo no data; exit 75\n");
  Program run(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(run.wait_for("is inconclusive, asked 3 times: exit 75: no data")) << run.out();
  EXPECT_EQ(world.run({"status", "latest"}).exit_code, 13);
  const Finished why = world.run({"why", "latest"});
  EXPECT_THAT(why.out, HasSubstr("is paused: all: check "));
  EXPECT_THAT(why.out, HasSubstr("asked 3 times"));
  EXPECT_TRUE(world.untouched());
  oracle.answers("exit 0\n");
  EXPECT_EQ(world.run({"continue", "latest"}).exit_code, 0);
  EXPECT_EQ(run.finish().exit_code, 0);
  EXPECT_EQ(oracle.calls(), 4U);
  EXPECT_EQ(world.run({"audit", "latest"}).exit_code, 0);
}

TEST(GateRun, ControllerKilledWhileItIsAsked_TheNextAsksAgain) {
  const CommandWorld world("[touch, \"{client.root}/done\"]", gate("before", kCheck));
  const Oracle oracle(world);
  oracle.answers("sleep 5; exit 1\nexit 0\n");
  Program run(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(run.wait_for("x starts")) << run.out();
  while (oracle.calls() == 0) ::usleep(10000);
  run.signal(SIGKILL);
  run.finish();
  const Finished resume = world.run({"resume", "latest"});
  EXPECT_EQ(resume.exit_code, 0) << resume.out << resume.err;
  EXPECT_EQ(oracle.calls(), 2U);
  EXPECT_EQ(world.run({"audit", "latest"}).exit_code, 0);
}

TEST(GateRun, GroupSkippedWhileItIsAsked_TheProgramIsEnded) {
  const CommandWorld world("[touch, \"{client.root}/done\"]", gate("before", kCheck));
  const Oracle oracle(world);
  oracle.answers("echo $$ >pid; exec sleep 61\n");
  Program run(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(run.wait_for("x starts")) << run.out();
  std::string pid;
  while (!(std::ifstream(world.root() / "pid") >> pid)) ::usleep(10000);
  // Paused, the rollout does not end at once: a controller that leaves ends nothing.
  EXPECT_EQ(world.run({"pause", "latest"}).exit_code, 0);
  EXPECT_EQ(world.run({"skip", "latest", "all"}).exit_code, 0);
  for (int tries = 0; tries < 1000 && ::kill(std::stoi(pid), 0) == 0; ++tries) ::usleep(10000);
  EXPECT_NE(::kill(std::stoi(pid), 0), 0) << "still runs";
  EXPECT_EQ(world.run({"continue", "latest"}).exit_code, 0);
  EXPECT_EQ(run.finish().exit_code, 0);
}

TEST(GateRun, Preview_SaysTheGatesInWords) {
  const CommandWorld world(
      "[touch, \"{client.root}/done\"]",
      gate("before", "{http: {url: \"http://127.0.0.1:1/health\"}}, " + kCheck +
                         ", {prometheus: {url: \"http://p\", query: up, at_least: 1}}"));
  const Oracle oracle(world);
  oracle.answers("exit 1\n");
  const Finished preview = world.run({"preview", world.plan()});
  EXPECT_EQ(preview.exit_code, 0) << preview.err;
  EXPECT_THAT(preview.out, HasSubstr("http http://127.0.0.1:1/health"));
  EXPECT_THAT(preview.out, HasSubstr("prometheus up at least 1"));
  EXPECT_EQ(oracle.calls(), 0U) << "a preview asks nobody";
}

TEST(GateRun, WebServerAndPrometheus_AreAskedUntilTheyAnswer) {
  const CommandWorld log;  // a folder of its own for what the server saw
  const std::filesystem::path requests = log.root() / "requests";
  const HttpServer server(requests);
  const std::string rest = ", attempts: 5, backoff: 1s, timeout: 5s}}";
  const CommandWorld world(
      "[touch, \"{client.root}/done\"]",
      gate("after_wave", "{http: {url: \"" + server.url("/fail/2/tills") + "\"" + rest +
                             ", {prometheus: {url: \"" + server.url("") +
                             "\", query: 'up{job=\"tills\"}', at_least: 1" + rest));
  std::ofstream(requests.string() + ".prometheus")
      << R"({"status":"success","data":{"resultType":"vector","result":[)"
      << R"({"metric":{"shop":"a"},"value":[1,"1"]}]}})";
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("inconclusive: status 503"));
  EXPECT_EQ(server.requests().size(), 4U) << "twice 503, 200, one query";
  EXPECT_THAT(run.out,
              HasSubstr("prometheus up{job=\"tills\"} at least 1 passes after wave 1 of 1"));
}

}  // namespace
}  // namespace sitewide::test
