// Summary: where a rollout stands, as numbers and words that every screen shows: one line for the
// rollout, one row a group, one a site. A fold over the Rollout's counters; pure.
//
// Costs O(groups + sites), never O(clients).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/core/rollout.h"

namespace sitewide {

/// How many clients are in each state, indexed by ClientState.
using StateCounts = std::array<std::uint32_t, kClientStates>;

/// One group as a row of a table.
struct GroupSummary {
  std::uint32_t index = 0;
  std::string name;
  GroupState state = GroupState::waiting;
  std::uint32_t clients = 0;
  StateCounts counts{};     ///< of its own clients
  std::uint32_t wave = 0;   ///< current or next, counted from 1; `waves` when all have passed
  std::uint32_t waves = 0;  ///< 0: every client is upgraded by an earlier group's force
  bool wave_open = false;   ///< the wave has begun and has not passed
  std::uint32_t wave_clients = 0;      ///< clients of that wave
  std::uint32_t wave_settled = 0;      ///< of those, settled; meaningful while wave_open
  std::uint32_t failed = 0;            ///< failed, lost and needs hands, as the budget counts them
  std::uint32_t tolerated_failed = 0;  ///< acknowledged ones included
  std::uint32_t acknowledged = 0;
  std::uint32_t late = 0;
  std::uint32_t tolerated_late = 0;
  std::uint32_t unproven = 0;  ///< triggered and not yet proven
  std::uint32_t in_doubt = 0;
  std::uint32_t running = 0;  ///< actions that hold a slot
  bool breached = false;
  std::uint32_t rechecks_due = 0;  ///< clients that it owns and that are to be proven again
  std::uint32_t rechecked = 0;     ///< proven again
  std::uint32_t not_rechecked = 0;
  std::uint32_t withdrawn = 0;  ///< off target when they were to be proven again; failures too

  std::uint32_t count(ClientState of) const { return counts[static_cast<std::size_t>(of)]; }
  /// Clients that are upgraded or were current already.
  std::uint32_t on_target() const;
  /// Clients for which nothing is under way: on target, failed, late, skipped and so on.
  std::uint32_t settled() const;
};

/// One site as a row of a table.
struct SiteSummary {
  std::uint32_t index = 0;
  std::string name;
  SiteRecord::Phase phase = SiteRecord::Phase::idle;
  std::optional<Step> open_step;  ///< the step that is under way; nothing when none is
  std::uint32_t attempt = 0;      ///< of open_step
  Timestamp started{};            ///< of open_step
  bool in_doubt = false;
  bool needs_hands = false;        ///< it could not be undone
  std::optional<Timestamp> retry;  ///< when the step that failed is tried again
  std::string note;  ///< what the open step waits for, or why the last one failed; not escaped
};

struct Summary {
  std::string id;
  std::string plan;
  RolloutState state = RolloutState::running;
  std::string halt_reason;  ///< empty unless halted; not escaped
  bool stopping = false;
  std::uint32_t clients = 0;
  StateCounts counts{};
  Timestamp created{};
  Timestamp last_event{};
  std::vector<GroupSummary> groups;
  std::vector<SiteSummary> sites;

  std::uint32_t count(ClientState of) const { return counts[static_cast<std::size_t>(of)]; }
  std::uint32_t on_target() const;
  std::uint32_t settled() const;
};

/// `controlled`: whether a controller drives the rollout at present; without one, a rollout that
/// has work left is `interrupted`.
Summary summarize(const Rollout& rollout, bool controlled = true);
GroupSummary summarize_group(const Rollout& rollout, std::uint32_t group);
SiteSummary summarize_site(const Rollout& rollout, std::uint32_t site);

/// The rollout's state as seen from outside: as state(), or `interrupted` when its controller is
/// gone and work is left.
RolloutState state_seen(const Rollout& rollout, bool controlled);

/// `idle`, `staging`, `replicating`, `ready`, `undoing`, `undone`, `failed`.
std::string_view name_of(SiteRecord::Phase phase);

/// `tolerates 1 of 30; the 2nd failure halts`, `tolerates none of 30; the 1st failure halts`.
std::string describe_budget(std::uint32_t tolerated, std::uint32_t clients);
/// `1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`.
std::string ordinal(std::uint32_t number);

}  // namespace sitewide
