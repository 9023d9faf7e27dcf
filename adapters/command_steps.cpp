#include "adapters/command_steps.h"

#include <algorithm>
#include <utility>

#include "adapters/attempt_record.h"
#include "adapters/descendants.h"
#include "adapters/run_words.h"

// step       purpose           program's end            answer
// inspect    execute           exit 0 / other           ok, on target / ok, not on target
// back_up    execute           exit 0 / other           ok / failed
// upgrade,   execute           exit 0 / other           ok / failed
// restore    execute           no end by the deadline   in doubt
// verify     execute           exit 0 / other           ok / failed
// recheck    poll              exit 0 / other           ok / failed: it is off target again
// health     poll              exit 0 / other           ok / pending, until the step's own deadline
// any        execute           certainly not started    unreachable
//            execute           not let in               refused
//            execute           lost on the way          unreachable; an effect: in doubt
// A poll or a look back that is not let in has seen nothing, like one that does not reach the
// client.
namespace sitewide {
namespace {

using boost::asio::awaitable;

constexpr Duration kLook = std::chrono::minutes(5);  // a probe's or a poll's program

Answer done(OutcomeKind kind, std::string reason) {
  Answer answer;
  answer.outcome.kind = kind;
  answer.outcome.reason = std::move(reason);
  return answer;
}

Answer in_doubt(OutcomeKind kind, std::string reason) {
  Answer answer = done(kind, std::move(reason));
  answer.kind = Answer::Kind::in_doubt;
  return answer;
}

Answer recovered(OutcomeKind kind, std::string reason, int exit_code) {
  Answer answer = done(kind, std::move(reason));
  answer.outcome.recovered = true;
  answer.outcome.exit_code = exit_code;
  return answer;
}

bool passed(const RunResult& result) {
  return result.kind == RunResult::Kind::exited && result.exit_code == 0;
}

// Whether this attempt is run under its key.
bool is_recorded(const StepContext& context, const Operation& operation) {
  return !operation.repeatable && has_effect(operation.action.step) &&
         context.transport->keeps_records();
}

// What a signal or the deadline says of an attempt that has an effect: the program was ended here,
// but elsewhere it may go on, and half of it was done.
OutcomeKind outcome_of(const RunResult& result) {
  switch (result.kind) {
    case RunResult::Kind::exited:
      return result.exit_code == 0 ? OutcomeKind::ok : OutcomeKind::failed;
    case RunResult::Kind::signalled:
      return OutcomeKind::failed;
    case RunResult::Kind::timed_out:
      return OutcomeKind::timed_out;
    case RunResult::Kind::unreachable:
    case RunResult::Kind::lost:
      return OutcomeKind::unreachable;
    case RunResult::Kind::denied:
      return OutcomeKind::refused;
  }
  return OutcomeKind::failed;
}

bool leaves_doubt(const RunResult& result, const Operation& operation) {
  if (!has_effect(operation.action.step)) return false;
  if (result.kind == RunResult::Kind::timed_out || result.kind == RunResult::Kind::lost)
    return true;
  return result.kind == RunResult::Kind::signalled && operation.transport.type != "local";
}

Answer answer_of(RunResult result, const Operation& operation) {
  Answer answer = done(outcome_of(result), run_words(result));
  if (leaves_doubt(result, operation)) answer.kind = Answer::Kind::in_doubt;
  answer.outcome.exit_code = result.exit_code;
  if (result.orphans > 0) answer.outcome.facts["orphans"] = std::to_string(result.orphans);
  answer.output = std::move(result.output);
  if (operation.action.step == Step::inspect && result.kind == RunResult::Kind::exited) {
    answer.outcome.kind = OutcomeKind::ok;
    answer.outcome.on_target = result.exit_code == 0;
  }
  return answer;
}

// An attempt that its record says not to have been started by this launch.
Answer answer_of_earlier(const AttemptRecord& record, RunResult result,
                         const Operation& operation) {
  switch (record.kind) {
    case AttemptRecord::Kind::finished: {
      result.exit_code = record.exit_code;
      Answer answer = answer_of(std::move(result), operation);
      answer.outcome.recovered = record.exit_code != kNotStarted;
      return answer;
    }
    case AttemptRecord::Kind::given_up:
      return answer_of(std::move(result), operation);  // says why in its last line
    case AttemptRecord::Kind::running:
      return in_doubt(OutcomeKind::failed, "it runs already, as process " + record.pid);
    case AttemptRecord::Kind::interrupted:
      return in_doubt(OutcomeKind::failed, "an earlier launch was interrupted");
    case AttemptRecord::Kind::unknown:
      return in_doubt(OutcomeKind::failed, record.reason);
  }
  return {};
}

awaitable<Answer> execute(StepContext context, Operation operation) {
  const Timestamp deadline = operation.action.deadline;
  const Duration left = deadline - context.now();
  if (left <= Duration::zero()) {
    co_return done(OutcomeKind::timed_out, "its deadline had passed before it could begin");
  }
  auto argv = substitute(operation.argv, operation.values);
  if (!argv) co_return done(OutcomeKind::refused, argv.error().message);
  const bool with_record = is_recorded(context, operation);
  RunRequest request;
  request.argv = std::move(*argv);
  request.environment[kAttemptVariable] = operation.key;
  request.timeout = deadline == kNever ? Duration::zero() : left;
  if (with_record) {
    const auto records = records_folder(operation);
    if (!records) co_return done(OutcomeKind::refused, records.error().message);
    request.argv = recorded(*records, operation.key, std::move(request.argv));
    request.drains_itself = true;
  }
  RunResult result = co_await context.transport->run(operation, std::move(request));
  const bool ambiguous =
      with_record && result.kind == RunResult::Kind::exited && result.exit_code == kNotStarted;
  if (!ambiguous) co_return answer_of(std::move(result), operation);
  const AttemptRecord record = co_await read_or_bury(*context.transport, operation, kLook);
  co_return answer_of_earlier(record, std::move(result), operation);
}

awaitable<Answer> poll(StepContext context, Operation operation) {
  auto argv = substitute(operation.argv, operation.values);
  if (!argv) co_return done(OutcomeKind::refused, argv.error().message);
  RunRequest request;
  request.argv = std::move(*argv);
  request.timeout = kLook;
  RunResult result = co_await context.transport->run(operation, std::move(request));
  Answer answer = answer_of(std::move(result), operation);
  if (answer.outcome.kind == OutcomeKind::ok) co_return answer;
  const bool says_no = operation.action.step == Step::recheck &&
                       answer.outcome.kind == OutcomeKind::failed && answer.outcome.exit_code >= 0;
  if (says_no) co_return answer;
  const bool unseen = answer.outcome.kind == OutcomeKind::unreachable ||
                      answer.outcome.kind == OutcomeKind::refused;
  answer.kind = unseen ? Answer::Kind::in_doubt : Answer::Kind::pending;
  if (unseen) answer.outcome.kind = OutcomeKind::unreachable;
  co_return answer;
}

// An attempt without a record: the plan's own check is all there is to read. `otherwise` is the
// answer when it says no.
awaitable<Answer> verify_or(StepContext context, Operation operation, Answer otherwise) {
  if (operation.verify.empty()) co_return otherwise;
  auto argv = substitute(operation.verify, operation.values);
  if (!argv) co_return in_doubt(OutcomeKind::failed, argv.error().message);
  RunRequest request;
  request.argv = std::move(*argv);
  request.timeout = kLook;
  RunResult result = co_await context.transport->run(operation, std::move(request));
  if (passed(result)) {
    co_return recovered(OutcomeKind::ok, otherwise.outcome.reason + "; verified on looking back",
                        -1);
  }
  if (result.kind == RunResult::Kind::exited) co_return otherwise;
  const bool away = result.kind == RunResult::Kind::denied;
  const OutcomeKind kind = away ? OutcomeKind::unreachable : outcome_of(result);
  co_return in_doubt(kind, "cannot verify: " + run_words(result));
}

Answer no_effect(std::string reason) {
  Answer answer = done(OutcomeKind::cancelled, std::move(reason));
  answer.kind = Answer::Kind::no_effect;
  return answer;
}

awaitable<Answer> look_back_by_record(StepContext context, Operation operation) {
  const AttemptRecord record = co_await read_or_bury(*context.transport, operation, kLook);
  switch (record.kind) {
    case AttemptRecord::Kind::finished: {
      if (record.exit_code == 0) co_return recovered(OutcomeKind::ok, "", 0);
      const std::string words = "exit " + std::to_string(record.exit_code);
      co_return recovered(OutcomeKind::failed, words, record.exit_code);
    }
    case AttemptRecord::Kind::running: {
      const bool over = operation.action.purpose == Purpose::abandon;
      Answer answer = in_doubt(OutcomeKind::timed_out, "still runs, as process " + record.pid);
      if (!over) answer.kind = Answer::Kind::pending;
      co_return answer;
    }
    case AttemptRecord::Kind::interrupted: {
      Answer failed = recovered(OutcomeKind::failed, "interrupted", -1);
      Answer answer = co_await verify_or(context, std::move(operation), std::move(failed));
      co_return answer;
    }
    case AttemptRecord::Kind::given_up:
      co_return no_effect("it never started");
    case AttemptRecord::Kind::unknown:
      co_return in_doubt(record.unreachable ? OutcomeKind::unreachable : OutcomeKind::failed,
                         record.reason);
  }
  co_return Answer{};
}

awaitable<Answer> look_back(StepContext context, Operation operation) {
  if (!has_effect(operation.action.step)) co_return no_effect("it changes nothing");
  if (is_recorded(context, operation)) {
    Answer answer = co_await look_back_by_record(context, std::move(operation));
    co_return answer;
  }
  // Repeatable, or its transport keeps no record and the plan accepts "at least once": it may be
  // done again.
  Answer again = no_effect("interrupted");
  Answer answer = co_await verify_or(context, std::move(operation), std::move(again));
  co_return answer;
}

}  // namespace

awaitable<Answer> run_command_step(StepContext context, Operation operation) {
  if (!context.transport) co_return done(OutcomeKind::refused, "no transport reaches the client");
  Answer answer;
  switch (operation.action.purpose) {
    case Purpose::execute:
      answer = co_await execute(std::move(context), std::move(operation));
      break;
    case Purpose::poll:
      answer = co_await poll(std::move(context), std::move(operation));
      break;
    case Purpose::recover:
    case Purpose::abandon:
      answer = co_await look_back(std::move(context), std::move(operation));
      break;
  }
  co_return answer;
}

}  // namespace sitewide
