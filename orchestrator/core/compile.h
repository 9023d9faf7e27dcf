// compile(): a plan and its inventory become a schedule, or problems. Pure.
#pragma once

#include <functional>
#include <string>

#include "orchestrator/base/result.h"
#include "orchestrator/core/problem.h"
#include "orchestrator/core/schedule.h"
#include "orchestrator/core/selector.h"

namespace sitewide {

/// The offsets of an IANA zone, from now to further ahead than any rollout lasts; an error names
/// the zone.
using ZoneLookup = std::function<Result<std::vector<ZoneOffset>>(const std::string& zone)>;

/// What compiling needs beside plan and inventory.
struct CompileOptions {
  ZoneLookup zones;
  std::string only;  ///< a selector that narrows every group (`run --only`); empty: all
  /// The inventory is a part of the whole: clients and labels that are not there are no problem.
  bool partial = false;
};

/// What a forced update of a site reaches beyond the clients its group names (design 5, blast
/// radius).
struct BlastRadius {
  std::uint32_t group = 0;
  std::uint32_t site = 0;
  std::vector<std::uint32_t> clients;  ///< of the inventory, in later groups, other groups or none
};

struct Compiled {
  Schedule schedule;  ///< meaningful only when no problem is an error
  Problems problems;
  std::vector<BlastRadius> blast_radius;
};

/// Reports every problem in one go, in file order. The inventory is consumed.
Compiled compile(const Plan& plan, ClientTable inventory, const CompileOptions& options);

/// The whole number of a count: a percentage of `total`, rounded down (tolerances) or up (waves).
std::uint32_t resolve_down(const Count& count, std::uint32_t total);
std::uint32_t resolve_up(const Count& count, std::uint32_t total);

}  // namespace sitewide
