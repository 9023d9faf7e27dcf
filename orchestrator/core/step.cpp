#include "orchestrator/core/step.h"

#include <algorithm>
#include <array>

#include "orchestrator/base/check.h"

namespace sitewide {
namespace {

// One table a list, in the order of its enumerators. The tests hold every word to its place.
constexpr std::array<std::string_view, 3> kMethods{"upgrade_bat", "site_wide", "command"};
constexpr std::array<std::string_view, 21> kSteps{"stage",
                                                  "replicate",
                                                  "force",
                                                  "regenerate",
                                                  "unstage",
                                                  "replicate_originals",
                                                  "force_originals",
                                                  "regenerate_originals",
                                                  "inspect",
                                                  "back_up",
                                                  "trigger",
                                                  "upgrade",
                                                  "restart",
                                                  "converge",
                                                  "configure",
                                                  "verify",
                                                  "health",
                                                  "restore",
                                                  "converge_originals",
                                                  "recheck",
                                                  "check"};
constexpr std::array<std::string_view, 7> kOutcomes{
    "ok", "failed", "unreachable", "timed_out", "cancelled", "refused", "inconclusive"};
constexpr std::array<std::string_view, kClientStates> kClientStateNames{
    "waiting",  "inspecting",      "backing_up", "triggered",   "converging",
    "upgraded", "already_current", "late",       "in_doubt",    "failed",
    "lost",     "restoring",       "restored",   "needs_hands", "skipped"};
constexpr std::array<std::string_view, 10> kGroupStates{
    "waiting", "running", "soaking",      "awaiting_approval", "checking",
    "passed",  "halted",  "rolling_back", "rolled_back",       "skipped"};
constexpr std::array<std::string_view, 10> kRolloutStates{"running",
                                                          "paused",
                                                          "halted",
                                                          "rolling_back",
                                                          "interrupted",
                                                          "completed",
                                                          "completed_with_failures",
                                                          "rolled_back",
                                                          "needs_hands",
                                                          "aborted"};

static_assert(kMethods.size() == static_cast<std::size_t>(Method::command) + 1);
static_assert(kSteps.size() == static_cast<std::size_t>(Step::check) + 1);
static_assert(kOutcomes.size() == static_cast<std::size_t>(OutcomeKind::inconclusive) + 1);
static_assert(kClientStateNames.size() == static_cast<std::size_t>(ClientState::skipped) + 1);
static_assert(kGroupStates.size() == static_cast<std::size_t>(GroupState::skipped) + 1);
static_assert(kRolloutStates.size() == static_cast<std::size_t>(RolloutState::aborted) + 1);

template <class Word, std::size_t kSize>
std::string_view name_in(const std::array<std::string_view, kSize>& names, Word word) {
  const auto place = static_cast<std::size_t>(word);
  check(place < kSize, "a word of a closed list");
  return names[place];
}

template <class Word, std::size_t kSize>
std::optional<Word> word_in(const std::array<std::string_view, kSize>& names,
                            std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Word>(found - names.begin());
}

}  // namespace

std::string_view name_of(Method method) { return name_in(kMethods, method); }
std::string_view name_of(Step step) { return name_in(kSteps, step); }
std::string_view name_of(OutcomeKind outcome) { return name_in(kOutcomes, outcome); }
std::string_view name_of(ClientState state) { return name_in(kClientStateNames, state); }
std::string_view name_of(GroupState state) { return name_in(kGroupStates, state); }
std::string_view name_of(RolloutState state) { return name_in(kRolloutStates, state); }

template <>
std::optional<Method> word_from<Method>(std::string_view name) {
  return word_in<Method>(kMethods, name);
}
template <>
std::optional<Step> word_from<Step>(std::string_view name) {
  return word_in<Step>(kSteps, name);
}
template <>
std::optional<OutcomeKind> word_from<OutcomeKind>(std::string_view name) {
  return word_in<OutcomeKind>(kOutcomes, name);
}
template <>
std::optional<ClientState> word_from<ClientState>(std::string_view name) {
  return word_in<ClientState>(kClientStateNames, name);
}
template <>
std::optional<GroupState> word_from<GroupState>(std::string_view name) {
  return word_in<GroupState>(kGroupStates, name);
}
template <>
std::optional<RolloutState> word_from<RolloutState>(std::string_view name) {
  return word_in<RolloutState>(kRolloutStates, name);
}

std::string spoken(std::string_view word) {
  std::string text(word);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace sitewide
