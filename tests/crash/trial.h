// One disturbed rollout and what must hold of it; the undisturbed one that it is measured by.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/crash/crash_lab.h"
#include "tests/crash/point.h"

namespace sitewide::test {

/// How a rollout ends that nobody disturbs, and the calls that were seen on the way.
struct Calm {
  int exit_code = 0;
  std::map<std::string, std::string> client_states;
  std::map<std::string, std::string> files;  ///< what lasts of site, logon servers and clients
  std::vector<Call> calls;                   ///< each once, of several runs
  std::set<Call> always;                     ///< those of them that each run made
};

/// Runs the scenario a few times undisturbed. Throws when the ends differ.
Calm run_calm(const CrashLabs& labs, const CrashScenario& scenario);

/// What was wrong with a trial; nothing when all held.
using Problems = std::vector<std::string>;

struct Verdict {
  bool reached = false;  ///< the program came to the point
  Problems problems;
};

/// Somebody who does to a lab what the program must not, so that it is seen whether a trial
/// notices.
struct Meddler {
  std::function<void(const CrashLab&)> after_the_kill, at_the_end;
};

/// A trial on one copy of the lab. Used by one thread; tells what is wrong and asserts nothing, so
/// that trials can run side by side.
class Trial {
 public:
  Trial(const CrashLabs& labs, const Calm& calm, const std::string& name);
  void let_meddle(Meddler meddler) { meddler_ = std::move(meddler); }

  /// Runs until the point and is killed there, then resumes to the end.
  Verdict kill(const Point& point);
  /// Killed at the first point, the resume at the second, and resumed to the end.
  Verdict kill_twice(const Point& first, const Point& second);
  /// As kill, and the power is gone with it: of the state directory only what was synced is left.
  /// Then no confirmed event may be missing. Syncs of files that match `ignored` count for nothing.
  Verdict lose_power(const Point& point, const std::string& ignored = {});
  /// A call below the journal's directory fails: the rollout stops, nothing more is started, and it
  /// goes on once the disk is well.
  Verdict fail_journal(const Point& point);
  /// A call on site, client or backups fails once: what was asked is tried again.
  Verdict fail_step(const Point& point);
  /// From that call on all of its kind fail: it halts with a reason, nothing half-written, and goes
  /// on by --retry-failed when the disk is well.
  Verdict fail_step_for_good(const Point& point);

 private:
  void expect(bool holds, const std::string& otherwise);
  Finished run_to(const Point& point, std::vector<std::string> arguments,
                  const std::map<std::string, std::string>& more = {});
  std::string log_file() const { return (lab_->root() / "calls.log").string(); }
  bool killed(const Finished& run, const std::string& what);
  void resume_to_the_end();
  void expect_calm_end(const Finished& end);
  void expect_sound();
  void expect_old_or_new();
  Verdict verdict(bool reached);

  const CrashLabs& labs_;
  const Calm& calm_;
  std::unique_ptr<CrashLab> lab_;
  Meddler meddler_;
  Problems problems_;
};

}  // namespace sitewide::test
