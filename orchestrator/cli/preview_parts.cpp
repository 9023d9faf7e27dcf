#include "orchestrator/cli/preview_parts.h"

#include "orchestrator/base/text.h"
#include "orchestrator/cli/part_words.h"

namespace sitewide {
namespace {

std::string in_words(const SitePart& part) {
  const bool stays = part.kind == SitePart::Kind::run && part.run.undo.empty();
  return words_of(part) + (stays ? " (cannot be undone)" : "");
}

std::string in_words(const ClientPart& part) {
  switch (part.kind) {
    case ClientPart::Kind::set_ini:
      return "Sms.ini [" + part.section + "] " + part.key + "=" + part.value;
    case ClientPart::Kind::set_registry:
      return part.key + ", " + part.name + " = " + part.value + " (" + part.type + ")";
    case ClientPart::Kind::run:
      return "run " + part.run.what + (part.run.undo.empty() ? " (cannot be undone)" : "");
  }
  return {};
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

std::string parts_in_words(const PreviewFacts& facts) {
  const Schedule& schedule = facts.plan.compiled.schedule;
  std::string text = list_of("Steps on each site", schedule.hotfix.parts.site);
  for (const PlannedMapEdit& edit : facts.probe.map_edits) {
    text += "System.map of " + escaped(schedule.sites[edit.site].plan.name) +
            ", edited by the force: every client of the site gets it (Q254532)\n";
    if (edit.diff.empty()) text += "  already there\n";
    for (const std::string& line : edit.diff) text += "  " + line + "\n";
    text += "\n";
  }
  return text + list_of("Settings of each client, once it is proven", schedule.hotfix.parts.client);
}

}  // namespace sitewide
