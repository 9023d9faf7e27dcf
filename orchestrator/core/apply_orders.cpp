// Orders that concern many clients at once, and rollbacks.
#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/base/mutation.h"
#include "orchestrator/core/applier.h"

namespace sitewide {

Range Applier::unowned() const {
  const std::uint32_t grouped =
      r.schedule_.groups.empty() ? 0 : r.schedule_.groups.back().clients.end;
  return {grouped, r.schedule_.clients.size()};
}

void Applier::operator()(const Skipped& event) {
  const auto skip = [&](std::uint32_t c) {
    ClientRecord& client = r.clients_[c];
    const bool late = client.state == ClientState::late;
    if (client.trigger_order != 0 || (client.settled && !late)) return;
    if (r.lanes_[r.schedule_.owner_lane(c)].started > 0 && r.groups_[r.owner_group(c)].started)
      prepared(c);
    r.lists_.remove(c);
    r.timers_.cancel(c);
    set_late(c, false, false);
    set_state(c, ClientState::skipped);
    set_note(c, event.by.reason);
    settle_in_wave(c);
  };
  if (event.subject.kind == Subject::Kind::client) {
    skip(event.subject.index);
    return;
  }
  GroupRecord& group = r.groups_[event.subject.index];
  // With those of later groups that its force was to reach.
  for (const std::uint32_t lane : r.group_lanes_[event.subject.index]) for_owned(lane, skip);
  group.state = GroupState::skipped;
  close_gate(event.subject.index);
  ++r.groups_done_;
  for (std::uint32_t other = 0; other < r.groups_.size(); ++other) mark_group(other);
}

// Gives a client that failed, was restored or is late a fresh start.
void Applier::restart_client(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  const bool again = client.state == ClientState::failed || client.state == ClientState::lost ||
                     client.state == ClientState::restored || client.state == ClientState::late ||
                     client.state == ClientState::needs_hands;
  if (!again || client.open) return;
  LaneRecord& lane = lane_of(c);
  const bool reached = client.late_at_force;
  // What was given up may arrive at any time: it is triggered, though its originals were proven.
  if (client.ran && client.trigger_order == 0) set_triggered(c, true);
  uncount_failed(c);
  if (client.withdrawn) --group_of(c).withdrawn;
  client.withdrawn = false;
  r.failures_.erase(c);
  set_late(c, false, false);
  set_to_restore(c, false);
  set_state(c, ClientState::waiting);
  r.lists_.remove(c);
  r.timers_.cancel(c);
  client.since = {};
  client.proven = false;
  if (!reached) client.without_backup = false;
  if (client.settled) awaited(c, 1);
  client.settled = false;
  if (reached) {  // the force was there already: it is only looked at
    begin(c, after_force(r.owner_plan(c)));
    return;
  }
  if (r.owner_plan(c).plan.method == Method::site_wide) {  // it needs a force again
    if (client.prepared) ++lane.unprepared;
    client.prepared = false;
    lane.force = LaneRecord::Force::none;
  }
  begin(c, 0);
}

void Applier::operator()(const RetryOrdered& event) {
  for (std::uint32_t c = 0; c < r.clients_.size(); ++c) {
    const std::uint32_t group = r.owner_group(c);
    const bool meant =
        event.subject.kind == Subject::Kind::rollout ||
        (event.subject.kind == Subject::Kind::group && group == event.subject.index) ||
        (event.subject.kind == Subject::Kind::client && c == event.subject.index);
    if (meant && group != kNone) restart_client(c);
  }
}

void Applier::operator()(const RollbackStarted& event) {
  RollbackRecord& rollback = r.rollback_;
  rollback = {};
  rollback.running = true;
  rollback.ordered = !event.by.user.empty();
  rollback.scope = event.scope;
  rollback.subject = event.subject;
  rollback.started = active;
  for (const std::uint32_t s : event.undo_sites) undo_site(s, event.scope);
  const bool of_group =
      event.subject.kind == Subject::Kind::group || event.subject.kind == Subject::Kind::wave;
  if (of_group) roll_group_back(event.subject.index);
  for (std::uint32_t g = 0; g < r.groups_.size(); ++g) {
    const bool concerned = r.groups_[g].started || r.groups_[g].rollback_wanted;
    if (event.scope == Scope::rollout && concerned) roll_group_back(g);
  }
  for (const Subject& wave : event.begin_anew) begin_anew(wave.index, wave.wave);
  if (!event.by.user.empty()) ordered_back(event.by);
  r.ended_.reset();
  std::vector<std::uint32_t> scope;
  for (std::uint32_t c = 0; c < r.clients_.size(); ++c) {
    if (r.clients_[c].trigger_order != 0 && r.in_rollback_scope(c)) scope.push_back(c);
  }
  if (mutated(Mutation::forgets_to_restore) && !scope.empty()) scope.pop_back();
  // Each goes to the front of its queue: the newest trigger ends up first.
  std::sort(scope.begin(), scope.end(), [&](std::uint32_t a, std::uint32_t b) {
    return r.clients_[a].trigger_order < r.clients_[b].trigger_order;
  });
  rollback.pending = static_cast<std::uint32_t>(scope.size());
  for (const std::uint32_t c : scope) {
    ClientRecord& client = r.clients_[c];
    GroupRecord& group = group_of(c);
    if (!event.begin_anew.empty() && r.schedule_.wave_of(c) >= group.wave)
      group.prove_until = std::max(group.prove_until, r.schedule_.wave_of(c) + 1);
    drop_recheck(c);
    const bool goes_back = client.step == Step::converge_originals;
    if (client.open && (goes_back || !is_watch(client.step))) continue;  // it finishes first
    if (client.open) {  // its observation ends here
      client.open = false;
      --r.open_watches_;
    }
    set_late(c, false, false);
    want_restore(c);
  }
  for (std::uint32_t group = 0; group < r.groups_.size(); ++group) mark_group(group);
}

// From that wave on the group goes as if it had never gone so far: its gates are asked, its
// approvals given and its waves proven anew.
void Applier::begin_anew(std::uint32_t g, std::uint32_t wave) {
  GroupRecord& group = r.groups_[g];
  if (group.gate_open) close_gate(g);
  const bool at_gate = group.state == GroupState::soaking || group.state == GroupState::checking ||
                       group.state == GroupState::awaiting_approval;
  if (at_gate) group.state = GroupState::running;
  group.wave = wave;
  group.wave_open = false;
  group.gate = 0;
  std::erase_if(group.approvals, [&](const auto& approval) {
    return approval.first != kNone && approval.first >= wave;
  });
  group.retried = 0;
  for (std::uint32_t w = 0; w < group.begun; ++w) {
    for_wave(g, w, [&](std::uint32_t c) {
      const bool unsettled = !r.clients_[c].settled;
      if (w < wave) group.retried += unsettled ? 1 : 0;
      if (w >= wave && (unsettled || r.clients_[c].counted_late)) wait_for_wave(c);
    });
  }
}

// One that was not triggered yet begins with its wave; what runs on it ends first. A triggered one
// goes on.
void Applier::wait_for_wave(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  if (client.open || client.trigger_order != 0 || client.state == ClientState::skipped) return;
  if (r.owner_plan(c).plan.method == Method::site_wide) {
    if (client.prepared) ++lane_of(c).unprepared;
    client.prepared = false;
  }
  r.lists_.remove(c);
  r.timers_.cancel(c);
  if (client.state != ClientState::late) set_state(c, ClientState::waiting);
  begin(c, 0);
}

void Applier::undo_site(std::uint32_t s, Scope scope) {
  SiteRecord& site = r.sites_[s];
  if (site.open && is_watch(site.step)) {
    site.open = false;
    --r.open_watches_;
  }
  site.undo_wanted = true;
  site.undo_wait = scope != Scope::site;
  site.undo_whole = site.ever_forced;
  site.needs_hands = site.pending = site.waiting_retry = site.failed_attempt = false;
  site.tries = 0;
  if (!site.open) go_on_with(site, Step::unstage);
  ++r.rollback_.sites_pending;
}

// One that was skipped before it began stays so, though its site goes back.
void Applier::roll_group_back(std::uint32_t g) {
  GroupRecord& group = r.groups_[g];
  if (group.rollback_wanted) --r.rollbacks_wanted_;
  group.rollback_wanted = false;
  if (group.state == GroupState::skipped && !group.started) return;
  if (group.state == GroupState::passed || group.state == GroupState::skipped) --r.groups_done_;
  group.state = GroupState::rolling_back;
}

// What goes on after an ordered rollback is for the operator to say. It may be ordered after an
// abort, too: then only what is ordered goes back, whatever budgets were exceeded.
void Applier::ordered_back(const Actor& by) {
  halt("rolled back by " + by.user);
  r.aborted_.reset();
  r.abort_rolled_back_ = false;
  for (std::uint32_t g = 0; g < r.groups_.size(); ++g) {
    GroupRecord& group = r.groups_[g];
    const std::uint32_t tolerated = r.schedule_.groups[g].tolerate_failed + group.acknowledged;
    if (group.failed > tolerated) group.breached = true;
  }
}

void Applier::operator()(const RollbackFinished&) {
  RollbackRecord& rollback = r.rollback_;
  rollback.running = false;
  for (GroupRecord& group : r.groups_) {
    if (group.state == GroupState::rolling_back) group.state = GroupState::rolled_back;
  }
  // A group that was on its way back when the abort came is not all that goes back.
  if (r.aborted_ && rollback.scope == Scope::rollout) r.abort_rolled_back_ = true;
  for (std::uint32_t group = 0; group < r.groups_.size(); ++group) mark_group(group);
}

}  // namespace sitewide
