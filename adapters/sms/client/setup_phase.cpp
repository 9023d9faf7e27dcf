#include "adapters/sms/client/setup_phase.h"

#include <array>
#include <utility>

#include "orchestrator/base/text.h"

namespace sitewide::sms {

SetupPhase setup_phase_from(std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, SetupPhase>, 7> kSpellings{{
      {"installed", SetupPhase::installed},
      {"upgrade", SetupPhase::upgrade},
      {"verify_files", SetupPhase::verify_files},
      {"verifying_files", SetupPhase::verify_files},
      {"component_deinstall", SetupPhase::component_deinstall},
      {"deinstall", SetupPhase::deinstall},
      {"deinstal", SetupPhase::deinstall},
  }};
  const std::string_view word = trim(value);
  if (word.empty()) return SetupPhase::none;
  for (const auto& [spelling, phase] : kSpellings) {
    if (equals_ignoring_case(word, spelling)) return phase;
  }
  return SetupPhase::other;
}

bool is_flagged(SetupPhase phase) {
  return phase == SetupPhase::upgrade || phase == SetupPhase::verify_files;
}

bool is_removed(SetupPhase phase) { return phase == SetupPhase::deinstall; }

}  // namespace sitewide::sms
