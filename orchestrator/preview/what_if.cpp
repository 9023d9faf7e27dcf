#include "orchestrator/preview/what_if.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "orchestrator/base/text.h"
#include "orchestrator/preview/forecast.h"

namespace sitewide {
namespace {

constexpr std::uint32_t kWhole = 1'000'000;

// Spreads bits well enough for shares of clients, the same on every machine (SplitMix64).
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

Fate fate_of(const SupposedShares& shares, std::uint32_t seed, std::uint32_t client) {
  const std::uint64_t drawn = mixed((std::uint64_t{seed} << 32) | client) % kWhole;
  if (drawn < shares.failed) return Fate::fails;
  return drawn < std::uint64_t{shares.failed} + shares.late ? Fate::is_off : Fate::goes_well;
}

struct Stop {
  std::string where, why;
  std::uint32_t touched = 0;
};

// Remembers the first thing that stopped a play.
class StopWatcher : public Reporter {
 public:
  explicit StopWatcher(const Schedule& schedule) : schedule_(schedule) {}

  void report(std::span<const JournaledEvent> events, const Rollout& rollout) override {
    for (const JournaledEvent& event : events) {
      if (stop_) return;
      if (const auto* breached = std::get_if<Breached>(&event.event)) {
        note(rollout, Subject::group(breached->group), "more failed than tolerated");
      } else if (const auto* halted = std::get_if<Halted>(&event.event)) {
        note(rollout, halted->subject, why_halted(rollout, halted->subject));
      }
    }
  }
  const std::optional<Stop>& stop() const { return stop_; }

 private:
  std::string why_halted(const Rollout& rollout, const Subject& subject) const {
    if (subject.kind == Subject::Kind::rollout) return "rollout_within is over";
    if (subject.kind != Subject::Kind::group) return "a step of the site failed";
    const bool late =
        rollout.group(subject.index).late > schedule_.groups[subject.index].tolerate_late;
    return late ? "more late than tolerated" : "no client was upgraded";
  }

  void note(const Rollout& rollout, const Subject& subject, std::string why) {
    Stop stop;
    stop.where =
        subject.kind == Subject::Kind::rollout ? "the rollout" : subject_name(schedule_, subject);
    if (subject.kind == Subject::Kind::group) {
      stop.where = schedule_.groups[subject.index].plan.name + " wave " +
                   std::to_string(rollout.group(subject.index).wave + 1);
    }
    stop.why = std::move(why);
    for (std::uint32_t c = 0; c < schedule_.clients.size(); ++c)
      stop.touched += rollout.client(c).trigger_order > 0 ? 1U : 0U;
    stop_ = std::move(stop);
  }

  const Schedule& schedule_;
  std::optional<Stop> stop_;
};

// All stops of one kind, as (touched, seed).
using Touched = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

WhatIfStop summed_up(const std::pair<std::string, std::string>& kind, Touched& touched) {
  std::sort(touched.begin(), touched.end());
  WhatIfStop stop;
  stop.where = kind.first;
  stop.why = kind.second;
  stop.seeds = static_cast<std::uint32_t>(touched.size());
  stop.median_touched = touched[touched.size() / 2].first;
  stop.worst_touched = touched.back().first;
  // The first of the seeds that came so far, so that it is easy to remember.
  stop.worst_seed =
      std::lower_bound(touched.begin(), touched.end(), std::pair{stop.worst_touched, 0U})->second;
  return stop;
}

// `3%`, `0.25%` in millionths; nothing for anything else.
std::optional<std::uint32_t> share_from(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  std::string digits(dot == std::string_view::npos ? "" : text.substr(dot + 1));
  const bool shaped = !whole.empty() && whole.size() <= 3 && digits.size() <= 2 &&
                      (dot == std::string_view::npos || !digits.empty());
  if (!shaped) return std::nullopt;
  digits.resize(4, '0');
  std::uint32_t value = 0;
  for (const char digit : std::string(whole) + digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return value <= kWhole ? std::optional(value) : std::nullopt;
}

// Who is off stays off: one look more tells as much as three hundred, and costs less.
Schedule with_few_retries(Schedule schedule) {
  for (ScheduledGroup& group : schedule.groups)
    group.plan.retry_late = std::max(group.plan.retry_late, group.plan.give_up_late);
  return schedule;
}

}  // namespace

Result<SupposedShares> parse_what_if(std::string_view text) {
  SupposedShares shares;
  for (const std::string_view part : split(text, ',')) {
    const std::size_t equals = part.find('=');
    const std::string_view what = part.substr(0, equals);
    const auto share =
        equals == std::string_view::npos ? std::nullopt : share_from(part.substr(equals + 1));
    std::uint32_t* into = what == "failed" ? &shares.failed
                          : what == "late" ? &shares.late
                                           : nullptr;
    if (into == nullptr || !share || *into != 0) {
      return Error{ErrorKind::usage, "`" + escaped(part, 80) +
                                         "` supposes nothing: say failed=3%, late=10%, or both "
                                         "with a comma"};
    }
    *into = *share;
  }
  if (shares.failed + shares.late > kWhole)
    return Error{ErrorKind::usage, "failed and late are more than 100% together"};
  return shares;
}

const WhatIfStop* WhatIf::worst() const {
  const auto found = std::max_element(
      stops.begin(), stops.end(),
      [](const WhatIfStop& a, const WhatIfStop& b) { return a.worst_touched < b.worst_touched; });
  return found == stops.end() ? nullptr : &*found;
}

WhatIf what_if(const Schedule& schedule, const WhatIfOptions& asked) {
  WhatIf result;
  result.shares = asked.shares;
  result.seeds_asked = asked.seeds;
  const std::uint64_t clients = std::max(1U, schedule.clients.size());
  result.seeds = static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(asked.most_plays / clients, 1, std::max(1U, asked.seeds)));
  result.plays = clients * result.seeds;
  const Schedule played = with_few_retries(schedule);
  std::map<std::pair<std::string, std::string>, Touched> stops;
  for (std::uint32_t seed = 1; seed <= result.seeds; ++seed) {
    StopWatcher watcher(played);
    ForecastOptions options;
    options.start = asked.start;
    options.watcher = &watcher;
    options.fates = [&](std::uint32_t client) {
      const bool current = asked.known && asked.known(client) == Fate::is_current;
      return current ? Fate::is_current : fate_of(asked.shares, seed, client);
    };
    forecast(played, options);
    if (const auto& stop = watcher.stop()) {
      stops[{stop->where, stop->why}].emplace_back(stop->touched, seed);
    } else {
      ++result.completed;
    }
  }
  for (auto& [kind, touched] : stops) result.stops.push_back(summed_up(kind, touched));
  std::stable_sort(result.stops.begin(), result.stops.end(),
                   [](const WhatIfStop& a, const WhatIfStop& b) { return a.seeds > b.seeds; });
  return result;
}

}  // namespace sitewide
