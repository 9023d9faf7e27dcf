#include "adapters/gates.h"

#include <algorithm>
#include <utility>

#include "adapters/process.h"
#include "adapters/run_words.h"

namespace sitewide {
namespace {

using boost::asio::awaitable;

bool is_among(const std::vector<std::uint32_t>& codes, int code) {
  return std::find(codes.begin(), codes.end(), static_cast<std::uint32_t>(code)) != codes.end();
}

Answer no_evidence(OutcomeKind kind, std::string reason) {
  Answer answer;
  answer.outcome.kind = kind;
  answer.outcome.reason = std::move(reason);
  return answer;
}

awaitable<Answer> check(StepContext context, Operation operation, Duration left) {
  auto argv = substitute(operation.gate.inquiry.run, operation.values);
  if (!argv) co_return no_evidence(OutcomeKind::refused, argv.error().message);
  RunRequest request;
  request.argv = std::move(*argv);
  request.timeout = left;
  RunResult result = co_await run_process(context.executor, std::move(request));
  Answer answer;
  answer.outcome = judge_exit(result, operation.gate.inquiry);
  answer.output = std::move(result.output);
  co_return answer;
}

}  // namespace

Outcome judge_exit(const RunResult& result, const Inquiry& inquiry) {
  Outcome outcome;
  outcome.exit_code = result.exit_code;
  outcome.reason = run_words(result);
  switch (result.kind) {
    case RunResult::Kind::exited:
      outcome.kind = is_among(inquiry.pass, result.exit_code)           ? OutcomeKind::ok
                     : is_among(inquiry.inconclusive, result.exit_code) ? OutcomeKind::inconclusive
                                                                        : OutcomeKind::failed;
      if (outcome.kind == OutcomeKind::failed && outcome.reason.empty()) outcome.reason = "exit 0";
      break;
    case RunResult::Kind::timed_out:
      outcome.kind = OutcomeKind::timed_out;
      break;
    case RunResult::Kind::signalled:
      outcome.kind = OutcomeKind::inconclusive;
      break;
    case RunResult::Kind::unreachable:
    case RunResult::Kind::lost:
      outcome.kind = OutcomeKind::unreachable;
      break;
  }
  return outcome;
}

awaitable<Answer> ask_gate(StepContext context, Operation operation) {
  const Duration left = operation.action.deadline - context.now();
  if (left <= Duration::zero()) {
    co_return no_evidence(OutcomeKind::timed_out, "its deadline had passed before it was asked");
  }
  Answer answer = co_await check(std::move(context), std::move(operation), left);
  co_return answer;
}

}  // namespace sitewide
