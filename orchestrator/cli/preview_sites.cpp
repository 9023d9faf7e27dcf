#include "orchestrator/cli/preview_sites.h"

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kMostNames = 20;

}  // namespace

std::string state_in_words(const FileState& state) {
  std::string text = state.digest.brief(8) + " " + with_separators(state.size);
  if (state.modified != Timestamp{})
    text += " of " + format_timestamp(state.modified).substr(0, 10);
  return text;
}

std::string write_in_words(const std::string& site, const std::string& path,
                           const std::optional<FileState>& now,
                           const std::optional<FileState>& then) {
  const bool same = now.has_value() == then.has_value() && (!now || now->digest == then->digest);
  const std::string after = same   ? "already there"
                            : then ? state_in_words(*then)
                                   : std::string("removed");
  return "  " + std::string(same ? "=" : "~") + " " + escaped(site) + "  " + escaped(path) +
         "\n      " + (now ? state_in_words(*now) : std::string("new file")) + " -> " + after +
         "\n";
}

std::string writes_in_words(const PreviewFacts& facts) {
  const Schedule& schedule = facts.plan.compiled.schedule;
  if (facts.probe.writes.empty()) return {};
  std::string text = "Writes on the sites\n";
  for (const PlannedWrite& write : facts.probe.writes) {
    const PlannedFile& file = *write.file;
    const FileState then{file.digest, file.size, file.date.value_or(Timestamp{})};
    text += write_in_words(schedule.sites[write.site].plan.name, file.on_site, write.present, then);
  }
  return text + "\n";
}

std::string reach_in_words(const Compiled& compiled) {
  const Schedule& schedule = compiled.schedule;
  std::string text;
  for (const BlastRadius& radius : compiled.blast_radius) {
    text += "Reach of the force of " + escaped(schedule.groups[radius.group].plan.name) +
            " on site " + escaped(schedule.sites[radius.site].plan.name) + "\n";
    for (std::size_t i = 0; i < radius.clients.size(); ++i) {
      if (i == kMostNames) {
        text += "  … " + count_of(radius.clients.size() - i, "further client") + "\n";
        break;
      }
      const std::uint32_t c = radius.clients[i];
      const std::uint32_t group = schedule.lanes[schedule.lane_of[c]].group;
      text += "  " + std::string(schedule.clients.name(c)) +
              (group == kNone ? " (in no group)"
                              : " (group " + escaped(schedule.groups[group].plan.name) + ")") +
              "\n";
    }
    text += "  and any client that is not in the inventory, and those of child secondary sites\n\n";
  }
  return text;
}

}  // namespace sitewide
