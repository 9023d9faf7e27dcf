// How steps and their ends change clients.
#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/base/mutation.h"
#include "orchestrator/core/applier.h"

namespace sitewide {
namespace {

std::size_t slot_of(Step step) {
  return static_cast<std::size_t>(step) - static_cast<std::size_t>(Step::inspect);
}

ClientState state_during(Step step) {
  switch (step) {
    case Step::inspect:
      return ClientState::inspecting;
    case Step::back_up:
      return ClientState::backing_up;
    case Step::trigger:
    case Step::upgrade:
    case Step::restart:
      return ClientState::triggered;
    case Step::converge:
    case Step::configure:
    case Step::verify:
    case Step::health:
      return ClientState::converging;
    case Step::restore:
    case Step::converge_originals:
      return ClientState::restoring;
    case Step::recheck:  // it stays what it is
    case Step::stage:
    case Step::replicate:
    case Step::force:
    case Step::regenerate:
    case Step::unstage:
    case Step::replicate_originals:
    case Step::force_originals:
    case Step::regenerate_originals:
    case Step::check:
      break;
  }
  check_failed("a client takes no site step");
}

}  // namespace

std::uint8_t after_backup(const ScheduledGroup& group) {
  std::uint8_t position = 0;
  while (position < group.steps.size() && (group.steps[position].step == Step::inspect ||
                                           group.steps[position].step == Step::back_up)) {
    ++position;
  }
  return position;
}

std::uint8_t after_force(const ScheduledGroup& group) {
  const std::uint8_t position = after_backup(group);
  const bool triggers = position < group.steps.size() && is_trigger(group.steps[position].step);
  return static_cast<std::uint8_t>(position + (triggers ? 1 : 0));
}

void Applier::operator()(const StepStarted& event) {
  if (event.step == Step::check) {
    start_asking(event);
  } else if (is_site_step(event.step)) {
    start_site(event);
  } else {
    start_client(event);
  }
}

void Applier::operator()(const StepFinished& event) {
  if (event.step == Step::check) {
    finish_asking(event);
  } else if (is_site_step(event.step)) {
    finish_site(event);
  } else {
    finish_client(event);
  }
}

void Applier::start_client(const StepStarted& event) {
  const std::uint32_t c = event.subject.index;
  ClientRecord& client = r.clients_[c];
  check(!client.open, "a client has one open attempt at most");
  r.timers_.cancel(c);
  r.lists_.remove(c);
  client.step = event.step;
  client.open = true;
  client.parked = false;
  client.ended_doubtful = false;
  client.may_still_run = client.may_still_run && waits_before_restore(c);
  client.attempts[slot_of(event.step)] = static_cast<std::uint16_t>(event.attempt);
  ++client.tries;
  client.deadline = r.active(event.deadline);
  GroupRecord& group = group_of(c);
  if (is_watch(event.step)) {
    ++r.open_watches_;
    if (event.step == Step::recheck) ++r.open_rechecks_;
    if (!client.counted_late && !client.late_at_force) client.since = {};
  } else {
    ++r.open_actions_;
    ++r.client_actions_;
    ++group.running;
    if (event.step == Step::restore) ++group.restoring;
  }
  if (is_trigger(event.step)) {
    set_triggered(c, true);
    set_unproven(c, true);
    count_trigger(c);
  }
  if (event.step != Step::recheck) set_state(c, state_during(event.step));
  mark_group(r.owner_group(c));
}

void Applier::operator()(const StepNoted& event) {
  if (is_site_step(event.step)) {
    r.sites_[event.subject.index].note = event.note;
    return;
  }
  ClientRecord& client = r.clients_[event.subject.index];
  if (event.reachable) {
    client.since = {};
    // From here on it is a triggered client like any other, and may fail like any other.
    if (client.late_at_force) set_unproven(event.subject.index, true);
    client.late_at_force = false;
  } else if (client.since == Timestamp{}) {
    client.since = active;
  }
  set_note(event.subject.index, event.note);
}

void Applier::doubt(std::uint32_t c, bool probed) {
  ClientRecord& client = r.clients_[c];
  if (!client.doubtful) {
    client.doubtful = true;
    ++r.doubtful_;
    ++group_of(c).in_doubt;
    set_unproven(c, false);
    set_state(c, ClientState::in_doubt);
    if (!probed) ++r.unprobed_;
    client.probed = probed;
  } else if (probed && !client.probed) {
    client.probed = true;
    --r.unprobed_;
  } else if (!probed && client.probed) {
    client.probed = false;
    ++r.unprobed_;
  }
  mark_group(r.owner_group(c));
}

void Applier::operator()(const StepInDoubt& event) {
  if (is_site_step(event.step)) {
    SiteRecord& site = r.sites_[event.subject.index];
    if (!site.doubtful) ++r.doubtful_;
    if (site.doubtful && !site.probed) --r.unprobed_;
    site.doubtful = true;
    site.probed = true;
    site.note = event.reason;
    return;
  }
  check(r.clients_[event.subject.index].open, "only an open attempt is in doubt");
  ClientRecord& client = r.clients_[event.subject.index];
  // The attempt itself is over: how long it is looked for counts from now.
  if (!client.doubtful) client.deadline = std::min(client.deadline, active);
  // What an abort cut off was not looked for yet.
  const bool cut_off = r.aborted_ == AbortPolicy::cancel && !client.doubtful;
  doubt(event.subject.index, !cut_off);
  set_note(event.subject.index, event.reason);
}

// Ends the bookkeeping of an open attempt, whatever its outcome.
void Applier::close_attempt(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  GroupRecord& group = group_of(c);
  client.open = false;
  r.uncut_from_ = std::min(r.uncut_from_, c);
  client.ended_doubtful = client.doubtful;
  if (is_watch(client.step)) {
    --r.open_watches_;
    if (client.step == Step::recheck) --r.open_rechecks_;
  } else {
    --r.open_actions_;
    --r.client_actions_;
    --group.running;
    if (client.step == Step::restore) --group.restoring;
  }
  if (client.doubtful) {
    client.doubtful = false;
    --r.doubtful_;
    --group.in_doubt;
    if (!client.probed) --r.unprobed_;
    client.probed = true;
    // A client that is being configured is proven, and may fail all the same.
    const bool at_risk = !client.proven || client.step == Step::configure;
    if (client.trigger_order != 0 && at_risk && client.step != Step::restore) set_unproven(c, true);
    set_state(c, state_during(client.step));
  }
  mark_group(r.owner_group(c));
}

void Applier::finish_client(const StepFinished& event) {
  const std::uint32_t c = event.subject.index;
  ClientRecord& client = r.clients_[c];
  check(client.open && client.step == event.step &&
            client.attempts[slot_of(event.step)] == event.attempt,
        "an outcome belongs to the open attempt");
  close_attempt(c);
  client.last = event.outcome.kind;
  const bool never_began = (client.last == OutcomeKind::unreachable && !client.ended_doubtful) ||
                           client.last == OutcomeKind::cancelled ||
                           client.last == OutcomeKind::refused;
  const bool unheard_of = is_trigger(client.step) && client.ended_doubtful &&
                          client.last != OutcomeKind::ok &&
                          r.schedule_.may_arrive_late(r.owner_group(c));
  client.may_arrive = client.may_arrive || unheard_of;
  client.unfinished = client.unfinished || unheard_of;
  if (is_trigger(client.step) && (!never_began || unheard_of)) client.ran = true;
  if (!waits_before_restore(c)) {
    client.may_still_run = client.ended_doubtful && client.last == OutcomeKind::timed_out &&
                           !mutated(Mutation::doubt_is_failure);
    client.unfinished = client.unfinished || (client.may_still_run && client.step != Step::restore);
  }
  client.on_target = event.outcome.on_target;
  set_note(c, event.outcome.reason);
  if (client.state == ClientState::skipped) return;
  if (client.step == Step::recheck) return finish_recheck(c, event.outcome);
  if (event.outcome.kind == OutcomeKind::ok) {
    client.since = {};
    advance(c);
    return;
  }
  if (event.outcome.kind == OutcomeKind::unreachable && client.since == Timestamp{})
    client.since = active;
  r.lists_.push_back(r.attention_list(), c);
}

// An undone site brings its clients' files back and not their settings, and takes away none that
// an edit of System.map brought: one that has such is restored after that, also when its backup was
// never heard of, for that may have kept its originals. Until then nothing ends that may be running
// on it.
bool Applier::waits_before_restore(std::uint32_t c) const {
  const ClientRecord& client = r.clients_[c];
  const bool got_new =
      client.attempts[slot_of(Step::back_up)] > 0 && !r.schedule_.hotfix.parts.map.empty();
  return client.step == Step::converge_originals &&
         (got_new || client.attempts[slot_of(Step::configure)] > 0);
}

void Applier::advance(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  client.tries = 0;
  if (waits_before_restore(c)) return restore_itself(c);
  const bool on_target = client.step == Step::inspect && client.on_target;
  if (client.step == Step::restore || client.step == Step::converge_originals ||
      (on_target && client.trigger_order == 0)) {
    r.lists_.push_back(r.attention_list(), c);
    return;
  }
  if (client.step == Step::back_up) client.backed_up = true;
  if (client.trigger_order == 0 && !r.has_begun(c)) return wait_for_wave(c);
  if (client.step == Step::converge || client.step == Step::verify) client.proven = true;
  if (r.rollback_.running && client.trigger_order != 0 && r.in_rollback_scope(c)) {
    want_restore(c);
    return;
  }
  const ScheduledGroup& plan = r.owner_plan(c);
  client.position = past_backup(c, static_cast<std::uint8_t>(client.position + 1));
  // Tried again after its trigger, and the files came meanwhile: what is left is to prove it.
  while (on_target && client.position < plan.steps.size() &&
         plan.steps[client.position].step < Step::converge) {
    ++client.position;
  }
  if (on_target) {
    prepared(c);
    set_unproven(c, true);
  }
  if (client.position >= plan.steps.size()) {
    r.lists_.push_back(r.attention_list(), c);
    return;
  }
  client.step = plan.steps[client.position].step;
  const bool at_barrier =
      plan.plan.method == Method::site_wide && client.position == after_backup(plan) && !on_target;
  if (at_barrier) prepared(c);
  if (at_barrier && lane_of(c).force != LaneRecord::Force::done) {
    if (lane_of(c).force == LaneRecord::Force::forced) wait_for_lists(c);
    return;  // new copy lists enqueue it
  }
  enqueue(c);
}

void Applier::enqueue(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  client.parked = false;
  const std::uint32_t lane = r.schedule_.owner_lane(c);
  Rollout::LaneList list = Rollout::kNext;
  if (is_watch(client.step)) {
    list = Rollout::kWatch;
  } else if (is_trigger(client.step)) {
    list = r.schedule_.wave_of(c) == 0 ? Rollout::kTriggerFirst : Rollout::kTriggerLater;
  } else if (client.position == 0) {
    list = Rollout::kBegin;
  }
  // One that is tried again holds its place among the unproven: behind others, which may wait for
  // that very place, it would wait for ever.
  if (client.counted_unproven &&
      (list == Rollout::kTriggerFirst || list == Rollout::kTriggerLater)) {
    r.lists_.push_front(r.lane_list(lane, list), c);
  } else {
    r.lists_.push_back(r.lane_list(lane, list), c);
  }
  r.lane_marks_.insert(lane);
  if (r.schedule_.lanes[lane].site != kNone) r.site_marks_.insert(r.schedule_.lanes[lane].site);
}

// What was kept of a client before it was triggered is never kept anew: what stands there now may
// be half an upgrade.
std::uint8_t Applier::past_backup(std::uint32_t c, std::uint8_t position) const {
  const std::vector<PlannedStep>& steps = r.owner_plan(c).steps;
  const ClientRecord& client = r.clients_[c];
  const bool kept =
      client.backed_up && client.trigger_order != 0 && !mutated(Mutation::backs_up_anew);
  const bool here = position < steps.size() && steps[position].step == Step::back_up;
  return kept && here ? static_cast<std::uint8_t>(position + 1) : position;
}

void Applier::begin(std::uint32_t c, std::uint8_t position) {
  ClientRecord& client = r.clients_[c];
  client.position = past_backup(c, position);
  client.step = r.owner_plan(c).steps[client.position].step;
  client.tries = 0;
  client.parked = !r.has_begun(c);
  if (!client.parked) enqueue(c);
}

void Applier::operator()(const RetryScheduled& event) {
  if (event.step == Step::check) {
    AskingRecord& asking = r.groups_[event.subject.index].asking;
    asking.answered = false;
    asking.due = r.active(event.due);
    return;
  }
  if (is_site_step(event.step)) {
    SiteRecord& site = r.sites_[event.subject.index];
    site.failed_attempt = false;
    site.waiting_retry = true;
    site.due = r.active(event.due);
    r.site_marks_.insert(event.subject.index);
    return;
  }
  ClientRecord& client = r.clients_[event.subject.index];
  if (event.step == Step::restore && client.last == OutcomeKind::ok) client.once_more = true;
  r.lists_.remove(event.subject.index);
  r.timers_.set(event.subject.index, r.active(event.due));
}

void Applier::operator()(const ClientQueued& event) {
  const std::uint32_t c = event.client;
  ClientRecord& client = r.clients_[c];
  r.timers_.cancel(c);
  if (client.to_restore) {
    queue_restore(c);
  } else if (client.state == ClientState::late) {
    // One that a force reached unprepared has nothing left to prepare: it is only looked at.
    const bool forced = client.without_backup || client.late_at_force;
    begin(c, forced ? after_force(r.owner_plan(c)) : std::uint8_t{0});
  } else if (client.recheck == ClientRecord::Recheck::due) {
    client.step = Step::recheck;
    client.tries = 0;
    enqueue(c);
  } else if (client.trigger_order == 0 && !r.has_begun(c)) {
    wait_for_wave(c);
  } else {
    enqueue(c);
  }
}

}  // namespace sitewide
