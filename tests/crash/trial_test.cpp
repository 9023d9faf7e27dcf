// Whether the trials notice: somebody does to a lab what the program must not do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "tests/crash/campaign.h"
#include "tests/support/event_log.h"
#include "tests/support/lab.h"

namespace sitewide::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace fs = std::filesystem;

constexpr const char* kService = "clients/pc003/WINNT/Wuser32.exe";

void write_below(const CrashLab& lab, const std::string& path, const std::string& bytes) {
  write_file(lab.world() / path, bytes);
}

/// The dynamic symbols of a program or library, without their versions.
std::set<std::string> symbols_of(const std::string& which, const std::string& file) {
  const Finished run = Program({"nm", "-D", which, file}).finish(std::chrono::seconds(30));
  std::set<std::string> symbols;
  std::istringstream lines(run.out);
  for (std::string line; std::getline(lines, line);)
    symbols.insert(line.substr(0, line.find('@')).substr(line.rfind(' ', line.find('@')) + 1));
  return symbols;
}

/// All that a trial with this meddler complains of, killed while the first batch runs.
std::string complaints(Meddler meddler) {
  static Campaign campaign(good_rollout());
  std::string text;
  const auto attempt = [&](Trial& trial, const Point& point) {
    trial.let_meddle(meddler);
    const Verdict verdict = trial.kill(point);
    for (const std::string& problem : verdict.problems) text += problem + "\n";
    return Verdict{verdict.reached, {}};
  };
  campaign.try_all({{{"spawn", "*quick-batch", 1}, "after"}}, attempt);
  return text;
}

TEST(Trial, OfAnUndisturbedLab_HasNothingToComplainOf) { EXPECT_EQ(complaints({}), ""); }

// One that the forced update puts in order again: nothing shows at the end.
TEST(Trial, HalfAFileAfterTheKill_IsNoticed) {
  const auto half = [](const CrashLab& lab) {
    const std::string whole = read_file(lab.world() / kService);
    write_below(lab, kService, whole.substr(0, whole.size() / 2));
  };
  EXPECT_THAT(complaints({half, {}}), HasSubstr("neither the old nor the new"));
}

TEST(Trial, FilesTooManyAtTheEnd_AreNoticed) {
  const auto add = [](const CrashLab& lab) {
    write_below(lab, "clients/pc003/more.exe", "x");
    write_below(lab, "hq/SMS/.sitewide-x-1", "x");
  };
  EXPECT_THAT(complaints({{}, add}),
              AllOf(HasSubstr("clients/pc003/more.exe"), HasSubstr("temporaries are left")));
}

TEST(Trial, AProgramThatGoesOn_IsNoticed) {
  std::unique_ptr<Program> program;
  const auto start = [&](const CrashLab& lab) {
    program = std::make_unique<Program>(
        std::vector<std::string>{"sh", "-c", "sleep 60; :", lab.world().string()},
        std::map<std::string, std::string>{{"SITEWIDE_RUN", "1"}});
  };
  EXPECT_THAT(complaints({{}, start}), HasSubstr("still running"));
}

TEST(Trial, AnEventThatIsGone_IsNoticed) {
  const auto lose = [](const CrashLab& lab) {
    fs::resize_file(lab.root() / "state/crash-1/journal.db",
                    fs::file_size(lab.root() / "state/crash-1/journal.db") / 2);
  };
  EXPECT_THAT(complaints({{}, lose}), HasSubstr("audit: exit 15"));
}

TEST(Trial, AClientTriggeredAgainWithoutARecord_IsNoticed) {
  const EventLog log(
      R"({"seq":1,"type":"step_started","subject":"client/a","step":"trigger","attempt":1}
{"seq":2,"type":"step_finished","subject":"client/a","step":"trigger","attempt":1,"outcome":"ok"}
{"seq":3,"type":"step_started","subject":"client/a","step":"trigger","attempt":2}
)");
  EXPECT_THAT(log.triggered_twice(), ElementsAre("client/a"));
}

TEST(Trial, WhatGoesOnAfterTheJournalFailed_IsNoticed) {
  const std::string log =
      "write\t/s/journal.db-wal\nchosen\t/s/journal.db-wal\nsync\t/s\nspawn\tsh\n"
      "write\t/s/journal.db-wal\nwrite\t/s/other\n";
  EXPECT_THAT(went_on_after(log), ElementsAre("spawn sh", "write /s/journal.db-wal"));
  EXPECT_THAT(went_on_after("spawn\tsh\nwrite\t/s/journal.db-wal\n"), IsEmpty());
}

// What the shim does not see is never killed or failed. A call that is made by the program and is
// neither seen nor listed here is one that these tests forgot.
TEST(CrashShim, EveryCallOfTheProgramThatChangesADisk_IsSeen) {
  const std::set<std::string> changes{
      "chmod",     "fchmod",      "fchmodat",        "chown",           "fchown",      "lchown",
      "fchownat",  "rename",      "renameat",        "renameat2",       "link",        "linkat",
      "symlink",   "symlinkat",   "unlink",          "unlinkat",        "rmdir",       "remove",
      "mkdir",     "mkdirat",     "mknod",           "mknodat",         "fsync",       "fdatasync",
      "sync",      "syncfs",      "msync",           "utime",           "utimes",      "utimensat",
      "futimens",  "futimes",     "write",           "writev",          "pwrite",      "pwrite64",
      "pwritev",   "pwritev2",    "ftruncate",       "ftruncate64",     "truncate",    "truncate64",
      "fallocate", "fallocate64", "posix_fallocate", "copy_file_range", "sendfile",    "sendfile64",
      "setxattr",  "fsetxattr",   "lsetxattr",       "posix_spawn",     "posix_spawnp"};
  // Owner and DOS attributes of a temporary file: whether they could be kept is not looked at.
  const std::set<std::string> let_go{"fchown", "fsetxattr"};
  const auto seen = symbols_of("--defined-only", SITEWIDE_CRASH_SHIM);
  ASSERT_TRUE(seen.contains("mkdirat"));
  for (const std::string& call : symbols_of("--undefined-only", SITEWIDE_PROGRAM)) {
    if (changes.contains(call) && !let_go.contains(call)) {
      EXPECT_TRUE(seen.contains(call)) << call;
    }
  }
}

TEST(Trial, APointThatNoRunComesTo_IsNotCountedAsReached) {
  Campaign campaign(commands());
  bool reached = true;
  campaign.try_until_none(
      [](int number) {
        return Point{{"rename", "lab/no", number}, "after"};
      },
      [&](Trial& trial, const Point& point) {
        const Verdict verdict = trial.kill(point);
        if (point.call.nth == 1) reached = verdict.reached;
        return verdict;
      });
  EXPECT_FALSE(reached);
}

}  // namespace
}  // namespace sitewide::test
