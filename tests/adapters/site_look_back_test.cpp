// What becomes of a site's services when an attempt does not see its own end: stops that go on,
// programs that outlive their controller, looks that are given up.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/descendants.h"
#include "tests/adapters/site_parts_world.h"

namespace sitewide::sms {
namespace {

using ::testing::HasSubstr;
using Kind = Answer::Kind;

/// A program that runs for an attempt, as an earlier controller left it.
class LeftRunning {
 public:
  explicit LeftRunning(const std::string& key) {
    std::string variable = std::string(kAttemptVariable) + "=" + key;
    std::string program = "/bin/sleep";
    std::string duration = "600";
    char* argv[] = {program.data(), duration.data(), nullptr};
    char* environment[] = {variable.data(), nullptr};
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    EXPECT_EQ(::posix_spawn(&pid_, program.c_str(), nullptr, &attributes, argv, environment), 0);
    ::posix_spawnattr_destroy(&attributes);
    expect_exit(pid_);
  }
  ~LeftRunning() {
    if (!waited_) ::kill(pid_, SIGKILL);
    if (!waited_) ::waitpid(pid_, nullptr, 0);
    exit_seen(pid_);
  }
  LeftRunning(const LeftRunning&) = delete;
  LeftRunning& operator=(const LeftRunning&) = delete;

  /// The signal that ended it; 0 while it runs.
  int ended_by() {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return 0;
    waited_ = true;
    return WIFSIGNALED(status) ? WTERMSIG(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  bool waited_ = false;
};

class SiteLookBack : public SiteParts {
 protected:
  Operation look() const { return operation_with(all_parts(), Step::stage, Purpose::recover); }

  /// What an attempt has on record whose controller died right after it stopped the service.
  void owe_the_executive() {
    originals.manifests["services-stage-1/HQ"] = "SMS_EXECUTIVE\n";
    service("SMS_EXECUTIVE", false);
  }

  /// The service runs and is on its way down: it is gone at the second question.
  void make_slow(Operation& operation) const {
    operation.site.services.query =
        sh("if test -e $0/stopping-$1; then echo >>$0/stopping-$1; "
           "test $(wc -l <$0/stopping-$1) -gt 2 && rm $0/stopping-$1 $0/services/$1; fi; "
           "test -e $0/services/$1",
           "{service}");
  }
};

TEST_F(SiteLookBack, StopThatTimesOutAndGoesOn_IsWaitedForAndTheServiceStarts) {
  Operation operation = operation_with(all_parts(), Step::stage, Purpose::execute);
  make_slow(operation);
  operation.site.services.stop = sh("echo >$0/stopping-$1; sleep 60", "{service}");
  operation.site.services.within = std::chrono::seconds(2);
  const Answer answer = perform(operation);
  ASSERT_TRUE(is_done(answer, OutcomeKind::failed));
  EXPECT_TRUE(says(answer, "SMS_EXECUTIVE does not stop: sh: no end within 2s"));
  EXPECT_EQ(log(), "start SMS_EXECUTIVE\n");
  EXPECT_TRUE(runs("SMS_EXECUTIVE"));
  EXPECT_FALSE(std::filesystem::exists(root / "stopping-SMS_EXECUTIVE"));
}

TEST_F(SiteLookBack, ControllerThatDiedAfterAStop_WaitsForThatStopBeforeItStarts) {
  originals.manifests["services-stage-1/HQ"] = "SMS_EXECUTIVE\nSMS_HIERARCHY_MANAGER\n";
  originals.manifests["services-told-stage-1-SMS_EXECUTIVE/HQ"] = "yes";
  write(root / "stopping-SMS_EXECUTIVE", "\n");
  Operation operation = look();
  make_slow(operation);
  EXPECT_TRUE(is(perform(operation), Kind::no_effect));
  EXPECT_EQ(log(), "start SMS_EXECUTIVE\n") << "the other one was never told to stop";
  EXPECT_TRUE(runs("SMS_EXECUTIVE"));
}

TEST_F(SiteLookBack, StopThatWasSeen_IsOnRecord) {
  ASSERT_TRUE(is_done(stage_all(), OutcomeKind::ok));
  EXPECT_TRUE(originals.manifests.contains("services-told-stage-1-SMS_EXECUTIVE/HQ"));
  EXPECT_TRUE(originals.manifests.contains("services-settled-stage-1-SMS_EXECUTIVE/HQ"));
}

TEST_F(SiteLookBack, ProgramLeftRunning_IsWaitedForUntilTheDeadlineAndThenEnded) {
  owe_the_executive();
  const Operation operation = look();
  LeftRunning program(operation.key);
  EXPECT_TRUE(is(perform(operation), Kind::pending));
  EXPECT_EQ(program.ended_by(), 0);
  EXPECT_FALSE(runs("SMS_EXECUTIVE"));
  now = operation.action.deadline;
  EXPECT_TRUE(is(perform(operation), Kind::no_effect));
  EXPECT_EQ(program.ended_by(), SIGTERM);
  EXPECT_TRUE(runs("SMS_EXECUTIVE"));
}

TEST_F(SiteLookBack, LookThatIsGivenUp_StillStartsTheServices) {
  owe_the_executive();
  Operation operation = look();
  operation.site.services.start =
      sh("touch $0/starting; sleep 0.3; echo start $1 >>$0/log; touch $0/services/$1", "{service}");
  boost::asio::io_context loop;
  Pool pool(loop.get_executor(), PoolLimits{2, 4, std::chrono::seconds(30)});
  boost::asio::cancellation_signal stop;
  boost::asio::steady_timer tick(loop);
  std::function<void()> give_up_once_it_starts = [&] {
    if (std::filesystem::exists(root / "starting")) {
      stop.emit(boost::asio::cancellation_type::terminal);
      return;
    }
    tick.expires_after(std::chrono::milliseconds(10));
    tick.async_wait([&](boost::system::error_code) { give_up_once_it_starts(); });
  };
  auto done = [](const std::exception_ptr&, const Answer&) {};
  auto task = run_sms_step(context_on(loop, pool), operation);
  boost::asio::co_spawn(loop, std::move(task),
                        boost::asio::bind_cancellation_slot(stop.slot(), done));
  give_up_once_it_starts();
  loop.run();
  EXPECT_EQ(log(), "start SMS_EXECUTIVE\n");
  EXPECT_TRUE(originals.manifests.contains("services-back-stage-1/HQ"));
}

}  // namespace
}  // namespace sitewide::sms
