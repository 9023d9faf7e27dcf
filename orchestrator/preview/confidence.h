// Confidence: what a wave proves that went well as a whole. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "orchestrator/core/schedule.h"

namespace sitewide {

/// With `good` clients good out of as many, the highest failure rate that such a result still
/// has one chance in twenty of: 1 - 0.05^(1/good), the exact form of the rule of three. 1 for none.
double failure_rate_below(std::uint32_t good);

/// `3 of 3 good proves only a failure rate under 63% (95% confidence)`.
std::string small_sample_in_words(std::uint32_t good);

/// The waves and groups that others wait for and that prove less than a rate of 10%: one sentence
/// each, the group's name in it as the plan has it.
std::vector<std::string> small_samples(const Schedule& schedule);

}  // namespace sitewide
