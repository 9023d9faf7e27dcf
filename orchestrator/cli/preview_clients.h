// What a preview says of clients that were asked. Pure.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/cli/preview_text.h"

namespace sitewide {

/// The clients of one group by standing; the last row, without a name, is of those in no group.
struct StandingRow {
  std::string group;
  std::array<std::uint32_t, kClientStandings> counts{};
  std::uint32_t all() const;
};
std::vector<StandingRow> standing_rows(const Schedule& schedule, const ClientProbe& probe);

/// A row a group, and the names of those that did not say; empty when no client was asked.
std::string clients_in_words(const PreviewFacts& facts);
/// `asked 40 clients in 2 s, 40 at a time: 38 to upgrade, 2 unreachable`.
std::string probe_in_words(const ClientProbe& probe);

}  // namespace sitewide
