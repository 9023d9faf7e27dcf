// A preview writes nothing anywhere: not by what lies on the disk before and after, and not by
// what the kernel was asked for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "orchestrator/cli/preview_parts.h"
#include "tests/cli/command_world.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;

// Calls that change something outside the program, or start another one.
constexpr const char* kTraced =
    "trace=open,openat,openat2,creat,rename,renameat,renameat2,mkdir,mkdirat,unlink,unlinkat,rmdir,"
    "link,linkat,symlink,symlinkat,mknod,mknodat,truncate,ftruncate,chmod,fchmod,fchmodat,chown,"
    "fchown,fchownat,utimensat,setxattr,fsetxattr,execve,execveat,fork,vfork,clone,clone3,connect,"
    "bind";

// Whether a traced call is harmless: opened for reading only, a thread of our own, or the program's
// own start.
bool harmless(const std::string& call) {
  const auto has = [&](const char* text) { return call.find(text) != std::string::npos; };
  if (has("open")) return has("O_RDONLY") && !has("O_CREAT") && !has("O_TRUNC");
  if (has("clone")) return has("CLONE_THREAD");
  return has("--- SIG") || has("+++ exited") || has("resumed>");
}

TEST(Preview, LeavesEveryByteAsItWas) {
  Lab lab({"--clients", "8", "--canary", "2", "--story", "quiet"});
  const auto before = tree_of(lab.root());
  const Finished preview = lab.run({"preview", lab.plan()});
  EXPECT_EQ(preview.exit_code, 0) << preview.err;
  EXPECT_EQ(tree_of(lab.root()), before);
  EXPECT_FALSE(std::filesystem::exists(lab.state()));
}

// No record, no certainty: preview and validate say so before anything is done.
TEST(Preview, UpgradeThatMayArriveAfterItsRestore_IsWarnedOf) {
  const CommandWorld world("[sh, -c, 'true']",
                           "      restore: [sh, -c, 'true']\n      repeatable: true\n");
  const auto validated = [&] { return world.run({"validate", world.plan()}).out; };
  const auto previewed = [&] { return world.run({"preview", world.plan()}).out; };
  EXPECT_THAT(validated(), testing::Not(HasSubstr("may arrive after that")));
  EXPECT_THAT(previewed(), testing::Not(HasSubstr("keeps no record of its upgrade")));
  std::string plan = read_file(world.plan());
  const std::size_t begin = plan.find("{type: local");
  plan.replace(begin, plan.find('\n', begin) - begin, "{type: exec, run: [env, \"{argv}\"]}");
  write_file(world.plan(), plan);
  EXPECT_THAT(validated(),
              HasSubstr("may arrive after that, since transport here keeps no record"));
  EXPECT_THAT(previewed(),
              HasSubstr("keeps no record of its upgrade, so one that was never heard of may "
                        "arrive after its client was put back"));
}

TEST(Preview, AsksTheKernelForNoWriteNoRenameNoProcess) {
  if (Program({"strace", "-V"}).finish().exit_code != 0) GTEST_SKIP() << "strace is not installed";
  Lab lab({"--clients", "8", "--canary", "2", "--story", "quiet"});
  const std::filesystem::path trace = lab.root().parent_path() / "trace";
  std::vector<std::string> argv = {"strace", "-f", "-q", "-e", kTraced, "-o", trace.string()};
  for (const std::string& word : lab.argv({"preview", lab.plan()})) argv.push_back(word);
  // LeakSanitizer cannot look at a program that is traced.
  const Finished preview = Program(argv, {{"ASAN_OPTIONS", "detect_leaks=0"}}).finish();
  if (preview.err.find("PTRACE") != std::string::npos) GTEST_SKIP() << "tracing is not permitted";
  ASSERT_EQ(preview.exit_code, 0) << preview.err;
  std::istringstream calls(read_file(trace));
  std::size_t count = 0;
  for (std::string call; std::getline(calls, call); ++count) {
    const bool start = count == 0 && call.find("execve(") != std::string::npos;
    EXPECT_TRUE(start || harmless(call)) << call;
  }
  EXPECT_GT(count, 10U) << "a trace that saw nothing proves nothing";
}

