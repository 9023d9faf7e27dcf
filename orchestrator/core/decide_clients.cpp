// What follows from how a client's attempt ended.
#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/base/mutation.h"
#include "orchestrator/core/applier.h"
#include "orchestrator/core/decider.h"
#include "orchestrator/core/retry.h"

namespace sitewide {

std::optional<Event> Decider::client_attention() const {
  const std::uint32_t c = r.lists_.front(r.attention_list());
  if (c == kNone) return std::nullopt;
  return r.client(c).last == OutcomeKind::ok ? after_success(c) : after_failure(c);
}

Event Decider::settle(std::uint32_t c, ClientState state, std::string reason, bool final) const {
  return ClientSettled{c, state, final, std::move(reason)};
}

Event Decider::lost(std::uint32_t c, const std::string& why) const {
  const bool as_late = mutated(Mutation::lost_is_late);
  return settle(c, as_late ? ClientState::late : ClientState::lost, why);
}

std::optional<Event> Decider::after_success(std::uint32_t c) const {
  const ClientRecord& client = r.client(c);
  if (client.step == Step::restore || client.step == Step::converge_originals) return put_back(c);
  if (client.step == Step::inspect && client.trigger_order == 0) {
    return settle(c, ClientState::already_current, "");
  }
  return settle(
      c, mutated(Mutation::upgraded_is_failed) ? ClientState::failed : ClientState::upgraded, "");
}

// An upgrade that was never heard of may arrive after the restore and have its way. Nothing can
// stop it; so the client gets its originals once more when that has had its time. One whose site
// went back takes the originals, whatever arrives. What could not be taken back is said, as the
// outcome said it.
std::optional<Event> Decider::put_back(std::uint32_t c) const {
  const ClientRecord& client = r.client(c);
  if (!client.may_arrive || client.step == Step::converge_originals)
    return settle(c, ClientState::restored, r.note(c));
  if (client.once_more || mutated(Mutation::restores_once)) {
    return settle(c, ClientState::restored,
                  "an upgrade of it was never heard of and may still arrive: transport " +
                      r.schedule().transports[r.owner_plan(c).transport].name +
                      " keeps no record of it");
  }
  for (const PlannedStep& step : r.owner_plan(c).steps) {
    if (is_trigger(step.step))
      return RetryScheduled{Subject::client(c), Step::restore, now_ + step.policy.timeout};
  }
  check_failed("what was triggered has a trigger");
}

StepPolicy Decider::policy_of(std::uint32_t c) const {
  const ScheduledGroup& plan = r.owner_plan(c);
  const ClientRecord& client = r.client(c);
  if (client.step == Step::restore) return plan.restore.policy;
  if (client.step == Step::converge_originals) return plan.converge_originals.policy;
  if (client.step == Step::recheck) return plan.recheck.policy;
  check(client.position < plan.steps.size(), "a client is at a step of its procedure");
  return plan.steps[client.position].policy;
}

Event Decider::retry(std::uint32_t c, const StepPolicy& policy) const {
  const ClientRecord& client = r.client(c);
  const bool at_once = client.last == OutcomeKind::cancelled;
  const Duration wait = at_once ? Duration{} : backoff(policy, client.tries, c);
  return RetryScheduled{Subject::client(c), client.step, now_ + wait};
}

std::optional<Event> Decider::after_failure(std::uint32_t c) const {
  const ClientRecord& client = r.client(c);
  const StepPolicy policy = policy_of(c);
  const std::string& why = r.note(c);
  if (client.step == Step::recheck) return SuccessWithdrawn{c, why};
  if (client.step == Step::restore) return restore_failed(c, policy, why);
  if (client.step == Step::converge_originals) return settle(c, ClientState::needs_hands, why);
  if (client.may_still_run) return settle(c, ClientState::needs_hands, why);
  const bool rolling_back =
      r.rollback().running && client.trigger_order != 0 && r.in_rollback_scope(c);
  if (rolling_back) return settle(c, ClientState::failed, why);
  if (client.last == OutcomeKind::refused) return settle(c, ClientState::failed, why);
  const bool off = client.last == OutcomeKind::unreachable && !client.ended_doubtful;
  const bool preparing = client.step == Step::inspect || client.step == Step::back_up;
  const bool still_off = client.late_at_force && client.last == OutcomeKind::unreachable;
  if (still_off || (!client.ran && (preparing || (is_trigger(client.step) && off))))
    return before_trigger(c, policy, why);
  if (off && !is_watch(client.step)) return out_of_reach(c, policy, why);
  if (preparing) return before_trigger(c, policy, why);
  const bool again =
      client.tries < policy.attempts && !client.ended_doubtful && !is_watch(client.step);
  const bool harmless =
      r.owner_plan(c).steps[client.position].repeatable || client.last == OutcomeKind::cancelled;
  if ((again || client.last == OutcomeKind::cancelled) && client.tries < policy.attempts &&
      harmless)
    return retry(c, policy);
  if (client.last != OutcomeKind::unreachable) return settle(c, ClientState::failed, why);
  const bool nothing_to_restore = r.owner_plan(c).restore.policy.attempts == 0;
  if (client.ended_doubtful && nothing_to_restore && !harmless)
    return settle(c, ClientState::needs_hands, why);
  return lost(c, why);
}

// It was triggered, and people switch off their machines: it is waited for until it is lost.
std::optional<Event> Decider::out_of_reach(std::uint32_t c, const StepPolicy& policy,
                                           const std::string& why) const {
  const Duration patience = r.lost_after(c).value_or(r.owner_plan(c).plan.converge_within);
  const Duration left = r.client(c).since + patience - active_;
  if (left <= Duration{}) return lost(c, why);
  const Duration wait = std::min(backoff(policy, r.client(c).tries, c), left);
  return RetryScheduled{Subject::client(c), r.client(c).step, now_ + wait};
}

// Nothing was done to the client yet: unreachable makes it late, not failed.
std::optional<Event> Decider::before_trigger(std::uint32_t c, const StepPolicy& policy,
                                             const std::string& why) const {
  const ClientRecord& client = r.client(c);
  const bool spent = client.tries >= policy.attempts;
  if (client.last != OutcomeKind::unreachable) {
    if (spent) return settle(c, ClientState::failed, why);
    return retry(c, policy);
  }
  const Group& plan = r.owner_plan(c).plan;
  // A force waits for its clients before it goes without them: anew for one that has answered.
  const bool patient = plan.method == Method::site_wide;
  const bool given_up = active_ - client.since >= plan.give_up_late;
  const bool waits = patient && active_ - client.since < plan.before_force;
  if (client.counted_late && (given_up || !waits))
    return settle(c, ClientState::late, why, given_up);
  if (patient ? waits : !spent) {
    if (!patient) return retry(c, policy);
    const Duration left = client.since + plan.before_force - active_;
    const Duration wait = std::min(backoff(policy, client.tries, c), left);
    return RetryScheduled{Subject::client(c), client.step, now_ + wait};
  }
  return settle(c, ClientState::late, why);
}

std::optional<Event> Decider::restore_failed(std::uint32_t c, const StepPolicy& policy,
                                             const std::string& why) const {
  const ClientRecord& client = r.client(c);
  if (client.last == OutcomeKind::refused || client.may_still_run)
    return settle(c, ClientState::needs_hands, why);
  const Timestamp begun = client.since == Timestamp{} ? active_ : client.since;
  const bool off = client.last == OutcomeKind::unreachable && !client.ended_doubtful;
  const bool again =
      off ? active_ - begun < r.owner_plan(c).plan.rollback_within : client.tries < policy.attempts;
  if (again) return retry(c, policy);
  return settle(c, ClientState::needs_hands, why);
}

// A client whose time has come either is given up, or queues for a slot. While paused or halted
// nobody is given up: that time does not count.
std::optional<Event> Decider::timer() const {
  const std::uint32_t c = r.timers_.first();
  if (c == kNone || r.timers_.first_due() > active_ || r.paused()) return std::nullopt;
  const ClientRecord& client = r.client(c);
  if (client.state == ClientState::late && may_start_client() &&
      active_ - client.since >= r.owner_plan(c).plan.give_up_late) {
    return settle(c, ClientState::late, r.note(c), true);
  }
  return ClientQueued{c};
}

}  // namespace sitewide
