// Gates that ask: where they stand in a schedule, what an answer means, and what they ask in words.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/core/schedule.h"

namespace sitewide {

/// What a gate learnt by asking once.
enum class Verdict : std::uint8_t { pass, fail, inconclusive };

/// ok passes and failed fails. Everything else is no evidence, and no evidence never passes.
Verdict verdict_of(OutcomeKind outcome);

/// The gate at `position` after `wave` of `group`, or before the group when `wave` is kNone.
const Gate& gate_at(const Schedule& schedule, std::uint32_t group, std::uint32_t wave,
                    std::uint32_t position);
inline const Gate& gate_at(const Schedule& schedule, const Subject& gate) {
  return gate_at(schedule, gate.index, gate.wave, gate.position);
}

/// Whether there is such a gate.
bool has_gate(const Schedule& schedule, std::uint32_t group, std::uint32_t wave,
              std::uint32_t position);

/// `3`, `-0.5`, `99.9`; at most fifteen digits, so that a double holds it.
std::optional<double> parse_decimal(std::string_view text);

/// `soak 10m`, `approval board`, `check ./smoke --all`, `http http://shop/health`,
/// `prometheus up{job="tills"} at least 0.99`; escaped.
std::string describe_gate(const Gate& gate);

}  // namespace sitewide
