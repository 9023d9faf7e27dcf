// A state directory that cannot be used: exit 15, clear words, nothing started, and resumable once
// it can be used again, where the data allows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "orchestrator/cli/stored_rollout.h"
#include "tests/cli/command_world.h"
#include "tests/support/database.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// Runs a shell script in mounts of its own, which end with it; $0 is the program, $1 the world.
Finished in_own_mounts(const CommandWorld& world, const std::string& script) {
  return Program({"unshare", "-m", "sh", "-c", script, sitewide_argv({}).front(),
                  world.root().string()})
      .finish(std::chrono::seconds(90));
}

bool mounts_allowed() {
  return Program({"unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"}).finish().exit_code == 0;
}

// Leaves an interrupted rollout behind.
void interrupt(const CommandWorld& world) {
  Program run(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(run.wait_for("wave 1 of 1 starts"));
  run.signal(SIGTERM);
  ASSERT_EQ(run.finish().exit_code, 143);
}

TEST(JournalTrouble, ReadOnlyStateDirectory_IsRefusedBeforeAnythingStarts) {
  if (!mounts_allowed()) GTEST_SKIP() << "mounting is not permitted here";
  const CommandWorld world;
  const Finished run = in_own_mounts(world,
                                     "mkdir $1/state && mount -t tmpfs -o ro,mode=700 none "
                                     "$1/state && exec $0 --state-dir $1/state run "
                                     "--yes $1/plan.yaml");
  EXPECT_EQ(run.exit_code, 15) << run.out;
  EXPECT_THAT(run.err, HasSubstr("read-only"));
  EXPECT_THAT(run.err, HasSubstr(world.state().string()));
  EXPECT_TRUE(world.untouched());
}

TEST(JournalTrouble, ReadOnlyAfterAnInterruption_ResumesOnceItCanBeWritten) {
  if (!mounts_allowed()) GTEST_SKIP() << "mounting is not permitted here";
  const CommandWorld world(CommandWorld::slow());
  ASSERT_NO_FATAL_FAILURE(interrupt(world));
  const Finished resume = in_own_mounts(
      world,
      "mount --bind $1/state $1/state && mount -o remount,ro,bind $1/state && exec $0 --state-dir "
      "$1/state resume");
  EXPECT_EQ(resume.exit_code, 15) << resume.out;
  EXPECT_THAT(resume.err, HasSubstr("read-only"));
  EXPECT_EQ(world.run({"resume"}).exit_code, 0);
}

TEST(JournalTrouble, FullDiskAtTheStart_IsRefusedBeforeAnythingStarts) {
  if (!mounts_allowed()) GTEST_SKIP() << "mounting is not permitted here";
  const CommandWorld world;
  const Finished run = in_own_mounts(
      world,
      "mkdir $1/state && mount -t tmpfs -o size=32k,mode=700 none $1/state && $0 --state-dir "
      "$1/state run --yes $1/plan.yaml; code=$?; ls $1/state; exit $code");
  EXPECT_EQ(run.exit_code, 15) << run.out;
  EXPECT_THAT(run.err, HasSubstr("full"));
  EXPECT_THAT(run.out, Not(HasSubstr("here-1"))) << "nothing half-made is left";
  EXPECT_TRUE(world.untouched());
}

TEST(JournalTrouble, DiskThatFillsUp_StopsAndResumesWhenThereIsRoom) {
  if (!mounts_allowed()) GTEST_SKIP() << "mounting is not permitted here";
  const CommandWorld world(CommandWorld::slow());
  // Interrupted, then no room at resume, then room again.
  const Finished all = in_own_mounts(
      world,
      "mkdir $1/state && mount -t tmpfs -o size=1m,mode=700 none $1/state\n"
      "export SITEWIDE_STATE_DIR=$1/state\n"
      "$0 run --yes $1/plan.yaml & sleep 1.5; kill $!; wait $!\n"
      "echo \"run ends with $?\"\n"
      "dd if=/dev/zero of=$1/state/filler bs=4k 2>/dev/null\n"
      "$0 resume; echo \"resume ends with $?\"; rm $1/state/filler\n"
      "$0 resume; echo \"resume ends with $?\"; $0 audit latest; echo \"audit ends with $?\"");
  SCOPED_TRACE(all.out + all.err);
  EXPECT_THAT(all.out, HasSubstr("run ends with 143"));
  EXPECT_THAT(all.out, HasSubstr("resume ends with 15"));
  EXPECT_THAT(all.err, HasSubstr("full"));
  EXPECT_THAT(all.out, HasSubstr("resume ends with 0"));
  EXPECT_THAT(all.out, HasSubstr("audit ends with 0"));
}

TEST(JournalTrouble, NewerSchema_IsLeftAloneByEveryCommand) {
  const CommandWorld world(CommandWorld::slow());
  ASSERT_NO_FATAL_FAILURE(interrupt(world));
  execute(world.journal(), "PRAGMA user_version = 99");
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"resume"}, {"status"}, {"audit", "latest"}, {"log", "latest"}, {"why", "latest"}}) {
    const Finished finished = world.run(command);
    EXPECT_EQ(finished.exit_code, 15) << command.front();
    EXPECT_THAT(finished.err, HasSubstr("newer")) << command.front();
  }
  execute(world.journal(), "PRAGMA user_version = 1");
  EXPECT_EQ(world.run({"resume"}).exit_code, 0) << "the version that wrote it goes on";
}

