#include "tests/crash/campaign.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace sitewide::test {
namespace {

// Labs mostly wait, for a log-on or for a logon server's turn: some more than there are processors
// keep those busy. A retry of a site's step waits half a minute.
constexpr unsigned int kLabsAProcessor = 3;
constexpr unsigned int kMostBusy = 12;
constexpr unsigned int kMostWaiting = 24;
constexpr int kTries = 6;
constexpr int kMostFailures = 5;  // then the rest is not worth the time

bool is_fault(const Point& point) { return point.what.starts_with("E"); }

/// For a person who looks into one point: only those whose description holds these words.
bool is_left_out(const Point& point) {
  const char* only = getenv("SITEWIDE_CRASH_POINT");
  return only != nullptr && describe(point).find(only) == std::string::npos;
}

}  // namespace

Campaign::Campaign(const CrashScenario& scenario, Pace pace)
    : labs_(scenario, pace == Pace::busy ? "20ms" : "100ms"),
      calm_(run_calm(labs_, scenario)),
      name_(scenario.name),
      pace_(pace) {}

Verdict Campaign::try_one(const Point& point, const Attempt& attempt, int tries, int number) {
  Verdict verdict;
  for (int turn = 0; turn < tries && !verdict.reached && verdict.problems.empty(); ++turn) {
    try {
      Trial trial(labs_, calm_, "trial-" + std::to_string(number) + "-" + std::to_string(turn));
      verdict = attempt(trial, point);
    } catch (const std::exception& error) {
      verdict.problems.emplace_back(error.what());
    }
  }
  return verdict;
}

unsigned int Campaign::side_by_side() const {
  if (pace_ == Pace::waiting) return kMostWaiting;
  return std::min(kMostBusy, kLabsAProcessor * std::max(1U, std::thread::hardware_concurrency()));
}

std::vector<Verdict> Campaign::try_side_by_side(const std::vector<Point>& points,
                                                const Attempt& attempt, int tries) {
  std::vector<Verdict> verdicts(points.size());
  std::atomic<std::size_t> next{0};
  std::atomic<int> failures{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < points.size() && failures < kMostFailures; i = next++) {
      verdicts[i] = try_one(points[i], attempt, tries, trials_ + static_cast<int>(i));
      if (!verdicts[i].problems.empty()) ++failures;
    }
  };
  std::vector<std::jthread> workers;
  for (unsigned int i = 0; i < side_by_side(); ++i) workers.emplace_back(work);
  workers.clear();  // all have ended
  trials_ += static_cast<int>(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const std::string& problem : verdicts[i].problems)
      ADD_FAILURE() << name_ << ", " << describe(points[i]) << ": " << problem;
  }
  return verdicts;
}

void Campaign::try_all(std::vector<Point> points, const Attempt& attempt) {
  std::erase_if(points, is_left_out);
  const std::vector<Verdict> verdicts = try_side_by_side(points, attempt, kTries);
  for (std::size_t i = 0; i < points.size(); ++i) count(points[i], verdicts[i].reached);
}

void Campaign::try_until_none(const std::function<Point(int)>& next, const Attempt& attempt) {
  for (int number = 1;;) {
    std::vector<Point> points;
    for (unsigned int i = 0; i < side_by_side(); ++i) points.push_back(next(number++));
    const std::vector<Verdict> verdicts = try_side_by_side(points, attempt, 1);
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (verdicts[i].reached) count(points[i], true);
    }
    if (!verdicts.back().reached || testing::Test::HasFailure()) return;
  }
}

void Campaign::count(const Point& point, bool reached) {
  ++count_.points;
  if (!reached) {
    ++count_.not_reached;
    never_.push_back(point);
  }
  if (is_fault(point)) {
    ++count_.faults;
  } else if (is_commit(point.call)) {
    ++count_.commits;
  } else if (point.call.call == "rename") {
    ++count_.renames;
  } else if (point.call.call == "spawn") {
    ++count_.spawns;
  }
}

void Campaign::report(const std::string& kind, std::size_t fewest) const {
  std::printf(
      "crash-points: %d commits=%d renames=%d spawns=%d faults=%d not-reached=%d (%s, %s)\n",
      count_.points, count_.commits, count_.renames, count_.spawns, count_.faults,
      count_.not_reached, name_.c_str(), kind.c_str());
  EXPECT_GE(static_cast<std::size_t>(count_.points), fewest);
  const bool all_tried = !testing::Test::HasFailure();  // a campaign that fails ends early
  for (const Point& point : never_) {
    if (all_tried && calm_.always.contains(point.call)) {
      ADD_FAILURE() << name_ << ": never reached, though each undisturbed run comes to it: "
                    << describe(point);
    } else {
      std::printf("  not reached, and not by each undisturbed run either: %s\n",
                  describe(point).c_str());
    }
  }
}

std::vector<Point> points_at(const std::vector<Call>& calls,
                             const std::function<bool(const Call&)>& wanted,
                             const std::vector<std::string>& what) {
  std::vector<Point> points;
  for (const Call& call : calls) {
    if (!wanted(call)) continue;
    for (const std::string& each : what) points.push_back({call, each});
  }
  return points;
}

}  // namespace sitewide::test
