#include "orchestrator/cli/what_if_text.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/console.h"

namespace sitewide {
namespace {

// Millionths as per cent, without zeros at the end.
std::string percent(std::uint32_t share) {
  std::string text = std::to_string(share / 10'000);
  std::string digits = std::to_string(share % 10'000);
  digits.insert(0, 4 - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + (digits.empty() ? "" : "." + digits) + "%";
}

std::string part_of(std::uint32_t part, std::uint32_t all) {
  const auto share = static_cast<std::uint32_t>(std::uint64_t{part} * 1000 / std::max(1U, all));
  return with_separators(part) + " of " + with_separators(all) + " seeds (" +
         percent(share * 1000) + ")";
}

}  // namespace

std::string shares_in_words(const SupposedShares& shares) {
  std::string failed = percent(shares.failed) + " of the clients fail";
  const std::string late = percent(shares.late);
  if (shares.late == 0) return failed;
  return shares.failed == 0 ? late + " of the clients are late"
                            : failed + " and " + late + " are late";
}

std::string cut_short_in_words(const WhatIf& what_if) {
  if (what_if.seeds == what_if.seeds_asked) return {};
  return "only " + count_of(what_if.seeds, "seed") + " of " + with_separators(what_if.seeds_asked) +
         " played: the plan is too big for more than " + with_separators(kMostPlays) +
         " client-plays";
}

std::string what_if_in_words(const WhatIf& what_if, std::uint32_t clients) {
  std::string text = "What if " + shares_in_words(what_if.shares) + ": " +
                     count_of(what_if.seeds, "seed") + ", " + with_separators(what_if.plays) +
                     " client-plays\n  completes in " + part_of(what_if.completed, what_if.seeds) +
                     ", is stopped in " +
                     part_of(what_if.seeds - what_if.completed, what_if.seeds) + "\n";
  if (what_if.stops.empty()) return text + "\n";
  std::size_t column = 10;
  for (const WhatIfStop& stop : what_if.stops) column = std::max(column, stop.where.size() + 2);
  text += "  " + pad("stopped at", column) + pad("because", 28) + pad("seeds", 8) +
          "clients touched by then: median, worst\n";
  for (const WhatIfStop& stop : what_if.stops) {
    text += "  " + pad(escaped(stop.where), column) + pad(stop.why, 28) +
            pad(with_separators(stop.seeds), 8) + with_separators(stop.median_touched) + ", " +
            with_separators(stop.worst_touched) + "\n";
  }
  const WhatIfStop& worst = *what_if.worst();
  return text + "  worst: " + with_separators(worst.worst_touched) + " of " +
         count_of(clients, "client") + " touched when it was stopped (seed " +
         std::to_string(worst.worst_seed) + ")\n\n";
}

}  // namespace sitewide
