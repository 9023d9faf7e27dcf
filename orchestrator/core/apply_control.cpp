// How the life of the rollout, its controllers, groups, gates and most orders change it.
#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/base/mutation.h"
#include "orchestrator/core/applier.h"

namespace sitewide {

void Applier::operator()(const RolloutCreated& event) {
  r.id_ = event.id;
  r.created_ = r.idle_since_ = at;
  for (std::uint32_t group = 0; group < r.groups_.size(); ++group) mark_group(group);
}

// What was running when the last controller went is in doubt. Reading steps are simply taken up
// again.
void Applier::operator()(const ControllerStarted& event) {
  check(event.fence > r.fence_, "fencing numbers increase");
  r.fence_ = event.fence;
  r.stopping_ = false;
  r.shift_ += event.idle;
  if (event.idle < Duration{}) {
    r.rate_next_ += event.idle;
    r.jumped_ += event.idle;
  }
  // A pause or halt goes on, less the time that this event has counted already.
  r.idle_since_ = r.paused_ || r.halted_ ? r.idle_since_ + event.idle : at;
  if (r.open_actions_ > 0) {
    for (std::uint32_t c = 0; c < r.clients_.size(); ++c) {
      const ClientRecord& client = r.clients_[c];
      if (mutated(Mutation::no_probe_on_resume)) break;
      if (client.open && has_effect(client.step)) doubt(c, false);
    }
    for (SiteRecord& site : r.sites_) {
      if (!site.open || !has_effect(site.step)) continue;
      if (!site.doubtful) ++r.doubtful_;
      if (!site.doubtful || site.probed) ++r.unprobed_;
      site.doubtful = true;
      site.probed = false;
    }
  }
  ask_anew();
  for (std::uint32_t group = 0; group < r.groups_.size(); ++group) mark_group(group);
}

void Applier::operator()(const ControllerStopping&) { r.stopping_ = true; }

// Active time goes on as if the clock had not moved.
void Applier::operator()(const ClockJumped& event) {
  r.shift_ += event.by;
  r.idle_since_ += event.by;
  r.rate_next_ += event.by;
  r.jumped_ += event.by;
}

// What was to be undone and was not begun stands where it stood: whoever needs it goes on from
// there.
void Applier::forget_undo(SiteRecord& site) {
  site.undo_wanted = false;
  if (site.open || site.step < Step::unstage) return;
  site.pending = site.waiting_retry = false;
  if (site.phase == SiteRecord::Phase::staging) go_on_with(site, Step::stage);
  if (site.phase == SiteRecord::Phase::replicating) go_on_with(site, Step::replicate);
}

// An abort may cut short what is looked at and put back. Should a rollback be ordered later, looks
// begin anew, and only what it names is put back.
void Applier::operator()(const RolloutEnded& event) {
  r.ended_ = event.result;
  r.rollback_.running = false;
  for (SiteRecord& site : r.sites_) {
    forget_undo(site);
    if (!site.open || !is_watch(site.step)) continue;
    site.open = false;
    site.pending = site.step < Step::unstage;
    --r.open_watches_;
  }
  for (std::uint32_t c = 0; c < r.clients_.size(); ++c) {
    ClientRecord& client = r.clients_[c];
    if (client.recheck == ClientRecord::Recheck::due) {
      drop_recheck(c);
      set_recheck(c, ClientRecord::Recheck::missed);
    }
    if (client.open && is_watch(client.step)) {
      client.open = false;
      --r.open_watches_;
      if (!client.to_restore) enqueue(c);
    }
    if (!client.to_restore || client.open) continue;
    set_to_restore(c, false);
    r.lists_.remove(c);
    r.timers_.cancel(c);
  }
}

void Applier::operator()(const GroupStarted& event) {
  GroupRecord& group = r.groups_[event.group];
  group.started = true;
  group.state = GroupState::running;
  group.gate = 0;
  group.gate_open = false;
  for (const std::uint32_t lane : r.group_lanes_[event.group]) {
    const Lane& plan = r.schedule_.lanes[lane];
    if (plan.site == kNone || plan.adopted_by != kNone) continue;
    r.sites_[plan.site].wanted = true;
  }
  mark_group(event.group);
}

void Applier::operator()(const WaveStarted& event) {
  GroupRecord& group = r.groups_[event.group];
  const bool again = event.wave < group.begun;
  group.begun = std::max(group.begun, event.wave + 1);
  group.wave = event.wave;
  group.wave_open = true;
  group.state = GroupState::running;
  group.wave_size = group.unsettled = group.wave_good = group.wave_skipped = 0;
  for_wave(event.group, event.wave, [&](std::uint32_t c) {
    ++group.wave_size;
    if (r.clients_[c].state == ClientState::skipped) {
      ++group.wave_skipped;
    } else if (again) {
      take_in_again(c);
    } else {
      take_in_first(c);
    }
  });
  mark_group(event.group);
}

void Applier::take_in_first(std::uint32_t c) {
  ++group_of(c).unsettled;
  LaneRecord& lane = lane_of(c);
  ++lane.started;
  if (r.owner_plan(c).plan.method == Method::site_wide) ++lane.unprepared;
  begin(c, 0);
}

// A wave that was put back: who is ordered to be tried again, was late or had not begun goes with
// it; what has settled otherwise stands as it is.
void Applier::take_in_again(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  GroupRecord& group = group_of(c);
  if (is_on_target(client.state)) ++group.wave_good;
  if (client.settled && client.counted_late && !client.open) {
    set_state(c, ClientState::late);  // it may have been tried again in vain
    return restart_client(c);
  }
  if (client.settled) return;
  ++group.unsettled;
  if (client.parked) enqueue(c);
}

void Applier::operator()(const WavePassed& event) {
  GroupRecord& group = r.groups_[event.group];
  group.wave_open = false;
  group.wave = event.wave + 1;
  group.gate = 0;
  group.gate_open = false;
  mark_group(event.group);
}

void Applier::operator()(const GroupPassed& event) {
  r.groups_[event.group].state = GroupState::passed;
  ++r.groups_done_;
  for (std::uint32_t group = 0; group < r.groups_.size(); ++group) mark_group(group);
}

void Applier::operator()(const Warned& event) {
  if (event.subject.kind == Subject::Kind::site) r.sites_[event.subject.index].warned = true;
}

// Nothing goes on until an operator says so; how long that takes moves the deadlines.
void Applier::halt(std::string reason) {
  if (!r.halted_ && !r.paused_) r.idle_since_ = at;
  r.halted_ = true;
  r.halt_reason_ = std::move(reason);
}

// A late client may fail its group after the group has passed.
void Applier::halt_group(std::uint32_t g) {
  GroupRecord& group = r.groups_[g];
  if (group.state == GroupState::passed || group.state == GroupState::skipped) --r.groups_done_;
  group.state = GroupState::halted;
}

void Applier::operator()(const Breached& event) {
  GroupRecord& group = r.groups_[event.group];
  group.breached = true;
  // A gate that failed judged the wave before it.
  const std::uint32_t judged = group.wave > 0 ? group.wave - 1 : 0;
  group.breach_wave = event.reason.empty() ? group.last_failed : judged;
  halt_group(event.group);
  // A gate may fail before its group has begun: then there is nothing of it to put back. Successes
  // that were withdrawn halt and put nothing back.
  const Group& plan = r.schedule_.groups[event.group].plan;
  const bool by_failures =
      !event.reason.empty() || event.failed - group.withdrawn > event.tolerated;
  const bool to_undo =
      plan.on_breach == Scope::rollout || (plan.on_breach != Scope::none && group.started);
  if (!group.rollback_wanted && to_undo && by_failures) {
    group.rollback_wanted = true;
    ++r.rollbacks_wanted_;
  }
  const std::string budget =
      std::to_string(event.failed) + " failed, " + std::to_string(event.tolerated) + " tolerated";
  halt(plan.name + ": " + (event.reason.empty() ? budget : event.reason));
  mark_group(event.group);
}

void Applier::operator()(const Halted& event) {
  halt(event.reason);
  if (event.subject.kind == Subject::Kind::group) halt_group(event.subject.index);
  if (event.subject.kind == Subject::Kind::site) {
    SiteRecord& site = r.sites_[event.subject.index];
    site.failed_attempt = false;
    site.pending = false;
    if (site.undo_wanted) {
      site.needs_hands = true;
      site.undo_wanted = false;
      if (r.rollback_.sites_pending > 0) --r.rollback_.sites_pending;
      for (std::uint32_t c = 0; c < r.clients_.size();
           ++c) {  // those that waited for it need hands: decide says so
        const ClientRecord& client = r.clients_[c];
        if (r.schedule_.site_of(c) == event.subject.index && client.to_restore && !client.open &&
            client.step == Step::converge_originals) {
          r.clients_[c].last = OutcomeKind::failed;
          r.lists_.push_back(r.attention_list(), c);
        }
      }
    }
    if (site.phase != SiteRecord::Phase::failed) ++r.sites_failed_;
    site.phase = SiteRecord::Phase::failed;
    r.site_marks_.insert(event.subject.index);
  }
}

void Applier::operator()(const Paused& event) {
  r.paused_ = true;
  r.pause_reason_ = event.by.reason;
  r.idle_since_ = at;
}

// After a halt a site that failed tries again.
void Applier::resume_site(std::uint32_t s) {
  SiteRecord& site = r.sites_[s];
  if (site.phase != SiteRecord::Phase::failed) return;
  --r.sites_failed_;
  site.tries = 0;
  if (site.step >= Step::unstage) {  // put back in part: it is staged anew when it is needed
    site.phase = SiteRecord::Phase::undone;
    return;
  }
  site.phase = site.ever_forced ? SiteRecord::Phase::ready : SiteRecord::Phase::idle;
  site.pending = site.ever_forced;  // take up the force or the copy lists where they failed
}

void Applier::operator()(const Continued& event) {
  r.shift_ += event.idle;
  r.idle_since_ = at;
  r.pause_reason_.clear();
  ask_anew();
  for (std::uint32_t group = 0; group < r.groups_.size(); ++group) mark_group(group);
  if (r.paused_) {  // what was halted meanwhile stays so: that is another question
    r.paused_ = false;
    return;
  }
  if (r.halted_) {
    r.past_due_accepted_ = r.past_due_accepted_ || at >= r.due();
    for (std::uint32_t g = 0; g < r.groups_.size(); ++g) {
      GroupRecord& group = r.groups_[g];
      group.breached = false;
      const bool was_halted =
          group.state == GroupState::halted || group.state == GroupState::rolled_back;
      if (!was_halted) continue;
      group.state = state_of_going(g);
      if (!group.wave_open) continue;
      for_range(r.schedule_.groups[g].waves[group.wave], [&](std::uint32_t c) {
        if (r.clients_[c].counted_late)
          restart_client(c);  // the late ones get another chance at once
      });
    }
    for (std::uint32_t site = 0; site < r.sites_.size(); ++site) resume_site(site);
  }
  r.halted_ = false;
  r.halt_reason_.clear();
}

// An abort ends a pause: what it asks for goes on at once, and the pause counts against nobody.
void Applier::operator()(const Aborted& event) {
  r.aborted_ = event.policy;
  if (r.paused_ && at > r.idle_since_) {
    r.shift_ += at - r.idle_since_;
    r.idle_since_ = at;
  }
  r.paused_ = false;
  r.pause_reason_.clear();
  if (event.policy != AbortPolicy::cancel) return;
  for (std::uint32_t c = 0; c < r.clients_.size(); ++c) {  // each is looked for once more
    if (r.clients_[c].open && r.clients_[c].doubtful) doubt(c, false);
  }
}

void Applier::operator()(const Approved& event) {
  r.groups_[event.group].approvals.insert({event.wave, event.name});
  mark_group(event.group);
}

void Applier::operator()(const Acknowledged& event) {
  GroupRecord& group = r.groups_[event.group];
  // Older engines accepted any number; more than there are clients is as good as all of them.
  const std::uint64_t all = std::uint64_t{group.acknowledged} + event.count;
  group.acknowledged = static_cast<std::uint32_t>(
      std::min(all, std::max<std::uint64_t>(group.acknowledged, r.clients_.size())));
  r.ramp_.acknowledged += event.count;
  mark_group(event.group);
}

}  // namespace sitewide
