#include "orchestrator/core/summary.h"

#include <algorithm>

namespace sitewide {
namespace {

constexpr std::array kOnTarget = {ClientState::upgraded, ClientState::already_current};
constexpr std::array kSettled = {ClientState::upgraded,    ClientState::already_current,
                                 ClientState::late,        ClientState::failed,
                                 ClientState::lost,        ClientState::restored,
                                 ClientState::needs_hands, ClientState::skipped};

template <std::size_t kSize>
std::uint32_t sum(const StateCounts& counts, const std::array<ClientState, kSize>& states) {
  std::uint32_t total = 0;
  for (const ClientState state : states) total += counts[static_cast<std::size_t>(state)];
  return total;
}

// Clients of other groups, or of none, that the group's force reaches: they settle with its first
// wave.
std::uint32_t adopted_by(const Schedule& schedule, std::uint32_t group) {
  std::uint32_t clients = 0;
  for (const Lane& lane : schedule.lanes) {
    if (lane.adopted_by != kNone && schedule.lanes[lane.adopted_by].group == group) {
      clients += lane.clients;
    }
  }
  return clients;
}

}  // namespace

std::uint32_t GroupSummary::on_target() const { return sum(counts, kOnTarget); }
std::uint32_t GroupSummary::settled() const { return sum(counts, kSettled); }
std::uint32_t Summary::on_target() const { return sum(counts, kOnTarget); }
std::uint32_t Summary::settled() const { return sum(counts, kSettled); }

GroupSummary summarize_group(const Rollout& rollout, std::uint32_t g) {
  const ScheduledGroup& plan = rollout.schedule().groups[g];
  const GroupRecord& group = rollout.group(g);
  GroupSummary row;
  row.index = g;
  row.name = plan.plan.name;
  row.state = group.state;
  row.clients = plan.clients.size();
  row.counts = group.counts;
  row.waves = static_cast<std::uint32_t>(plan.waves.size());
  row.wave = std::min(group.wave + 1, row.waves);
  row.wave_open = group.wave_open;
  if (row.waves > 0) {
    row.wave_clients = plan.waves[row.wave - 1].size();
    if (row.wave == 1) row.wave_clients += adopted_by(rollout.schedule(), g);
  }
  if (group.wave_open) row.wave_settled = row.wave_clients - group.unsettled;
  row.failed = group.failed;
  row.acknowledged = group.acknowledged;
  row.tolerated_failed = plan.tolerate_failed + group.acknowledged;
  row.late = group.late;
  row.tolerated_late = plan.tolerate_late;
  row.unproven = group.unproven;
  row.in_doubt = group.in_doubt;
  row.running = group.running;
  row.breached = group.breached;
  row.rechecks_due = group.rechecks_due;
  row.rechecked = group.rechecked;
  row.not_rechecked = group.not_rechecked;
  row.withdrawn = group.withdrawn;
  return row;
}

SiteSummary summarize_site(const Rollout& rollout, std::uint32_t s) {
  const SiteRecord& site = rollout.site(s);
  SiteSummary row;
  row.index = s;
  row.name = rollout.schedule().sites[s].plan.name;
  row.phase = site.phase;
  if (site.open) {
    row.open_step = site.step;
    row.attempt = site.attempts[static_cast<std::size_t>(site.step)];
    row.started = rollout.wall(site.started);
  }
  row.in_doubt = site.doubtful;
  row.needs_hands = site.needs_hands;
  if (site.waiting_retry) row.retry = rollout.wall(site.due);
  row.note = site.note;
  return row;
}

Summary summarize(const Rollout& rollout, bool controlled) {
  const Schedule& schedule = rollout.schedule();
  Summary summary;
  summary.id = rollout.id();
  summary.plan = schedule.name;
  summary.state = state_seen(rollout, controlled);
  summary.halt_reason = rollout.halt_reason();
  summary.stopping = rollout.stopping();
  summary.clients = schedule.clients.size();
  summary.counts = rollout.counts();
  summary.created = rollout.created();
  summary.last_event = rollout.last_event();
  summary.groups.reserve(schedule.groups.size());
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    summary.groups.push_back(summarize_group(rollout, g));
  }
  summary.sites.reserve(schedule.sites.size());
  for (std::uint32_t s = 0; s < schedule.sites.size(); ++s) {
    summary.sites.push_back(summarize_site(rollout, s));
  }
  return summary;
}

// A paused or halted rollout waits for its operator, with a controller or without.
RolloutState state_seen(const Rollout& rollout, bool controlled) {
  const RolloutState state = rollout.state();
  if (controlled || rollout.at_rest() || rollout.ended()) return state;
  const bool waits = state == RolloutState::paused && rollout.running_actions() == 0;
  return waits ? state : RolloutState::interrupted;
}

std::string_view name_of(SiteRecord::Phase phase) {
  switch (phase) {
    case SiteRecord::Phase::idle:
      return "idle";
    case SiteRecord::Phase::staging:
      return "staging";
    case SiteRecord::Phase::replicating:
      return "replicating";
    case SiteRecord::Phase::ready:
      return "ready";
    case SiteRecord::Phase::undoing:
      return "undoing";
    case SiteRecord::Phase::undone:
      return "undone";
    case SiteRecord::Phase::failed:
      return "failed";
  }
  return "";
}

std::string ordinal(std::uint32_t number) {
  const std::uint32_t last = number % 10;
  const bool teens = number % 100 >= 11 && number % 100 <= 13;
  const char* ending = teens || last == 0 || last > 3 ? "th"
                       : last == 1                    ? "st"
                       : last == 2                    ? "nd"
                                                      : "rd";
  return std::to_string(number) + ending;
}

std::string describe_budget(std::uint32_t tolerated, std::uint32_t clients) {
  if (tolerated >= clients) return "tolerates all of " + std::to_string(clients);
  const std::string count = tolerated == 0 ? "none" : std::to_string(tolerated);
  return "tolerates " + count + " of " + std::to_string(clients) + "; the " +
         ordinal(tolerated + 1) + " failure halts";
}

}  // namespace sitewide
