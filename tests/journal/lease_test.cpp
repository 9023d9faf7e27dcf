#include "orchestrator/journal/lease.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>

#include "tests/journal/scratch.h"

namespace sitewide {
namespace {

using ::testing::HasSubstr;
using Leases = Scratch;

const Owner kAlice{"hq1", 4711, "alice", Timestamp{Duration{1'795'000'000'000}}};
const Owner kBob{"hq1", 4712, "bob", Timestamp{Duration{1'795'000'001'000}}};

TEST_F(Leases, SecondController_IsRefusedAndToldTheFirst) {
  const auto first = Lease::acquire(file("lock"), "rollout q237690-3", kAlice);
  ASSERT_TRUE(first) << first.error().message;
  const auto second = Lease::acquire(file("lock"), "rollout q237690-3", kBob);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::held);
  EXPECT_THAT(second.error().message, HasSubstr("rollout q237690-3 is held by pid 4711 of alice on "
                                                "hq1, since 2026-11-18T11:06:40Z"));
}

TEST_F(Leases, HolderGoes_NextOneGetsIt) {
  std::optional<Lease> first(*Lease::acquire(file("lock"), "x", kAlice));
  EXPECT_EQ(**Lease::holder(file("lock")), kAlice);
  first.reset();
  EXPECT_FALSE(*Lease::holder(file("lock")));
  const auto second = Lease::acquire(file("lock"), "x", kBob);
  ASSERT_TRUE(second);
  EXPECT_EQ(**Lease::holder(file("lock")), kBob);
}

TEST_F(Leases, Asking_TakesNothing) {
  EXPECT_FALSE(*Lease::holder(file("lock")));
  EXPECT_FALSE(std::filesystem::exists(file("lock")));
  const auto lease = Lease::acquire(file("lock"), "x", kAlice);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(*Lease::holder(file("lock")));
  EXPECT_TRUE(lease);
}

TEST_F(Leases, HolderKilled_LockIsGoneAlthoughItsChildLives) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const pid_t holder = ::fork();
  ASSERT_GE(holder, 0);
  if (holder == 0) {
    const auto lease = Lease::acquire(file("lock"), "x", this_process(Timestamp{}));
    // A program that the holder started: it must not inherit the lock.
    const pid_t program = ::fork();
    if (program == 0) {
      ::execlp("sleep", "sleep", "30", static_cast<char*>(nullptr));
      ::_exit(1);
    }
    ::usleep(200'000);  // until the program runs in place of our copy
    if (!lease || ::write(ends[1], &program, sizeof program) < 0) ::_exit(1);
    ::pause();
  }
  pid_t program = 0;
  ASSERT_EQ(::read(ends[0], &program, sizeof program), static_cast<ssize_t>(sizeof program));
  ASSERT_TRUE(*Lease::holder(file("lock")));
  EXPECT_EQ((**Lease::holder(file("lock"))).pid, holder);
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  EXPECT_FALSE(*Lease::holder(file("lock")));
  EXPECT_TRUE(Lease::acquire(file("lock"), "x", kBob));
  ::kill(program, SIGKILL);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(Leases, HostileOwner_IsEscaped) {
  Owner owner = kAlice;
  owner.user = "al\x1b[2Jice";
  EXPECT_THAT(describe(owner), HasSubstr("al\\x1b[2Jice"));
}

TEST_F(Leases, OwnerThatNobodyWrote_IsNone) {
  const std::string written = encode_owner(kAlice);
  EXPECT_EQ(parse_owner(written), kAlice);
  EXPECT_FALSE(parse_owner(written.substr(0, written.size() - 1)));
  EXPECT_FALSE(parse_owner("hq1\n4711x\nalice\n2026-11-18T11:06:40Z\n")) << "that is no number";
  EXPECT_FALSE(parse_owner("hq1\n04711\nalice\n2026-11-18T11:06:40Z\n"));
}

TEST_F(Leases, UnwritableFolder_IsAJournalError) {
  const auto lease = Lease::acquire(file("none") / "lock", "x", kAlice);
  ASSERT_FALSE(lease);
  EXPECT_EQ(lease.error().kind, ErrorKind::journal);
}

}  // namespace
}  // namespace sitewide
