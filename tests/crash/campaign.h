// All trials of one kind on one scenario, side by side, and the count of them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/crash/trial.h"

namespace sitewide::test {

/// One scenario with its undisturbed end. Used by one thread, which waits while workers try.
class Campaign {
 public:
  enum class Pace { busy, waiting };
  /// `waiting`: trials that wait for retries or looks, many of which go side by side.
  explicit Campaign(const CrashScenario& scenario, Pace pace = Pace::busy);

  const Calm& calm() const { return calm_; }
  using Attempt = std::function<Verdict(Trial&, const Point&)>;
  /// Tries each point; one that is not come to is tried again, for threads and looks at clients
  /// take other turns each time. What was wrong becomes a failure of the test.
  void try_all(std::vector<Point> points, const Attempt& attempt);
  /// `next` makes a point of each number from 1 on, until there is none any more that is come to.
  void try_until_none(const std::function<Point(int)>& next, const Attempt& attempt);
  /// Prints `crash-points: …`, which tests/crash/report.sh adds up, and fails when there were
  /// hardly any points, or when one was never come to that each undisturbed run comes to. The
  /// others are listed with how often they were seen: runs differ in how many events share a commit
  /// and how often they look.
  void report(const std::string& kind, std::size_t fewest) const;

 private:
  struct Count {
    int points = 0, commits = 0, renames = 0, spawns = 0, faults = 0, not_reached = 0;
  };
  /// Side by side, each up to `tries` times until it is come to; failures are the test's.
  std::vector<Verdict> try_side_by_side(const std::vector<Point>& points, const Attempt& attempt,
                                        int tries);
  Verdict try_one(const Point& point, const Attempt& attempt, int tries, int number);
  unsigned int side_by_side() const;
  void count(const Point& point, bool reached);

  CrashLabs labs_;
  Calm calm_;
  std::string name_;
  Pace pace_;
  Count count_;
  std::vector<Point> never_;
  int trials_ = 0;
};

/// `what` at each call that `wanted` takes.
std::vector<Point> points_at(const std::vector<Call>& calls,
                             const std::function<bool(const Call&)>& wanted,
                             const std::vector<std::string>& what);

}  // namespace sitewide::test
