// Why triggers wait for the clock: windows and rates; and what rechecks wait for.
#include <set>

#include "orchestrator/base/text.h"
#include "orchestrator/core/explainer.h"
#include "orchestrator/core/ramp.h"
#include "orchestrator/core/window.h"

namespace sitewide {

using Recheck = ClientRecord::Recheck;

std::string Explainer::window_wait(std::uint32_t l) const {
  if (any_open(r.schedule(), l, now_)) return {};
  const Timestamp opens = next_opening(r.schedule(), l, now_);
  if (opens >= kNever) return "its window does not open within 400 days";
  const std::string there = local_opening(r.schedule(), l, opens);
  const std::string in = "in " + describe_duration(opens - now_) + ")";
  if (there.empty()) return "its window opens at " + moment(opens) + " (" + in;
  return "its window opens at " + there + " (" + moment(opens) + ", " + in;
}

// The first to open stands for all; how many others wait is said.
std::string Explainer::windows_wait(std::uint32_t g) const {
  const Schedule& schedule = r.schedule();
  std::uint32_t first = kNone, closed = 0, lanes = 0;
  Timestamp opens = kNever;
  std::set<std::uint32_t> zones;
  for (std::uint32_t l = 0; l < schedule.lanes.size(); ++l) {
    const Lane& lane = schedule.lanes[l];
    if (lane.group != g || lane.adopted_by != kNone || !zones.insert(lane.zone).second) continue;
    ++lanes;
    if (any_open(schedule, l, now_)) continue;
    ++closed;
    const Timestamp next = next_opening(schedule, l, now_);
    if (first != kNone && next >= opens) continue;
    first = l;
    opens = next;
  }
  if (closed == 0) return {};
  std::string window = window_wait(first);
  if (lanes == 1) return window;
  return "the windows of " + std::to_string(closed) + " of " + count_of(lanes, "zone") +
         " are closed, the first of them: " + window;
}

std::string Explainer::rate_wait() const {
  if (!r.schedule().limits.ramp) return {};
  const RampStand stand = ramp_stand(r);
  std::string rate = "rate " + format_rate(stand.rate);
  if (stand.at_top) return rate;
  if (stand.held >= kNever) return rate + ", not used yet";
  const std::uint32_t unproven = stand.triggered - stand.proven;
  std::string text = rate;
  if (r.active(now_) < stand.held) text += ", doubles at " + moment(r.wall(stand.held));
  if (r.active(now_) >= stand.held) text += ", does not double yet";
  if (stand.proven < stand.needed) {
    text += "; " + std::to_string(unproven) + " of " + std::to_string(stand.triggered) +
            " triggered are not proven yet, " + std::to_string(stand.triggered - stand.needed) +
            " may be missing";
  } else if (stand.used < stand.rate.count) {
    text += "; " + std::to_string(stand.used) + " of " + std::to_string(stand.rate.count) +
            " were triggered at it";
  }
  return text;
}

std::string Explainer::recheck(std::uint32_t c) const {
  const ClientRecord& client = r.client(c);
  switch (client.recheck) {
    case Recheck::none:
      return {};
    case Recheck::proven:
      return ", and was proven again";
    case Recheck::missed:
      return ", and could not be proven again" + because(r.note(c));
    case Recheck::due:
      break;
  }
  if (client.open) {
    return ", and is being proven again" + because(r.note(c)) + "; tried until " +
           moment(r.wall(client.deadline));
  }
  const Timestamp at = r.retry_at(c);
  return at < kNever ? ", and is proven again at " + moment(at)
                     : ", and is about to be proven again";
}

std::string Explainer::rechecks(std::uint32_t g) const {
  const std::uint32_t due = g == kNone ? r.rechecks_due() : r.group(g).rechecks_due;
  if (due == 0) return {};
  std::string text = count_of(due, "recheck");
  if (g == kNone && r.next_timer() < kNever) text += ", the next at " + moment(r.next_timer());
  if (g != kNone) text += " to come";
  return text;
}

}  // namespace sitewide
