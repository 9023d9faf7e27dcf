// Schedule: a plan compiled against its inventory. Every client, wave, step and budget is resolved
// to whole numbers; nothing is looked up again while it runs. Immutable once made; its digest names
// it.
//
// Clients lie sorted by group, then wave, then inventory order, so each group and each wave is one
// range. Clients of the inventory that no group selects come last, and only those whose site is
// forced.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "orchestrator/core/client_table.h"
#include "orchestrator/core/outcome.h"
#include "orchestrator/core/plan.h"

namespace sitewide {

inline constexpr std::uint32_t kNone = UINT32_MAX;

/// A half-open range of client indices.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t size() const { return end - begin; }
  bool contains(std::uint32_t client) const { return client >= begin && client < end; }
};

/// One step of a client's procedure with its policy.
struct PlannedStep {
  Step step = Step::inspect;
  StepPolicy policy;
  Duration poll{};         ///< for a watch
  bool repeatable = true;  ///< doing it again does no harm
};

/// A window with its zone's offsets written out, so that deciding needs no time-zone data.
struct ZoneOffset {
  Timestamp from;     ///< valid from here on
  Duration offset{};  ///< local time = UTC + offset
};
struct ScheduledWindow {
  Window window;
  std::vector<ZoneOffset> offsets;  ///< ascending; the first holds from the beginning. Empty for a
                                    ///< window in its clients' own zones: those of the lane count
};
/// A zone that clients live in.
struct Zone {
  std::string name;
  std::vector<ZoneOffset> offsets;
};

/// A group as it will run.
struct ScheduledGroup {
  Group plan;  ///< as written, defaults filled in
  Range clients;
  std::vector<Range> waves;          ///< consecutive, together `clients`
  std::vector<std::uint32_t> after;  ///< group indices
  std::uint32_t tolerate_failed = 0;
  std::uint32_t tolerate_late = 0;
  std::uint32_t unproven = kNone;  ///< kNone: unlimited
  bool strict_first = true, strict_later = false;
  std::vector<PlannedStep> steps;  ///< the client's procedure
  PlannedStep restore;             ///< restore, or nothing to restore with: attempts 0
  PlannedStep converge_originals;  ///< for a site that is undone as a whole
  PlannedStep recheck;             ///< timeout zero: clients are not proven again
  std::vector<ScheduledWindow> windows;
  std::uint32_t transport = 0;
};

/// The clients of one group on one site, and in one zone where the group's windows open by their
/// own: they wait for that site and that window together. Lanes of no group carry kNone.
struct Lane {
  std::uint32_t group = kNone;
  std::uint32_t site = kNone;  ///< kNone: the method needs no site
  std::uint32_t adopted_by =
      kNone;  ///< the lane whose force reaches these clients first (design 5, blast radius)
  std::uint32_t clients = 0;   ///< how many
  std::uint32_t zone = kNone;  ///< of Schedule::zones; kNone: no window asks for it
};

/// A site as it will be served.
struct ScheduledSite {
  Site plan;
  PlannedStep stage, replicate, force, regenerate;
  PlannedStep unstage, replicate_originals, force_originals, regenerate_originals;
};

struct Schedule {
  std::string name;
  std::string description;
  Hotfix hotfix;
  std::vector<Transport> transports;
  std::vector<ScheduledSite> sites;
  std::vector<ScheduledGroup> groups;
  std::vector<Zone> zones;  ///< those of clients whose windows open by their own
  std::vector<Lane> lanes;
  Limits limits;
  std::vector<NotifyTarget> notify;
  ClientTable clients;
  std::vector<std::uint32_t> lane_of;  ///< a client's own lane
  std::string plan_path;  ///< where the plan was read, for "the plan has changed since"
  Digest plan_digest;     ///< of its bytes
  Digest digest;          ///< of this schedule, see schedule_codec

  /// The lane that a client is upgraded in: its own, or the one that adopted it.
  std::uint32_t owner_lane(std::uint32_t client) const {
    const std::uint32_t own = lane_of[client];
    return lanes[own].adopted_by == kNone ? own : lanes[own].adopted_by;
  }
  bool adopted(std::uint32_t client) const { return lanes[lane_of[client]].adopted_by != kNone; }
  /// The wave (counted from 0) of a client in the group that owns it; adopted clients belong to
  /// wave 0.
  std::uint32_t wave_of(std::uint32_t client) const;
  /// True when an upgrade of this group that nobody heard of may begin, or go on, after a look that
  /// found nothing: no record on the client tells of it, and none could be buried.
  bool may_arrive_late(std::uint32_t group) const;
  /// The site of a client, or kNone.
  std::uint32_t site_of(std::uint32_t client) const { return lanes[lane_of[client]].site; }
};

/// `client/pc001`, `site/HQ`, `group/canary`, `wave/canary/2` (counted from 1), `rollout`; the
/// first gate after that wave is `gate/canary/2/1`, the first before the group
/// `gate/canary/before/1`.
std::string subject_name(const Schedule& schedule, const Subject& subject);

}  // namespace sitewide