TEST(Preview, SaysWhatAPersonNeedsToDecide) {
  const CommandWorld world(CommandWorld::failing());
  const Finished preview = world.run({"preview", world.plan()});
  EXPECT_THAT(preview.out, HasSubstr("6 clients"));
  EXPECT_THAT(preview.out, HasSubstr("upgrade:"));
  EXPECT_THAT(preview.out, HasSubstr("the 1st failure halts"));
  EXPECT_THAT(preview.out, HasSubstr("in_flight 32")) << "defaults are named with their values";
  EXPECT_THAT(preview.out, HasSubstr("Nothing was changed."));
  EXPECT_THAT(preview.out, HasSubstr("sitewide run " + world.plan().string()));
}

TEST(Preview, WhatIf_SaysHowOftenItIsStoppedAndTheSameEachTime) {
  const CommandWorld world;
  const std::vector<std::string> words = {"preview", "--what-if", "failed=20%",
                                          "--seeds", "200",       world.plan()};
  const std::string first = world.run(words).out;
  const std::string table = first.substr(first.find("What if 20%"));
  EXPECT_THAT(table, HasSubstr("200 seeds, 1,200 client-plays"));
  EXPECT_THAT(table, HasSubstr("all wave 1"));
  EXPECT_THAT(table, HasSubstr("more failed than tolerated"));
  EXPECT_THAT(table, HasSubstr("touched when it was stopped (seed "));
  const std::string again = world.run(words).out;
  EXPECT_EQ(again.substr(again.find("What if 20%")), table);
  EXPECT_EQ(world.run({"preview", "--what-if", "failed=3", world.plan()}).exit_code, 2);
  EXPECT_EQ(world.run({"preview", "--seeds", "3", world.plan()}).exit_code, 2);
}

TEST(Preview, SmallFirstWave_SaysHowLittleItProves) {
  const CommandWorld world("[\"true\"]", "    waves: [3, rest]\n");
  EXPECT_THAT(world.run({"preview", world.plan()}).out,
              HasSubstr("before wave 2 of all (3 clients): 3 of 3 good proves only a failure rate "
                        "under 63% (95% confidence)"));
}

TEST(Preview, Page_IsOneFileThatNeedsNothingElse) {
  const CommandWorld world("[echo, \"<script>\"]", "    waves: [3, rest]\n");
  const std::string page = (world.root() / "preview.html").string();
  const Finished preview = world.run({"preview", "--html", page, world.plan()});
  ASSERT_EQ(preview.exit_code, 0) << preview.err;
  const std::string html = read_file(page);
  EXPECT_THAT(html, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(html, HasSubstr("<h2>Timeline</h2>"));
  EXPECT_THAT(html, HasSubstr("under 63% (95% confidence)"));
  for (const char* outside : {"http:", "https:", "src=", "<script", "href="})
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
}

TEST(Preview, LongDiffOfSystemMap_IsCutOnAScreenAndSaysWhereTheRestIs) {
  const std::string forty = map_diff_in_words(std::vector<std::string>(40, "+x"));
  EXPECT_EQ(std::count(forty.begin(), forty.end(), '\n'), 40);
  const std::string cut = map_diff_in_words(std::vector<std::string>(43, "+x"));
  EXPECT_THAT(cut, testing::EndsWith("+x\n  … 3 further lines; --json has them all\n"));
  EXPECT_EQ(std::count(cut.begin(), cut.end(), '\n'), 41);
}

// Errata are a warning on standard error, with their place in the plan; notes are for people alone.
TEST(Preview, OfAnArticle_SaysNotesAndSaysErrataOnce) {
  Lab lab({"--clients", "6", "--canary", "3", "--story", "quiet"});
  const Finished preview = lab.run({"preview", lab.plan()});
  ASSERT_EQ(preview.exit_code, 0) << preview.err;
  EXPECT_THAT(preview.out, HasSubstr("Notes of Q237690\n  - Later articles carry newer builds"));
  EXPECT_THAT(preview.err, HasSubstr("Q237690: "));
  EXPECT_EQ(preview.out.find("warning: Q237690: "), std::string::npos);
  EXPECT_THAT(lab.run({"--json", "preview", lab.plan()}).out,
              HasSubstr("\"type\":\"preview.note\",\"msg\":\"Later articles"));
}

}  // namespace
}  // namespace sitewide::test
