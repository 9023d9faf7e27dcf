// Explainer: the inside of why(), split over why.cpp (rollout and groups), why_parts.cpp
// (sites and clients) and why_timing.cpp (windows, rates, rechecks). Every method answers a
// sentence or a part of one and changes nothing. Not for others to include.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/core/why.h"

namespace sitewide {

class Explainer {
 public:
  Explainer(const Rollout& rollout, Timestamp now, const WhyOptions& options)
      : r(rollout), now_(now), options_(options) {}

  std::string rollout() const;
  std::string group(std::uint32_t group) const;
  std::string wave(std::uint32_t group, std::uint32_t wave) const;
  std::string site(std::uint32_t site) const;
  std::string client(std::uint32_t client) const;

 private:
  using Parts = std::vector<std::string>;

  // --- why.cpp ---
  /// Why nothing new starts in the whole rollout; empty when it may.
  std::string standstill() const;
  std::string rollback() const;
  std::string aborting() const;
  std::string begun_and_not_ended(bool in_doubt_only) const;
  /// Nobody drives the rollout, and it is not at rest.
  bool abandoned() const;
  std::string before_group(std::uint32_t group) const;
  std::string at_gate(std::uint32_t group) const;
  std::string asked(std::uint32_t group, const Gate& gate) const;
  std::string in_wave(std::uint32_t group) const;
  /// What keeps clients of the group from starting: sites, forces, windows, limits.
  void add_blockers(std::uint32_t group, Parts& parts) const;
  void add_counts(std::uint32_t group, Parts& parts) const;
  template <class Look>
  bool look_at_clients(std::uint32_t group, Range near, Look look) const;
  /// When a late client of the group is tried again.
  std::string late_retry(std::uint32_t group) const;
  /// What converging clients wait for, and when the first of them is given up.
  void add_notes(std::uint32_t group, Parts& parts) const;

  // --- why_parts.cpp ---
  std::string site_step(std::uint32_t site) const;
  /// Why the force of a lane has not been done; empty when nothing holds it, or there is none to
  /// come.
  std::string force_wait(std::uint32_t lane) const;
  std::string late_before_force(std::uint32_t lane) const;
  std::string trigger_limit(std::uint32_t group, std::uint32_t wave) const;
  std::string settled(std::uint32_t client) const;
  std::string late(std::uint32_t client) const;
  std::string under_way(std::uint32_t client) const;
  std::string to_begin(std::uint32_t client) const;
  std::string next_step(std::uint32_t client) const;

  std::string left_in_the_middle(Step step, const std::string& note) const;

  // --- why_timing.cpp ---
  std::string window_wait(std::uint32_t lane) const;
  /// Which windows of the group's clients are closed.
  std::string windows_wait(std::uint32_t group) const;
  /// Where the ramp of the rate stands; empty when the plan has none.
  std::string rate_wait() const;
  std::string recheck(std::uint32_t client) const;
  /// How many of a group, or of all, are to be proven again; empty when none is.
  std::string rechecks(std::uint32_t group) const;

  std::string name(std::uint32_t client) const;
  const std::string& group_name(std::uint32_t group) const {
    return r.schedule().groups[group].plan.name;
  }
  std::string site_name(std::uint32_t site) const {
    return "site " + r.schedule().sites[site].plan.name;
  }
  std::string moment(Timestamp at) const { return describe_moment(at, now_); }

  const Rollout& r;
  Timestamp now_;
  WhyOptions options_;
};

/// `: reason`, escaped and of bounded length; empty when there is none.
std::string because(std::string_view reason);

}  // namespace sitewide
