// Simulator: a world of clients and sites on a virtual clock, for previews. It plays the adapter
// and the clock to the real engine, so a preview cannot drift from a run. It reads and writes
// nothing.
//
// Threads: one. Cost: O(log n) an action.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "adapters/adapter.h"
#include "orchestrator/core/schedule.h"
#include "orchestrator/engine/clock.h"

namespace sitewide {

/// How long things are taken to last in a preview; printed beside its timeline.
struct AssumedDurations {
  Duration inspect = std::chrono::seconds(1);
  Duration back_up = std::chrono::seconds(2);
  Duration trigger = std::chrono::seconds(5);
  Duration command = std::chrono::seconds(60);
  Duration check = std::chrono::seconds(5);  ///< until a gate that asks has its answer
  Duration stage = std::chrono::seconds(5);
  Duration replicate =
      std::chrono::minutes(10);  ///< two of Maintenance Manager's polls at the default pace
  Duration regenerate = std::chrono::minutes(10);
  std::uint32_t converge_part =
      8;  ///< a client is proven after this part of converge.within, on average
};

/// What becomes of a simulated attempt, beside going well.
enum class Fate : std::uint8_t { goes_well, fails, is_off, never_converges, is_current };
/// Pure: the same client always has the same fate.
using Fates = std::function<Fate(std::uint32_t client)>;

class Simulator : public Adapter, public Clock {
 public:
  explicit Simulator(Timestamp start, AssumedDurations durations = {}, Fates fates = {});

  void start(const Action& action, Answers& answers) override;
  void stop(const Action&) override {}  // an answer nobody waits for does no harm

  Timestamp now() override { return now_; }
  void wait(Timestamp until) override;

 private:
  struct Pending {
    Timestamp at;
    std::uint64_t order;
    Action action;
    friend bool operator>(const Pending& a, const Pending& b) {
      return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
  };
  Duration duration_of(const Action& action) const;
  Answer answer_to(const Action& action) const;
  Fate fate(const Action& action) const;

  AssumedDurations durations_;
  Fates fates_;
  Timestamp now_;
  std::uint64_t started_ = 0;
  std::priority_queue<Pending, std::vector<Pending>, std::greater<>> pending_;
  Answers* answers_ = nullptr;
};

}  // namespace sitewide
