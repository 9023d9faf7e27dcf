// What the plays of --what-if came to, for people. Pure.
#pragma once

#include <string>

#include "orchestrator/preview/what_if.h"

namespace sitewide {

/// `3% of the clients fail and 10% are late`.
std::string shares_in_words(const SupposedShares& shares);
/// How often it completes, then a row for each way in which it is stopped.
std::string what_if_in_words(const WhatIf& what_if, std::uint32_t clients);
/// Why fewer seeds were played than asked for; empty when all were.
std::string cut_short_in_words(const WhatIf& what_if);

}  // namespace sitewide
