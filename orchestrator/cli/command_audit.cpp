#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/core/decide.h"
#include "orchestrator/core/event_codec.h"

namespace sitewide {
namespace {

// Facts come from outside: outcomes, orders, controllers. Everything else the engine decided.
bool is_decision(const Event& event) {
  const bool fact =
      std::holds_alternative<RolloutCreated>(event) ||
      std::holds_alternative<ControllerStarted>(event) ||
      std::holds_alternative<ControllerStopping>(event) ||
      std::holds_alternative<ClockJumped>(event) || std::holds_alternative<StepNoted>(event) ||
      std::holds_alternative<StepInDoubt>(event) || std::holds_alternative<StepFinished>(event) ||
      std::holds_alternative<Aborted>(event) || std::holds_alternative<Approved>(event) ||
      std::holds_alternative<Skipped>(event) || std::holds_alternative<RetryOrdered>(event) ||
      std::holds_alternative<Acknowledged>(event) || std::holds_alternative<OrderRefused>(event);
  if (fact) return false;
  const auto* paused = std::get_if<Paused>(&event);
  if (paused != nullptr) return paused->by.user.empty() && paused->by.order.empty();
  const auto* continued = std::get_if<Continued>(&event);
  if (continued != nullptr) return continued->by.user.empty() && continued->by.order.empty();
  const auto* rollback = std::get_if<RollbackStarted>(&event);
  return rollback == nullptr || rollback->by.user.empty();
}

// Derives the decision anew and compares it with what the journal says.
Result<> check_decision(const StoredRollout& stored, const Record& record) {
  const auto again = decide(stored.rollout, record.at);
  if (!again) {
    return Error{ErrorKind::journal, "event " + std::to_string(record.seq) + " (" + record.kind +
                                         " " + record.subject +
                                         ") does not follow from those before it"};
  }
  Record derived = encode(stored.schedule, *again, record.at);
  derived.seq = record.seq;
  if (derived == record) return {};
  return Error{ErrorKind::journal, "event " + std::to_string(record.seq) + " says " + record.kind +
                                       " " + record.subject + " " + record.step +
                                       ", but those before it lead to " + derived.kind + " " +
                                       derived.subject + " " + derived.step};
}

}  // namespace

Result<ExitCode> command_audit(const Options& options, const Console& console) {
  const auto directory = find_rollout(options.state_dir, options.target);
  if (!directory) return directory.error();
  std::uint64_t decisions = 0;
  std::string wrote;  // the version that wrote the events at hand
  const auto derive = [&](const StoredRollout& stored, const Event& event,
                          const Record& record) -> Result<> {
    if (const auto* controller = std::get_if<ControllerStarted>(&event)) wrote = controller->engine;
    if (!is_decision(event) || wrote != SITEWIDE_VERSION) return {};
    ++decisions;
    return check_decision(stored, record);
  };
  const auto stored = read_rollout(*directory, derive);
  if (!stored) return stored.error();
  const ChainHead& head = (*stored)->seen;
  if (console.json()) {
    console.line("audit", {{"rollout", directory->id()},
                           {"events", head.seq},
                           {"decisions", decisions},
                           {"chain", head.chain.hex()}});
  } else {
    console.out(directory->id() + ": " + count_of(static_cast<std::uint64_t>(head.seq), "event") +
                " unaltered, chain ends in " + head.chain.brief() + "; " +
                count_of(decisions, "decision") + " derived anew, all the same\n");
  }
  return ExitCode::on_target;
}

}  // namespace sitewide
