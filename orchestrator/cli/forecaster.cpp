#include "orchestrator/cli/forecaster.h"

#include <algorithm>

namespace sitewide {
namespace {

using std::chrono::seconds;

// What a forecast says is good for so long at least, and for so many times what it took to make.
constexpr seconds kGoodFor(5);
constexpr int kTimesItsCost = 30;
// Nothing has happened, but time has passed.
constexpr seconds kGoodForAtMost(60);

}  // namespace

Forecaster::~Forecaster() {
  stop_ = true;
  if (making_.valid()) making_.wait();
}

std::optional<Outlook> Forecaster::look(const Rollout& rollout, Timestamp now, bool changed) {
  const Steady::time_point at = Steady::now();
  stale_ = stale_ || changed;
  std::optional<Outlook> outlook;
  if (making_.valid() && making_.wait_for(seconds(0)) == std::future_status::ready) {
    Ahead ahead = making_.get();
    outlook = Outlook{ahead.end, std::move(ahead.groups), ahead.needs_somebody};
    next_ = at + std::max<Steady::duration>(kGoodFor, (at - begun_) * kTimesItsCost);
  }
  const bool old = at - begun_ > kGoodForAtMost;
  if (making_.valid() || at < next_ || (!stale_ && !old)) return outlook;
  stale_ = false;
  begun_ = at;
  making_ = std::async(std::launch::async,
                       [this, copy = rollout, now, assumed = durations_.assumed()]() mutable {
                         return look_ahead_from(std::move(copy), now, assumed, stop_);
                       });
  return outlook;
}

}  // namespace sitewide
