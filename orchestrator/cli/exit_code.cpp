#include "orchestrator/cli/exit_code.h"

#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/base/mutation.h"

namespace sitewide {

ExitCode exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::internal:
      return ExitCode::internal;
    case ErrorKind::usage:
      return ExitCode::usage;
    case ErrorKind::invalid:
      return ExitCode::invalid;
    case ErrorKind::refused:
    case ErrorKind::unreachable:
    case ErrorKind::denied:
    case ErrorKind::io:
      return ExitCode::refused;
    case ErrorKind::held:
      return ExitCode::held;
    case ErrorKind::journal:
      return ExitCode::journal;
  }
  check_failed("an error of no kind");
}

namespace {

bool needs_hands(const Rollout& rollout) {
  if (rollout.counts()[static_cast<std::size_t>(ClientState::needs_hands)] > 0) return true;
  for (std::uint32_t s = 0; s < rollout.schedule().sites.size(); ++s) {
    if (rollout.site(s).needs_hands) return true;
  }
  return rollout.state() == RolloutState::needs_hands;
}

bool breached(const Rollout& rollout) {
  for (std::uint32_t g = 0; g < rollout.schedule().groups.size(); ++g) {
    if (rollout.group(g).breached) return true;
  }
  return false;
}

bool awaits_approval(const Rollout& rollout) {
  for (std::uint32_t g = 0; g < rollout.schedule().groups.size(); ++g) {
    if (rollout.group(g).state == GroupState::awaiting_approval) return true;
  }
  return false;
}

}  // namespace

ExitCode exit_code_of(const Rollout& rollout) {
  const bool at_rest = rollout.ended() || rollout.halted();
  if (at_rest && needs_hands(rollout)) return ExitCode::needs_hands;
  switch (rollout.state()) {
    case RolloutState::needs_hands:
      return ExitCode::needs_hands;
    case RolloutState::aborted:
      return ExitCode::aborted;
    case RolloutState::halted:
      return mutated(Mutation::halt_exits_well) ? ExitCode::on_target : ExitCode::halted;
    case RolloutState::rolling_back:  // after a breach nothing but worse can come of it
      return rollout.rollback().ordered ? ExitCode::waiting : ExitCode::halted;
    case RolloutState::rolled_back:
      return breached(rollout) ? ExitCode::halted : ExitCode::on_target;
    case RolloutState::completed_with_failures:
      return ExitCode::completed_with_failures;
    case RolloutState::completed:
      return ExitCode::on_target;
    case RolloutState::paused:
      return ExitCode::waiting;
    case RolloutState::running:
    case RolloutState::interrupted:
      return ExitCode::waiting;
  }
  check_failed("a rollout in no state");
}

ExitCode exit_code_seen(const Rollout& rollout, bool controlled) {
  const ExitCode code = exit_code_of(rollout);
  const bool needs_somebody = rollout.paused() || awaits_approval(rollout);
  return code == ExitCode::waiting && !needs_somebody && !controlled ? ExitCode::interrupted : code;
}

std::span<const ExitCodeMeaning> exit_code_meanings() {
  static constexpr ExitCodeMeaning kMeanings[] = {
      {0, "everything in scope is on target"},
      {1, "internal error: please report it"},
      {2, "the command line cannot be understood"},
      {3, "plan, inventory or saved preview is invalid"},
      {4, "refused before anything was done"},
      {5, "preview --exit-code: there is work to do"},
      {6, "another controller or rollout holds it"},
      {10, "finished; some clients failed or are late, within budget"},
      {11, "halted, and rolled back as the plan says"},
      {12, "aborted by an operator"},
      {13, "it goes on, is paused or waits for an approval, and the command does not wait"},
      {15, "the journal cannot be used"},
      {16, "needs hands"},
      {130, "interrupted (143: by SIGTERM); sitewide resume goes on"},
  };
  return kMeanings;
}

}  // namespace sitewide
