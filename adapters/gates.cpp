#include "adapters/gates.h"

#include <algorithm>
#include <utility>

#include "adapters/process.h"
#include "adapters/prometheus_answer.h"
#include "adapters/run_words.h"
#include "adapters/secret.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

using boost::asio::awaitable;

constexpr std::size_t kShown = 80;

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

// What is sent: the plan's headers with the secrets they name, which are remembered apart.
Result<HttpRequest> request_of(const Gate& gate, std::vector<std::string>& secrets) {
  const Inquiry& inquiry = gate.inquiry;
  HttpRequest request;
  request.url = inquiry.url;
  request.ca_file = inquiry.ca_file;
  for (const PlannedHeader& header : inquiry.headers) {
    auto value = reveal(header.value);
    if (!value) return value.error();
    if (header.value.is_reference()) secrets.push_back(*value);
    request.headers.push_back({header.name, std::move(*value)});
  }
  if (gate.kind == Gate::Kind::http) {
    request.may_shorten = true;
    return request;
  }
  while (request.url.ends_with('/')) request.url.pop_back();
  request.url += "/api/v1/query";
  request.method = "POST";
  request.body = query_form(inquiry.query);
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  return request;
}

Outcome exchange(const Gate& gate, Duration left) {
  std::vector<std::string> secrets;
  auto request = request_of(gate, secrets);
  if (!request) return no_evidence(OutcomeKind::refused, request.error().message).outcome;
  request->timeout = left;
  const HttpAnswer answer = http_exchange(*request);
  Outcome outcome = gate.kind == Gate::Kind::http ? judge_http(answer, gate.inquiry)
                                                  : judge_prometheus(answer, gate.inquiry);
  outcome.reason = masked(std::move(outcome.reason), secrets);
  return outcome;
}

awaitable<Answer> ask_server(StepContext context, Operation operation, Duration left) {
  auto job = [gate = std::move(operation.gate), left] { return exchange(gate, left); };
  Answer answer;
  answer.outcome = co_await context.pool->run(std::move(job));
  co_return answer;
}

// Why there is no answer: nothing was learnt, whatever it is.
Outcome no_answer(const HttpAnswer& answer) {
  const bool late = answer.trouble == HttpTrouble::timed_out;
  const bool odd = answer.trouble == HttpTrouble::malformed ||
                   answer.trouble == HttpTrouble::too_large ||
                   answer.trouble == HttpTrouble::broken_off;
  const OutcomeKind kind = late  ? OutcomeKind::timed_out
                           : odd ? OutcomeKind::inconclusive
                                 : OutcomeKind::unreachable;
  return no_evidence(kind, answer.why).outcome;
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
    case RunResult::Kind::denied:
    case RunResult::Kind::lost:
      outcome.kind = OutcomeKind::unreachable;
      break;
  }
  return outcome;
}

Outcome judge_http(const HttpAnswer& answer, const Inquiry& inquiry) {
  if (!answer.arrived()) return no_answer(answer);
  Outcome outcome;
  outcome.reason = "status " + std::to_string(answer.status);
  outcome.facts["status"] = std::to_string(answer.status);
  if (is_among(inquiry.inconclusive, answer.status)) {
    outcome.kind = OutcomeKind::inconclusive;
  } else if (!is_among(inquiry.pass, answer.status)) {
    outcome.kind = OutcomeKind::failed;
  } else if (answer.body.find(inquiry.body) == std::string::npos) {
    outcome.kind = OutcomeKind::failed;
    outcome.reason +=
        answer.shortened ? "; the first MiB of the body lacks `" : "; the body lacks `";
    outcome.reason += escaped(inquiry.body, kShown) + "`";
  }
  return outcome;
}

Outcome judge_prometheus(const HttpAnswer& answer, const Inquiry& inquiry) {
  if (!answer.arrived()) return no_answer(answer);
  const auto samples = parse_prometheus(answer.body);
  if (samples && answer.status == 200) return judge_samples(*samples, inquiry);
  const std::string why = samples ? "" : ": " + samples.error().message;
  return no_evidence(OutcomeKind::inconclusive, "status " + std::to_string(answer.status) + why)
      .outcome;
}

awaitable<Answer> ask_gate(StepContext context, Operation operation) {
  const Duration left = operation.action.deadline - context.now();
  if (left <= Duration::zero()) {
    co_return no_evidence(OutcomeKind::timed_out, "its deadline had passed before it was asked");
  }
  Answer answer;
  if (operation.gate.kind == Gate::Kind::check) {
    answer = co_await check(std::move(context), std::move(operation), left);
  } else {
    answer = co_await ask_server(std::move(context), std::move(operation), left);
  }
  co_return answer;
}

}  // namespace sitewide
