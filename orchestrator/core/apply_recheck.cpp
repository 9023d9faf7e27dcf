// Rechecks: clients that settled on target are proven again, once, some time later.
//
//            settles on target        its time comes, a look       ok        proven again
//   none ────────────────────▶ due ──────────────────────────▶ ──────────▶ not on target: withdrawn
//                                                                           not seen in time:
//                                                                           missed
//
// All the while the client keeps the state it settled in.
#include "orchestrator/base/check.h"
#include "orchestrator/base/mutation.h"
#include "orchestrator/core/applier.h"

namespace sitewide {

using Recheck = ClientRecord::Recheck;

void Applier::set_recheck(std::uint32_t c, Recheck recheck) {
  Recheck& now = r.clients_[c].recheck;
  if (now == recheck) return;
  GroupRecord& group = group_of(c);
  const auto count = [&](Recheck which, int change) {
    const auto by = static_cast<std::uint32_t>(change);
    if (which == Recheck::due) group.rechecks_due += by, r.rechecks_due_ += by;
    if (which == Recheck::proven) group.rechecked += by;
    if (which == Recheck::missed) group.not_rechecked += by;
  };
  count(now, -1);
  count(recheck, 1);
  now = recheck;
}

void Applier::plan_recheck(std::uint32_t c) {
  const Duration after = r.owner_plan(c).plan.recheck;
  if (after.count() == 0 || mutated(Mutation::recheck_is_forgotten)) return;
  set_recheck(c, Recheck::due);
  r.timers_.set(c, active + after);
}

// What was seen before stays true of one that could not be looked at.
void Applier::finish_recheck(std::uint32_t c, const Outcome& outcome) {
  if (outcome.kind == OutcomeKind::failed) {
    r.lists_.push_back(r.attention_list(), c);  // it is withdrawn
    return;
  }
  set_recheck(c, outcome.kind == OutcomeKind::ok ? Recheck::proven : Recheck::missed);
}

void Applier::drop_recheck(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  const bool going = client.recheck == Recheck::due;
  set_recheck(c, Recheck::none);
  if (!going) return;
  if (client.open) close_attempt(c);
  r.timers_.cancel(c);
  r.lists_.remove(c);
}

// A failure of its group, which does not pass before an operator has said so. Whoever changed the
// client will know why: nothing is put back over it.
void Applier::operator()(const SuccessWithdrawn& event) {
  const std::uint32_t c = event.client;
  ClientRecord& client = r.clients_[c];
  check(client.recheck == Recheck::due && !client.open, "a recheck withdraws a success");
  r.lists_.remove(c);
  set_recheck(c, Recheck::none);
  LaneRecord& lane = lane_of(c);
  if (client.state == ClientState::already_current) {
    --lane.current;
    if (client.trigger_order == 0) --lane.touched;
  }
  set_state(c, ClientState::failed);
  count_failed(c);
  client.withdrawn = true;
  client.proven = false;
  const std::uint32_t g = r.owner_group(c);
  GroupRecord& group = r.groups_[g];
  ++group.withdrawn;
  set_note(c, event.reason);
  if (mutated(Mutation::withdrawn_is_passed)) return;
  if (!event.reason.empty()) r.failures_[c] = event.reason;
  if (group.state != GroupState::rolling_back && group.state != GroupState::rolled_back)
    halt_group(g);
  const ScheduledGroup& plan = r.schedule_.groups[g];
  if (group.failed > plan.tolerate_failed + group.acknowledged) group.breached = true;
  const std::string name(r.schedule_.clients.name(c));
  if (!r.halted_ || r.halt_reason_.empty())
    halt(plan.plan.name + ": " + name + " was proven and is no more" +
         (event.reason.empty() ? "" : ": " + event.reason));
  mark_group(g);
}

}  // namespace sitewide
