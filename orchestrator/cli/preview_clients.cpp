#include "orchestrator/cli/preview_clients.h"

#include <numeric>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/console.h"

namespace sitewide {
namespace {

constexpr std::size_t kMostNames = 20;
constexpr std::size_t kNameColumn = 18;
constexpr std::array<ClientStanding, kClientStandings> kStandings = {
    ClientStanding::to_upgrade, ClientStanding::current, ClientStanding::unreachable,
    ClientStanding::unknown};

std::string names_of(const Schedule& schedule, const ClientProbe& probe, ClientStanding standing) {
  const std::uint32_t all = probe.count(standing);
  if (all == 0) return {};
  std::string text = "  " + std::string(name_of(standing)) + " (" + std::to_string(all) + "):\n";
  std::size_t shown = 0;
  for (std::uint32_t c = 0; c < schedule.clients.size() && shown < kMostNames; ++c) {
    const SavedClient& client = probe.clients[c];
    if (client.standing != standing) continue;
    ++shown;
    text += "    " + escaped(schedule.clients.name(c)) +
            (client.why.empty() ? "" : ": " + client.why) + "\n";
  }
  if (all > shown) text += "    … " + std::to_string(all - shown) + " more; --json names all\n";
  return text;
}

std::string row_in_words(const std::string& name, const StandingRow& row) {
  std::string line = "  " + pad(name, kNameColumn) + pad(std::to_string(row.all()), 9);
  for (const std::uint32_t count : row.counts) line += pad(std::to_string(count), 17);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::uint32_t StandingRow::all() const { return std::accumulate(counts.begin(), counts.end(), 0U); }

std::vector<StandingRow> standing_rows(const Schedule& schedule, const ClientProbe& probe) {
  std::vector<StandingRow> rows(schedule.groups.size() + 1);
  for (std::size_t g = 0; g < schedule.groups.size(); ++g)
    rows[g].group = schedule.groups[g].plan.name;
  for (std::uint32_t c = 0; c < schedule.clients.size(); ++c) {
    const std::uint32_t group = schedule.lanes[schedule.lane_of[c]].group;
    StandingRow& row = group == kNone ? rows.back() : rows[group];
    ++row.counts[static_cast<std::size_t>(probe.clients[c].standing)];
  }
  return rows;
}

std::string probe_in_words(const ClientProbe& probe) {
  std::string text = "asked " + count_of(probe.clients.size(), "client") + " in " +
                     describe_duration(probe.took) + ", " + std::to_string(probe.in_flight) +
                     " at a time:";
  const char* separator = " ";
  for (const ClientStanding standing : kStandings) {
    if (probe.count(standing) == 0) continue;
    text +=
        separator + std::to_string(probe.count(standing)) + " " + std::string(name_of(standing));
    separator = ", ";
  }
  return text;
}

std::string clients_in_words(const PreviewFacts& facts) {
  if (facts.clients == nullptr) return {};
  const Schedule& schedule = facts.plan.compiled.schedule;
  const ClientProbe& probe = *facts.clients;
  std::string text = "Clients, " + probe_in_words(probe) + "\n  " + pad("group", kNameColumn) +
                     pad("clients", 9) + pad("to upgrade", 17) + pad("already current", 17) +
                     pad("unreachable", 17) + "unknown\n";
  for (const StandingRow& row : standing_rows(schedule, probe)) {
    if (row.all() > 0)
      text += row_in_words(row.group.empty() ? "(in no group)" : escaped(row.group), row);
  }
  text += names_of(schedule, probe, ClientStanding::unreachable);
  text += names_of(schedule, probe, ClientStanding::unknown);
  return text + "\n";
}

}  // namespace sitewide
