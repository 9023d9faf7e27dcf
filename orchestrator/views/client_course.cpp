#include "orchestrator/views/client_course.h"

#include <algorithm>

namespace sitewide {
namespace {

bool is_proof(Step step) { return step == Step::converge || step == Step::verify; }

// A forced client has no trigger of its own: the last force of its site before it was waited for.
std::optional<Timestamp> forced_at(const Rollout& rollout, const History& history,
                                   std::uint32_t client, Timestamp waited_for) {
  const std::uint32_t site = rollout.schedule().site_of(client);
  if (site == kNone) return std::nullopt;
  std::optional<Timestamp> forced;
  for (const AttemptHistory& attempt : history.sites[site]) {
    if (attempt.step == Step::force && attempt.begun <= waited_for) forced = attempt.begun;
  }
  return forced;
}

std::optional<Timestamp> triggered_at(const Rollout& rollout, const History& history,
                                      std::uint32_t client) {
  for (const AttemptHistory& attempt : history.clients[client]) {
    if (is_trigger(attempt.step)) return attempt.begun;
    if (attempt.step == Step::restart || attempt.step == Step::converge)
      return forced_at(rollout, history, client, attempt.begun);
  }
  return std::nullopt;
}

std::optional<Timestamp> proven_at(const Rollout& rollout, const History& history,
                                   std::uint32_t client) {
  const ClientState state = rollout.client(client).state;
  if (!is_on_target(state)) return std::nullopt;
  const bool was_current = state == ClientState::already_current;
  const std::vector<AttemptHistory>& made = history.clients[client];
  const auto proof = std::find_if(made.rbegin(), made.rend(), [&](const AttemptHistory& attempt) {
    const bool looks = was_current ? attempt.step == Step::inspect : is_proof(attempt.step);
    return looks && attempt.ended && attempt.outcome == OutcomeKind::ok;
  });
  return proof == made.rend() ? std::nullopt : proof->ended;
}

}  // namespace

std::string reason_of(const Rollout& rollout, const History& history, std::uint32_t client) {
  const ClientRecord& record = rollout.client(client);
  if (record.recheck == ClientRecord::Recheck::missed)
    return "not rechecked" + (rollout.note(client).empty() ? "" : ": " + rollout.note(client));
  if (is_on_target(record.state)) return {};
  return rollout.note(client).empty() ? history.failures[client] : rollout.note(client);
}

ClientCourse course_of(const Rollout& rollout, const History& history, std::uint32_t client) {
  ClientCourse course;
  const std::vector<AttemptHistory>& made = history.clients[client];
  course.attempts = made.size();
  if (made.empty()) return course;
  course.last = &made.back();
  course.started = made.front().begun;
  course.ended = made.back().ended;
  course.triggered_at = triggered_at(rollout, history, client);
  course.proven_at = proven_at(rollout, history, client);
  return course;
}

}  // namespace sitewide
