// --json: standard output is nothing but JSON objects, one a line, from every command and also when
// it fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <csignal>
#include <sstream>

#include "tests/cli/command_world.h"
#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

// Every line as an object; a failure when one is not.
std::vector<boost::json::object> lines_of(const std::string& text) {
  std::vector<boost::json::object> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse(line, error);
    EXPECT_TRUE(!error && value.is_object()) << line;
    if (!error && value.is_object()) lines.push_back(value.get_object());
  }
  return lines;
}

TEST(Json, EveryCommand_PrintsOnlyObjects) {
  const CommandWorld world("[touch, \"{client.root}/done\"]",
                           "      restore: [rm, -f, \"{client.root}/done\"]\n");
  const std::string report = (world.root() / "report.html").string();
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"validate", world.plan()},
           {"preview", world.plan()},
           {"preview", "--probe", "--what-if", "failed=5%", world.plan()},
           {"list"},
           {"prune"},
           {"run", "--yes", world.plan()},
           {"resume"},
           {"status"},
           {"watch"},
           {"list"},
           {"why", "latest"},
           {"why", "latest", "pc01"},
           {"log", "latest"},
           {"log", "latest", "pc01"},
           {"audit", "latest"},
           {"report", "latest", "--html", report},
           {"report", "latest", "--csv", report + ".csv", "--junit", report + ".xml"},
           {"rollback", "latest", "--preview"},
           {"rollback", "latest", "--yes"},
           {"prune"},
           {"schema"},
           {"catalogue"},
           {"catalogue", "Q237690"},
           {"init", world.root() / "new.yaml", "--method", "command"},
           {"completion", "bash"},
           {"man", "run"},
       }) {
    SCOPED_TRACE(testing::PrintToString(command));
    std::vector<std::string> words = command;
    words.insert(words.begin(), "--json");
    const Finished finished = world.run(words);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    const bool empty = finished.out.empty() && (command[0] == "list" || command[0] == "prune");
    if (!empty) {
      EXPECT_FALSE(lines_of(finished.out).empty());
    }
  }
}

TEST(Json, Mistakes_AreObjectsWithTheirExitCode) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const std::vector<std::pair<int, std::vector<std::string>>> cases = {
      {2, {"frobnicate"}},
      {2, {"run"}},
      {2, {"status", "--wrong"}},
      {4, {"run", world.plan()}},
      {4, {"status", "nothing-7"}},
      {4, {"why", "latest", "pc99"}},
      {4, {"log", "latest", "pc99"}},
      {4, {"audit", "nothing-7"}},
      {4, {"report", "latest", "--html", "/nowhere/at/all.html"}},
      {4, {"rollback", "latest", "--yes"}},
      {4, {"pause", "latest"}},
      {4, {"continue", "latest"}},
      {4, {"abort", "latest"}},
      {4, {"approve", "latest", "all", "x"}},
      {4, {"skip", "latest", "pc01"}},
      {4, {"retry", "latest"}},
      {4, {"acknowledge", "latest", "--reason", "x"}},
      {4, {"catalogue", "Q1"}},
  };
  for (const auto& [code, command] : cases) {
    SCOPED_TRACE(testing::PrintToString(command));
    std::vector<std::string> words = command;
    words.emplace_back("--json");
    const Finished finished = world.run(words);
    EXPECT_EQ(finished.exit_code, code) << finished.out;
    const auto lines = lines_of(finished.out);
    ASSERT_FALSE(lines.empty()) << finished.err;
    EXPECT_EQ(lines.back().at("type"), "error");
    EXPECT_EQ(lines.back().at("exit_code"), code);
  }
}

TEST(Json, ProblemsOfAPlan_AreObjectsWithPlaces) {
  const Finished finished =
      sitewide({"--json", "run", "--yes", source_dir() + "/tests/plans/bad/eight_mistakes.yaml"});
  EXPECT_EQ(finished.exit_code, 3);
  const auto lines = lines_of(finished.out);
  ASSERT_EQ(lines.size(), 8U);
  EXPECT_EQ(lines.front().at("line"), 6);
  EXPECT_EQ(lines.back().at("line"), 23);
}

TEST(Json, RunThatIsInterrupted_EndsInASummary) {
  const CommandWorld world(CommandWorld::slow());
  Program run(world.argv({"--json", "run", "--yes", world.plan()}));
  ASSERT_TRUE(run.wait_for("step_started"));
  run.signal(SIGTERM);
  const Finished finished = run.finish();
  EXPECT_EQ(finished.exit_code, 143);
  const auto lines = lines_of(finished.out);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.front().at("type"), "stream");
  EXPECT_EQ(lines.back().at("type"), "summary");
  EXPECT_EQ(lines.back().at("exit_code"), 143);
}

}  // namespace
}  // namespace sitewide::test
