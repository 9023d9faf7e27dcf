#include "orchestrator/core/reconciliation.h"

#include "orchestrator/base/check.h"
#include "orchestrator/base/mutation.h"

namespace sitewide {
namespace {

constexpr std::array<std::string_view, kEndings> kNames{
    "on_target", "not_rechecked", "skipped",     "late",     "late_for_good", "withdrawn", "failed",
    "lost",      "restored",      "needs_hands", "in_doubt", "under_way",     "not_begun"};

Ending ending_on_target(const ClientRecord& client) {
  const bool missed = client.recheck == ClientRecord::Recheck::missed;
  return missed ? Ending::not_rechecked : Ending::on_target;
}

// It may hold what was sent to it before it was put back.
std::string doubt_of(const ClientRecord& client) {
  return client.may_arrive ? "; an upgrade of it was never heard of and may arrive, or have arrived"
                           : "";
}

std::string or_else(const std::string& reason, const char* otherwise) {
  return reason.empty() ? otherwise : reason;
}

}  // namespace

std::string_view name_of(Ending ending) { return kNames[static_cast<std::size_t>(ending)]; }

Ending ending_of(const Rollout& rollout, std::uint32_t c) {
  const ClientRecord& client = rollout.client(c);
  switch (client.state) {
    case ClientState::upgraded:
    case ClientState::already_current:
      return ending_on_target(client);
    case ClientState::skipped:
      return Ending::skipped;
    case ClientState::late:
      // Nobody tries a late one again once the rollout has ended.
      return client.final_late || rollout.ended() ? Ending::late_for_good : Ending::late;
    case ClientState::failed:
      return client.withdrawn ? Ending::withdrawn : Ending::failed;
    case ClientState::lost:
      return Ending::lost;
    case ClientState::restored:
      return Ending::restored;
    case ClientState::needs_hands:
      return Ending::needs_hands;
    case ClientState::in_doubt:
      return Ending::in_doubt;
    case ClientState::waiting:
      return Ending::not_begun;
    case ClientState::inspecting:
    case ClientState::backing_up:
    case ClientState::triggered:
    case ClientState::converging:
    case ClientState::restoring:
      return Ending::under_way;
  }
  check_failed("a client is in a state");
}

std::string reason_of_ending(const Rollout& rollout, std::uint32_t c) {
  const std::string& note = rollout.note(c);
  switch (ending_of(rollout, c)) {
    case Ending::on_target:
      return {};
    case Ending::not_rechecked:
      return or_else(note, "the rollout ended before its recheck");
    case Ending::skipped:
      return or_else(note, "an operator left it out");
    case Ending::late:
      return or_else(note, "does not answer");
    case Ending::late_for_good: {
      const std::string after = format_duration(rollout.owner_plan(c).plan.give_up_late);
      const bool given_up = rollout.client(c).final_late;
      return or_else(note, "does not answer") +
             (given_up ? "; given up after " + after : "; the rollout has ended");
    }
    case Ending::withdrawn:
      return or_else(note, "its recheck found it off target");
    case Ending::lost:
    case Ending::needs_hands:
      return or_else(note, "no reason was given") + doubt_of(rollout.client(c));
    case Ending::failed:
    case Ending::in_doubt:
      return or_else(note, "no reason was given");
    case Ending::restored:
      return or_else(note, "rolled back");
    case Ending::under_way:
      return or_else(note, "was under way");
    case Ending::not_begun:
      return or_else(note, "its turn has not come");
  }
  return {};
}

Reconciliation reconcile(const Rollout& rollout) {
  Reconciliation reconciliation;
  reconciliation.clients = rollout.schedule().clients.size();
  for (std::uint32_t c = 0; c < reconciliation.clients; ++c) {
    const Ending ending = ending_of(rollout, c);
    if (mutated(Mutation::reconciles_without_late) && ending == Ending::late_for_good) continue;
    reconciliation.lists[static_cast<std::size_t>(ending)].push_back(c);
  }
  return reconciliation;
}

}  // namespace sitewide
