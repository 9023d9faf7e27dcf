#include "orchestrator/cli/preview_parts.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/paragraphs.h"
#include "orchestrator/cli/part_words.h"
#include "plans/catalogue.h"

namespace sitewide {
namespace {

constexpr std::size_t kMostDiffLines = 40;  // on a screen

template <class Part>
std::string in_words(const Part& part) {
  const bool stays = part.kind == Part::Kind::run && part.run.undo.empty();
  return words_of(part) + (stays ? " (cannot be undone)" : "");
}

template <class Part>
std::string list_of(std::string_view title, const std::vector<Part>& parts) {
  if (parts.empty()) return {};
  std::string text(title);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += "\n  " + std::to_string(i + 1) + ". " + escaped(in_words(parts[i]));
  }
  return text + "\n\n";
}

}  // namespace

std::string map_diff_in_words(const std::vector<std::string>& diff) {
  if (diff.empty()) return "  already there\n";
  std::string text;
  for (std::size_t i = 0; i < std::min(diff.size(), kMostDiffLines); ++i)
    text += "  " + diff[i] + "\n";
  if (diff.size() <= kMostDiffLines) return text;
  return text + "  … " + count_of(diff.size() - kMostDiffLines, "further line") +
         "; --json has them all\n";
}

std::vector<std::string> article_notes(const Schedule& schedule) {
  if (schedule.hotfix.catalogue.empty()) return {};
  const auto entry = find_catalogue_entry(schedule.hotfix.catalogue);
  return entry ? entry->notes : std::vector<std::string>{};
}

std::string parts_in_words(const PreviewFacts& facts) {
  const Schedule& schedule = facts.plan.compiled.schedule;
  std::string text = list_of("Steps on each site", schedule.hotfix.parts.site);
  for (const PlannedMapEdit& edit : facts.probe.map_edits) {
    text += "System.map of " + escaped(schedule.sites[edit.site].plan.name) +
            ", edited by the force: every client of the site gets it (Q254532)\n" +
            map_diff_in_words(edit.diff) + "\n";
  }
  text += list_of("Settings of each client, once it is proven", schedule.hotfix.parts.client);
  const std::string notes =
      paragraphs("Notes of " + schedule.hotfix.catalogue, article_notes(schedule));
  return text + notes + (notes.empty() ? "" : "\n");
}

}  // namespace sitewide