TEST(JournalTrouble, TruncatedJournal_IsNamedAndNothingStarts) {
  const CommandWorld world(CommandWorld::slow());
  ASSERT_NO_FATAL_FAILURE(interrupt(world));
  const std::string whole = read_file(world.journal());
  const auto before = tree_of(world.clients());
  write_file(world.journal(), whole.substr(0, whole.size() / 2));
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"resume"}, {"audit", "latest"}, {"status"}}) {
    const Finished finished = world.run(command);
    EXPECT_EQ(finished.exit_code, 15) << command.front() << finished.out;
    EXPECT_THAT(finished.err, HasSubstr("journal")) << command.front();
  }
  EXPECT_EQ(tree_of(world.clients()), before);
  EXPECT_EQ(world.run({"list"}).exit_code, 0) << "one bad rollout does not hide the others";
}

struct Damage {
  const char* what;
  const char* sql;
  const char* words;
};

// What leaves rows that can be read one by one. Event 5 is the first that is wrong.
constexpr Damage kDamages[] = {
    {"the end swapped with a start",
     "UPDATE events SET seq = -1 WHERE seq = 5; UPDATE events SET seq = 5 WHERE seq = 25;"
     "UPDATE events SET seq = 25 WHERE seq = -1",
     "event 5 does not fit"},
    {"a row removed", "DELETE FROM events WHERE seq = 5", "event 5 is missing"},
    {"a row removed and the gap closed",
     "DELETE FROM events WHERE seq = 5; UPDATE events SET seq = seq - 1 WHERE seq > 5",
     "event 5 does not fit"},
    {"a detail altered", "UPDATE events SET detail = '{\"reason\":\"other\"}' WHERE seq = 5",
     "event 5 does not fit"},
    {"a time altered", "UPDATE events SET at = at + 1 WHERE seq = 5", "event 5 does not fit"},
};

TEST(JournalTrouble, AlteredJournal_IsRefusedByWhateverReadsIt) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const std::string whole = read_file(world.journal());
  const std::string page = (world.root() / "report.html").string();
  for (const Damage& damage : kDamages) {
    write_file(world.journal(), whole);
    execute(world.journal(), damage.sql);
    for (const std::vector<std::string>& command :
         std::vector<std::vector<std::string>>{{"status"},
                                               {"status", "--wait"},
                                               {"why", "latest"},
                                               {"why", "latest", "pc03"},
                                               {"log", "latest"},
                                               {"log", "latest", "pc03"},
                                               {"report", "latest", "--html", page},
                                               {"report", "latest", "--csv", "-"},
                                               {"watch", "latest"},
                                               {"rollback", "latest", "--preview"},
                                               {"pause", "latest"},
                                               {"audit", "latest"},
                                               {"resume", "latest"}}) {
      const Finished finished = world.run(command);
      SCOPED_TRACE(std::string(damage.what) + ", " + testing::PrintToString(command) + "\n" +
                   finished.out + finished.err);
      EXPECT_EQ(finished.exit_code, 15);
      EXPECT_THAT(finished.err, HasSubstr("here-1"));
      EXPECT_THAT(finished.err, HasSubstr(damage.words));
      EXPECT_THAT(finished.err, HasSubstr("put the rollout's folder back from a copy"));
    }
  }
  EXPECT_FALSE(std::filesystem::exists(page)) << "no report of what cannot be trusted";
}

TEST(JournalTrouble, AlteredJournal_IsShownUpToTheDamageByLog) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const std::string before = world.run({"log", "latest"}).out;
  execute(world.journal(), kDamages[0].sql);
  std::string four;
  for (std::size_t line = 0, at = 0; line < 4; ++line) {
    const std::size_t end = before.find('\n', at) + 1;
    four += before.substr(at, end - at);
    at = end;
  }
  EXPECT_EQ(world.run({"log", "latest"}).out, four);
}

TEST(JournalTrouble, AlteredJournal_DoesNotHideTheOthersFromList) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  execute(world.journal(), kDamages[0].sql);
  const Finished list = world.run({"list"});
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_THAT(list.out, testing::ContainsRegex("here-2 .* 6 clients +completed\n"));
  EXPECT_THAT(list.out, testing::ContainsRegex("here-1 .* cannot be read: .*event 5"));
  EXPECT_THAT(list.out, Not(HasSubstr("0 clients"))) << "nobody knows how many";
  const Finished json = world.run({"--json", "list"});
  EXPECT_EQ(json.exit_code, 0);
  EXPECT_THAT(json.out, HasSubstr("event 5"));
}

// As `watch` and `status --wait` follow a rollout.
TEST(JournalTrouble, RowThatFollowsWhatWasSeen_IsRefusedBeforeItIsApplied) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const RolloutDirectory directory(world.journal().parent_path(), Timestamp{});
  const auto stored = read_rollout(directory);
  ASSERT_TRUE(stored) << stored.error().message;
  auto reader = JournalReader::open(directory.journal());
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_TRUE(read_on(**stored, *reader)) << "nothing is new";
  const ChainHead seen = (*stored)->seen;
  EXPECT_EQ(seen.seq, 25);
  // A rollout that has ended starts nothing more: applied, it would end the program.
  execute(world.journal(),
          "INSERT INTO events SELECT 26, at, kind, subject, step, attempt, outcome, detail, chain "
          "FROM events WHERE seq = 5");
  const auto read = read_on(**stored, *reader);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::journal);
  EXPECT_THAT(read.error().message, HasSubstr("event 26 does not fit the hash chain"));
  EXPECT_EQ((*stored)->seen, seen);
}

}  // namespace
}  // namespace sitewide::test
