// The closed lists of words that the core, the journal and the screens share: steps, outcomes,
// states, methods. Every word has one stable name; journals hold names, never ordinals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sitewide {

/// How a group is upgraded.
enum class Method : std::uint8_t { upgrade_bat, site_wide, command };

/// One unit of a procedure. Those up to regenerate_originals run on a site, those up to
/// converge_originals on a client; `check` is one asking of a gate.
enum class Step : std::uint8_t {
  stage,
  replicate,
  force,
  regenerate,
  unstage,
  replicate_originals,
  force_originals,
  regenerate_originals,
  inspect,
  back_up,
  trigger,
  upgrade,
  restart,
  converge,
  configure,
  verify,
  health,
  restore,
  converge_originals,
  recheck,
  check,
};
inline constexpr std::size_t kClientStepCount = 12;

/// How an attempt ended.
enum class OutcomeKind : std::uint8_t {
  ok,
  failed,
  unreachable,
  timed_out,
  cancelled,
  refused,
  inconclusive,  ///< check: there was an answer, and it says nothing
};

enum class ClientState : std::uint8_t {
  waiting,
  inspecting,
  backing_up,
  triggered,
  converging,
  upgraded,
  already_current,
  late,
  in_doubt,
  failed,
  lost,
  restoring,
  restored,
  needs_hands,
  skipped,
};
inline constexpr int kClientStates = 15;

enum class GroupState : std::uint8_t {
  waiting,
  running,
  soaking,
  awaiting_approval,
  checking,
  passed,
  halted,
  rolling_back,
  rolled_back,
  skipped,
};

/// `interrupted` is not an event's doing: it is a running rollout whose controller is gone, seen
/// from outside.
enum class RolloutState : std::uint8_t {
  running,
  paused,
  halted,
  rolling_back,
  interrupted,
  completed,
  completed_with_failures,
  rolled_back,
  needs_hands,
  aborted,
};

/// The word as the journal and the plan write it: `upgrade_bat`, `back_up`, `timed_out`,
/// `already_current`.
std::string_view name_of(Method method);
std::string_view name_of(Step step);
std::string_view name_of(OutcomeKind outcome);
std::string_view name_of(ClientState state);
/// Upgraded, or current already.
constexpr bool is_on_target(ClientState state) {
  return state == ClientState::upgraded || state == ClientState::already_current;
}
std::string_view name_of(GroupState state);
std::string_view name_of(RolloutState state);

/// The value of a word; nothing when the word is not one of the list.
template <class Word>
std::optional<Word> word_from(std::string_view name);
template <>
std::optional<Method> word_from<Method>(std::string_view name);
template <>
std::optional<Step> word_from<Step>(std::string_view name);
template <>
std::optional<OutcomeKind> word_from<OutcomeKind>(std::string_view name);
template <>
std::optional<ClientState> word_from<ClientState>(std::string_view name);
template <>
std::optional<GroupState> word_from<GroupState>(std::string_view name);
template <>
std::optional<RolloutState> word_from<RolloutState>(std::string_view name);

/// True for the steps that a site takes.
constexpr bool is_site_step(Step step) { return step <= Step::regenerate_originals; }
/// True for the steps that only look, again and again, until something holds: one attempt, many
/// polls, no slot.
constexpr bool is_watch(Step step) {
  return step == Step::replicate || step == Step::regenerate || step == Step::replicate_originals ||
         step == Step::regenerate_originals || step == Step::converge || step == Step::health ||
         step == Step::converge_originals || step == Step::recheck;
}
/// True for the steps whose effect may stand although their outcome was not seen.
constexpr bool has_effect(Step step) {
  return !is_watch(step) && step != Step::inspect && step != Step::back_up &&
         step != Step::verify && step != Step::check;
}
/// True for the steps that windows and rates hold back (design: trigger, upgrade and force, nothing
/// else).
constexpr bool is_trigger(Step step) {
  return step == Step::trigger || step == Step::upgrade || step == Step::force;
}

/// For a person: `already current`, `timed out`: underscores become blanks.
std::string spoken(std::string_view word);

}  // namespace sitewide
