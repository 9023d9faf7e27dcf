// Whole plan files: tests/plans/good/ and bad/, judged by the loader and by the printed JSON
// Schema.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "plans/schema.h"
#include "tests/plans/loading.h"

namespace sitewide {
namespace {

using testing::contents;
using testing::source_file;

std::vector<std::string> plans_in(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(source_file("tests/plans/" + folder))) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

std::string run(const std::string& command) {
  std::string output;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  for (char buffer[4096]; const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe);) {
    output.append(buffer, count);
  }
  ::pclose(pipe);
  return output;
}

TEST(PlanFiles, Good_HaveNoErrors) {
  for (const std::string& path : plans_in("good")) {
    const LoadedPlan loaded = load_plan(path);
    EXPECT_FALSE(has_errors(loaded.problems)) << render(loaded.problems, loaded.files);
  }
}

/// expected.txt is the concise rendering of every bad plan, read and approved by a person.
TEST(PlanFiles, Bad_SayWhatIsExpected) {
  std::string text;
  for (const std::string& path : plans_in("bad")) {
    LoadedPlan loaded = load_plan(path);
    loaded.files[0].path = file_name(path);
    EXPECT_TRUE(has_errors(loaded.problems)) << path;
    std::string shown =
        render(loaded.problems, loaded.files, {DiagnosticFormat::concise, false, 20});
    shown.resize(shown.rfind('\n', shown.size() - 2) + 1);  // without the line that counts
    text += shown;
  }
  EXPECT_EQ(text, contents(source_file("tests/plans/bad/expected.txt")));
}

TEST(PlanFiles, EightMistakes_AreReportedInOrderWithPlaces) {
  const LoadedPlan loaded = load_plan(source_file("tests/plans/bad/eight_mistakes.yaml"));
  EXPECT_EQ(loaded.problems.size(), 8U) << render(loaded.problems, loaded.files);
  for (std::size_t i = 1; i < loaded.problems.size(); ++i) {
    EXPECT_GT(loaded.problems[i].place.line, loaded.problems[i - 1].place.line);
  }
}

/// Names in loader_only.txt; lines that begin with `#` are reasons.
std::set<std::string> loader_only() {
  std::set<std::string> names;
  std::istringstream lines(contents(source_file("tests/plans/loader_only.txt")));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.starts_with("#") ? std::string() : line);
    for (std::string word; words >> word;) names.insert(word + ".yaml");
  }
  return names;
}

TEST(Schema, EveryPlan_IsJudgedAsByTheLoader) {
  if (run("python3 -c 'import jsonschema, yaml' 2>&1") != "")
    GTEST_SKIP() << "python3-jsonschema is not installed";
  const auto schema = std::filesystem::path(::testing::TempDir()) / "sitewide_plan_schema.json";
  std::ofstream(schema) << plan_schema();
  std::string command =
      "python3 '" + source_file("tests/plans/schema_verdicts.py") + "' '" + schema.string() + "'";
  std::map<std::string, std::string> expected;
  const std::set<std::string> listed = loader_only();
  for (const std::string folder : {"good", "bad"}) {
    for (const std::string& path : plans_in(folder)) {
      command += " '" + path + "'";
      expected[file_name(path)] =
          folder == "good" || listed.count(file_name(path)) > 0 ? "good" : "bad";
    }
  }
  for (const std::string& name : listed)
    EXPECT_TRUE(expected.count(name) > 0) << name << " is no bad plan";
  std::istringstream lines(run(command + " 2>&1"));
  std::map<std::string, std::string> verdicts;
  for (std::string name, verdict; lines >> name >> verdict;) verdicts[name] = verdict;
  EXPECT_EQ(verdicts, expected);
}

}  // namespace
}  // namespace sitewide
