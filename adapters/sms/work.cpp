#include "adapters/sms/work.h"

#include <string_view>
#include <utility>

#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr std::size_t kMostReasonBytes = 500;

Answer answer(Answer::Kind kind, OutcomeKind outcome, std::string_view reason) {
  Answer result;
  result.kind = kind;
  result.outcome.kind = outcome;
  result.outcome.reason = escaped(reason, kMostReasonBytes);
  return result;
}

}  // namespace

Answer ok(std::map<std::string, std::string> facts) {
  Answer result = answer(Answer::Kind::done, OutcomeKind::ok, {});
  result.outcome.facts = std::move(facts);
  return result;
}

Answer recovered(std::map<std::string, std::string> facts) {
  Answer result = ok(std::move(facts));
  result.outcome.recovered = true;
  return result;
}

Answer failed(std::string_view reason) {
  return answer(Answer::Kind::done, OutcomeKind::failed, reason);
}

Answer refused(std::string_view reason) {
  return answer(Answer::Kind::done, OutcomeKind::refused, reason);
}

Answer unreachable(std::string_view reason) {
  return answer(Answer::Kind::done, OutcomeKind::unreachable, reason);
}

Answer pending(std::string_view reason) {
  return answer(Answer::Kind::pending, OutcomeKind::ok, reason);
}

Answer in_doubt(OutcomeKind kind, std::string_view reason) {
  return answer(Answer::Kind::in_doubt, kind, reason);
}

Answer no_effect() { return answer(Answer::Kind::no_effect, OutcomeKind::failed, {}); }

Answer answer_for(Purpose purpose, const Error& error) {
  if (purpose == Purpose::execute) {
    if (error.kind == ErrorKind::unreachable) return unreachable(error.message);
    const bool hopeless = error.kind == ErrorKind::refused || error.kind == ErrorKind::denied;
    return hopeless ? refused(error.message) : failed(error.message);
  }
  const bool away = is_away(error);
  if (purpose == Purpose::poll && !away) {
    // A path that leaves its root stays wrong however often it is looked at; a locked file does
    // not.
    return error.kind == ErrorKind::refused ? refused(error.message) : pending(error.message);
  }
  return in_doubt(away ? OutcomeKind::unreachable : OutcomeKind::failed, error.message);
}

}  // namespace sitewide::sms
