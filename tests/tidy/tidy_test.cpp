// Runs every rule over the whole tree, and over small texts that break it: a rule that cannot fail
// would not be a rule.
#include <gtest/gtest.h>

#include "tests/tidy/checks.h"

namespace sitewide::tidy {
namespace {

using Check = std::vector<Finding> (*)(const SourceFile&);

struct Rule {
  const char* name;
  Check check;
};

class EveryFile : public testing::TestWithParam<Rule> {};

TEST_P(EveryFile, KeepsTheRule) {
  static const std::vector<SourceFile> files = load_sources(SITEWIDE_SOURCE_DIR);
  ASSERT_GT(files.size(), 100U) << "the sources were not found";
  std::string broken;
  for (const SourceFile& file : files) {
    for (const Finding& finding : GetParam().check(file)) broken += to_string(finding) + "\n";
  }
  EXPECT_EQ(broken, "");
}

INSTANTIATE_TEST_SUITE_P(Tidy, EveryFile,
                         testing::Values(Rule{"Includes", check_includes},
                                         Rule{"CoreWords", check_core_words},
                                         Rule{"Sizes", check_sizes}, Rule{"Header", check_header},
                                         Rule{"Promises", check_promises},
                                         Rule{"Coroutines", check_coroutines},
                                         Rule{"LabApart", check_lab_apart}),
                         [](const auto& rule) { return std::string(rule.param.name); });

std::size_t findings(Check check, const char* path, const std::string& text) {
  return check(SourceFile(path, text)).size();
}

std::size_t include(const char* path, const std::string& target) {
  return findings(check_includes, path, "#include " + target + "\n");
}

TEST(Includes, LayersLookDownwardsOnly) {
  const char* const json = "orchestrator/views/json_lines.cpp";
  EXPECT_EQ(include("orchestrator/base/text.cpp", "\"orchestrator/core/event.h\""), 1U);
  EXPECT_EQ(include("orchestrator/core/event.cpp", "\"orchestrator/journal/journal.h\""), 1U);
  EXPECT_EQ(include("plans/loader.cpp", "\"adapters/files.h\""), 1U);
  EXPECT_EQ(include("adapters/exec.cpp", "\"adapters/sms/steps.h\""), 1U);
  EXPECT_EQ(include("adapters/sms/site/stage.cpp", "\"adapters/sms/client/steps.h\""), 1U);
  EXPECT_EQ(include("adapters/sms/client/proof.cpp", "\"adapters/sms/site/steps.h\""), 0U);
  EXPECT_EQ(include(json, "\"orchestrator/journal/journal.h\""), 1U);
  EXPECT_EQ(include("orchestrator/cli/run.cpp", "\"tests/support/dice.h\""), 1U);
  EXPECT_EQ(include("orchestrator/cli/run.cpp", "\"adapters/sms/steps.h\""), 0U);
  EXPECT_EQ(include(json, "\"orchestrator/core/event.h\""), 0U);
}

TEST(Includes, EngineAndPreviewSeeInterfacesOnly) {
  EXPECT_EQ(include("orchestrator/engine/engine.cpp", "\"adapters/adapter.h\""), 0U);
  EXPECT_EQ(include("orchestrator/engine/engine.cpp", "\"adapters/process.h\""), 1U);
  EXPECT_EQ(include("orchestrator/engine/engine.h", "\"orchestrator/journal/sqlite_journal.h\""),
            1U);
  EXPECT_EQ(include("orchestrator/preview/forecast.cpp", "\"orchestrator/views/plain.h\""), 1U);
  EXPECT_EQ(include("orchestrator/preview/forecast.cpp", "\"orchestrator/engine/engine.h\""), 0U);
}

TEST(Includes, PathsStartAtTheRoot) {
  EXPECT_EQ(include("plans/loader.cpp", "\"loader.h\""), 1U);
  EXPECT_EQ(include("plans/loader.cpp", "\"../orchestrator/core/plan.h\""), 1U);
}

TEST(Includes, LibrariesAreSeenByTheirWrappersOnly) {
  EXPECT_EQ(include("plans/loader.cpp", "<yaml-cpp/yaml.h>"), 1U);
  EXPECT_EQ(include("plans/document.cpp", "<yaml-cpp/mark.h>"), 0U);
  EXPECT_EQ(include("orchestrator/journal/lease.cpp", "<sqlite3.h>"), 1U);
  EXPECT_EQ(include("adapters/local.cpp", "<boost/process/v2/process.hpp>"), 1U);
  EXPECT_EQ(include("orchestrator/core/plan.h", "<boost/json.hpp>"), 1U);
  EXPECT_EQ(include("orchestrator/core/event_codec.cpp", "<boost/json.hpp>"), 0U);
  EXPECT_EQ(include("orchestrator/views/plain.cpp", "<spdlog/spdlog.h>"), 1U);
  EXPECT_EQ(include("orchestrator/journal/journal.h", "<boost/asio.hpp>"), 1U);
  EXPECT_EQ(include("plans/csv.cpp", "<boost/spirit/home/x3.hpp>"), 1U);
  EXPECT_EQ(include("orchestrator/core/time.cpp", "<unistd.h>"), 1U);
  EXPECT_EQ(include("orchestrator/core/time.cpp", "<charconv>"), 0U);
}

TEST(CoreWords, AreFoundInCodeOnly) {
  const char* const path = "orchestrator/core/decide.cpp";
  for (const char* bad :
       {"auto t = Clock::now();", "int i = rand();", "std::random_device d;", "std::getenv(name);",
        "std::thread t;", "std::mutex m;", "#include <fstream>", "#include <iostream>",
        "std::filesystem::path p;", "std::unordered_map<int, int> m;", "spdlog::info(x);",
        "boost::asio::post(x);", "co_await x;", "std::time(nullptr);"}) {
    EXPECT_GE(findings(check_core_words, path, bad), 1U) << bad;
  }
  for (const char* good : {"// now() is banned", "f(\"thread\");", "if (known(x)) y = brand;",
                           "void decide(Timestamp now);", "auto s = R\"(asio)\";"}) {
    EXPECT_EQ(findings(check_core_words, path, good), 0U) << good;
  }
  EXPECT_EQ(findings(check_core_words, "adapters/pool.cpp", "std::mutex m;"), 0U);
}

std::string lines(std::size_t count, const std::string& line = "  f();\n") {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += line;
  return text;
}

TEST(Sizes, FilesAndLinesHaveLimits) {
  EXPECT_EQ(findings(check_sizes, "plans/a.h", lines(400)), 0U);
  EXPECT_EQ(findings(check_sizes, "plans/a.h", lines(401)), 1U);
  EXPECT_EQ(findings(check_sizes, "examples/lab/a.py", lines(401)), 1U);
  EXPECT_EQ(findings(check_sizes, "plans/a.h", std::string(100, 'x') + "\n"), 0U);
  EXPECT_EQ(findings(check_sizes, "plans/a.h", std::string(101, 'x') + "\n"), 1U);
  EXPECT_EQ(findings(check_sizes, "plans/a.h", "// " + std::string(98, 'x') + "\n"), 1U);
  EXPECT_EQ(findings(check_sizes, "plans/a.h", "f(\"" + std::string(98, 'x') + "\");\n"), 1U);
  EXPECT_EQ(findings(check_sizes, "plans/a.h", "f(R\"(" + std::string(98, 'x') + ")\");\n"), 0U);
  EXPECT_EQ(findings(check_sizes, "tests/run.sh", std::string(121, 'x') + "\n"), 1U);
  EXPECT_EQ(findings(check_sizes, "plans/a.h", lines(50, "…") + "\n"), 0U);
}

TEST(Sizes, FunctionsHaveALimitWhereverTheyStand) {
  const std::string fits = lines(68);
  const std::string over = lines(69);
  for (const std::string head :
       {"void f() {\n", "Result<> A::f(int a,\n", "template <class T> auto f(T t) -> T {\n",
        "bool operator==(const A& a) {\n"}) {
    const std::string begin = head.ends_with("{\n") ? head : head + "  int b) {\n";
    const std::size_t extra = head.ends_with("{\n") ? 0 : 1;
    EXPECT_EQ(findings(check_sizes, "plans/a.cpp", begin + fits.substr(7 * extra) + "}\n"), 0U);
    EXPECT_EQ(findings(check_sizes, "plans/a.cpp", begin + over + "}\n"), 1U) << head;
  }
  EXPECT_EQ(findings(check_sizes, "plans/a.cpp",
                     "namespace a {\nclass B : public C {\n  int f() const {\n" + over + "}};\n}"),
            1U);
  EXPECT_EQ(findings(check_sizes, "plans/a.cpp", "A::A(int a)\n: a_{a}, b_(1) {\n" + over + "}\n"),
            1U);
  EXPECT_EQ(findings(check_sizes, "plans/a.cpp", "void f() {\nauto g = [&] {\n" + over + "};\n}"),
            1U);
}

TEST(Sizes, TablesAndClassesAreNoFunctions) {
  EXPECT_EQ(findings(check_sizes, "plans/a.cpp",
                     "const Key kKeys[] = {\n" + lines(80, "  {f(1), 2},\n") + "};\n"),
            0U);
  EXPECT_EQ(
      findings(check_sizes, "plans/a.h", "struct A {\n" + lines(80, "  int f(int a);\n") + "};\n"),
      0U);
}

TEST(Header, HasACommentAndIsIncludedOnce) {
  const std::string head = "// What this file is for.\n";
  EXPECT_EQ(findings(check_header, "plans/a.h", head + "#pragma once\n#include <map>\n"), 0U);
  EXPECT_EQ(findings(check_header, "plans/a.h", "#pragma once\n"), 1U);
  EXPECT_EQ(findings(check_header, "plans/a.h", head + "#include <map>\n#pragma once\n"), 1U);
  EXPECT_EQ(findings(check_header, "plans/a.h", head), 1U);
}

TEST(Promises, NameTheirIssue) {
  EXPECT_EQ(findings(check_promises, "plans/a.cpp", "// TODO: later\n"), 1U);
  EXPECT_EQ(findings(check_promises, "examples/lab/a.py", "# FIXME later\n"), 1U);
  EXPECT_EQ(findings(check_promises, "plans/a.cpp", "// TODO(#12): later\n"), 0U);
}

TEST(Coroutines, FormsThatTheCompilerBreaksAreFound) {
  for (const char* bad :
       {"co_await f({.name = s});", "co_await f(Agg{s});", "co_return co_await f(Agg{s});",
        "co_spawn(loop, f({s}), done);", "co_await f(std::vector<int>{s});",
        "co_await f(a, [s] { return s; });", "co_await [s]() -> awaitable<int> { co_return s; }();",
        "co_spawn(loop, run(), [this](std::exception_ptr e) { f(e); });",
        "co_await (b ? f() : g());", "x = b ? co_await f() : co_await g();",
        "auto x = g({s}, co_await f());", "if (co_await f(Agg{s})) {", "co_await Agg{s};"}) {
    EXPECT_GE(findings(check_coroutines, "adapters/a.cpp", bad), 1U) << bad;
  }
}

TEST(Coroutines, SafeFormsPass) {
  for (const char* good :
       {"auto p = f({s}); co_await std::move(p);", "co_return Agg{s};",
        "co_await f(std::move(named));", "if (co_await f(x)) { g({s}); }",
        "for (;;) { co_await f(x[1](y)); }", "auto run = [s] { return s; }; co_await g(run);",
        "auto outer = [x]() -> awaitable<void> { co_await f(x); };",
        "x = a ? b : c; co_await f(x);", "// co_await f({s})"}) {
    EXPECT_EQ(findings(check_coroutines, "adapters/a.cpp", good), 0U) << good;
  }
}

TEST(LabApart, NeitherSideLeansOnTheOther) {
  EXPECT_EQ(findings(check_lab_apart, "examples/lab/a.py", "from adapters.sms import steps\n"), 1U);
  EXPECT_EQ(findings(check_lab_apart, "examples/lab/a.py", "open('../../adapters/sms/x')\n"), 1U);
  EXPECT_EQ(findings(check_lab_apart, "examples/lab/a.py", "open('plans/catalogue/x')\n"), 1U);
  EXPECT_EQ(findings(check_lab_apart, "adapters/sms/a.cpp", "#include \"examples/lab/x.h\"\n"), 1U);
  EXPECT_EQ(findings(check_lab_apart, "adapters/sms/a.cpp", "#include \"adapters/pool.h\"\n"), 0U);
}

}  // namespace
}  // namespace sitewide::tidy
