// Reconciliation: where every client of a rollout ended, each in exactly one list. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/core/rollout.h"

namespace sitewide {

/// The lists, what is well first. While a rollout goes on, some clients are `under_way` or
/// `not_begun`; after an end only an abort or a halt leaves any there.
enum class Ending : std::uint8_t {
  on_target,
  not_rechecked,  ///< on target when it was proven; it could not be proven again
  skipped,
  late,           ///< to be tried again
  late_for_good,  ///< given up
  withdrawn,      ///< it was on target, and a recheck found it off target
  failed,
  lost,
  restored,
  needs_hands,
  in_doubt,
  under_way,
  not_begun,
};
inline constexpr std::size_t kEndings = 13;

/// `on_target`, `late_for_good` …
std::string_view name_of(Ending ending);

Ending ending_of(const Rollout& rollout, std::uint32_t client);
/// Why it is in that list, not escaped; empty for clients on target.
std::string reason_of_ending(const Rollout& rollout, std::uint32_t client);

struct Reconciliation {
  std::uint32_t clients = 0;  ///< of the schedule
  /// Clients by Ending, in the order of the schedule. Together they are all clients, each once.
  std::array<std::vector<std::uint32_t>, kEndings> lists;

  const std::vector<std::uint32_t>& list(Ending ending) const {
    return lists[static_cast<std::size_t>(ending)];
  }
};

/// O(clients).
Reconciliation reconcile(const Rollout& rollout);

}  // namespace sitewide
