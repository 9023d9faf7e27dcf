#include "adapters/smb/smb_sessions.h"

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/smb/smb_world.h"

namespace sitewide {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;
using SmbSessionsTest = test::SmbWorld;

/// Command line and environment of every smbclient that we started.
std::string seen_of_children() {
  std::ostringstream text;
  std::ifstream children("/proc/self/task/" + std::to_string(::getpid()) + "/children");
  for (std::string pid; children >> pid;) {
    std::string name;
    std::getline(std::ifstream("/proc/" + pid + "/comm"), name);
    if (name != "smbclient") continue;
    for (const char* file : {"/cmdline", "/environ"})
      text << std::ifstream("/proc/" + pid + file, std::ios::binary).rdbuf();
  }
  return text.str();
}

TEST_F(SmbSessionsTest, CallsOneAfterAnother_UseOneProcess) {
  put("hq/file", "bytes");
  auto hq = files("SMS_C");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(hq.read("file", 9).value(), "bytes");
  EXPECT_EQ(sessions_->count(), 1U);
  EXPECT_EQ(test::smbclients_of(::getpid()), 1U);
}

TEST_F(SmbSessionsTest, Password_IsInNoCommandLineAndNoEnvironment) {
  const auto lease = sessions_->take(place("SMS_C"), login());
  ASSERT_TRUE(lease) << lease.error().message;
  const std::string seen = seen_of_children();
  EXPECT_THAT(seen, HasSubstr("--authentication-file=/proc/"));
  EXPECT_THAT(seen, Not(HasSubstr(test::SmbServer::kPassword)));
}

TEST_F(SmbSessionsTest, ManyAtOnce_ShareFewProcessesAndAllGetTheirTurn) {
  put("hq/file", std::string(200000, 'x'));
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      auto hq = files("SMS_C");
      for (int turn = 0; turn < 5; ++turn) {
        const auto state = hq.state("file");
        if (state && *state && (*state)->size == 200000) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 80);
  EXPECT_LE(sessions_->count(), SmbLimits{}.of_a_share);
}

TEST_F(SmbSessionsTest, AllInUse_IsSaidAfterTheTurnDidNotCome) {
  SmbLimits limits;
  limits.of_a_share = 1;
  limits.queue = milliseconds(200);
  const auto sessions = SmbSessions::make(limits);
  const auto first = sessions->take(place("SMS_C"), login());
  ASSERT_TRUE(first) << first.error().message;
  const auto second = sessions->take(place("SMS_C"), login());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::unreachable);
  EXPECT_THAT(second.error().message, HasSubstr("all connections to it are in use"));
}

TEST_F(SmbSessionsTest, OtherShare_TakesThePlaceOfAnIdleOne) {
  SmbLimits limits;
  limits.processes = 1;
  const auto sessions = SmbSessions::make(limits);
  EXPECT_TRUE(SmbFiles(place("SMS_C"), login(), sessions).exists("file"));
  EXPECT_TRUE(SmbFiles(place("ReadOnly"), login(), sessions).exists("file"));
  EXPECT_EQ(sessions->count(), 1U);
  EXPECT_EQ(test::smbclients_of(::getpid()), 1U);
}

TEST_F(SmbSessionsTest, IdleOnes_AreEndedAndThoseThatEndedAreBuried) {
  SmbLimits limits;
  limits.idle = milliseconds(300);
  const auto sessions = SmbSessions::make(limits);
  EXPECT_TRUE(SmbFiles(place("SMS_C"), login(), sessions).exists("file"));
  for (int i = 0; i < 100 && sessions->count() > 0; ++i)
    std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(sessions->count(), 0U);
  for (int i = 0; i < 100 && test::smbclients_of(::getpid()) > 0; ++i)  // counted out, then ended
    std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(test::smbclients_of(::getpid()), 0U);
}

}  // namespace
}  // namespace sitewide
