// How clients are counted: states, settlement, budgets, restores.
#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/core/applier.h"

namespace sitewide {

void Applier::mark_group(std::uint32_t group) {
  r.group_marks_.insert(group);
  for (const std::uint32_t lane : r.group_lanes_[group]) {
    r.lane_marks_.insert(lane);
    if (r.schedule_.lanes[lane].site != kNone) r.site_marks_.insert(r.schedule_.lanes[lane].site);
  }
}

void Applier::mark_site_lanes(std::uint32_t site) {
  r.site_marks_.insert(site);
  r.lane_marks_.insert(r.site_lanes_[site].begin(), r.site_lanes_[site].end());
}

void Applier::set_state(std::uint32_t c, ClientState state) {
  ClientRecord& client = r.clients_[c];
  if (client.state == state) return;
  const auto from = static_cast<std::size_t>(client.state);
  const auto to = static_cast<std::size_t>(state);
  --r.counts_[from];
  ++r.counts_[to];
  const Lane& lane = r.schedule_.lanes[r.schedule_.lane_of[c]];
  if (lane.group != kNone) {
    --r.groups_[lane.group].counts[from];
    ++r.groups_[lane.group].counts[to];
  }
  if (lane.site != kNone) {
    --r.sites_[lane.site].counts[from];
    ++r.sites_[lane.site].counts[to];
  }
  GroupRecord& owner = group_of(c);
  if (owner.wave_open && r.schedule_.wave_of(c) == owner.wave) {
    const auto change = [&](ClientState counted) {
      return static_cast<std::uint32_t>(state == counted) -
             static_cast<std::uint32_t>(client.state == counted);
    };
    owner.wave_good += change(ClientState::upgraded) + change(ClientState::already_current);
    owner.wave_skipped += change(ClientState::skipped);
  }
  if (state == ClientState::restoring) r.uncut_from_ = std::min(r.uncut_from_, c);
  if (state == ClientState::upgraded) count_proven(c, 1);
  if (client.state == ClientState::upgraded) count_proven(c, -1);
  client.state = state;
}

void Applier::set_note(std::uint32_t c, const std::string& note) {
  if (note.empty()) {
    r.notes_.erase(c);
  } else {
    r.notes_[c] = note;
  }
}

void Applier::set_triggered(std::uint32_t c, bool triggered) {
  ClientRecord& client = r.clients_[c];
  const bool was = client.trigger_order != 0;
  client.trigger_order = triggered ? ++r.triggers_ : 0;
  if (!triggered) client.ran = client.unfinished;
  if (was == triggered) return;
  LaneRecord& lane = lane_of(c);
  lane.touched += triggered ? 1 : -1;
}

void Applier::set_unproven(std::uint32_t c, bool unproven) {
  ClientRecord& client = r.clients_[c];
  if (client.counted_unproven == unproven) return;
  client.counted_unproven = unproven;
  group_of(c).unproven += unproven ? 1 : -1;
  mark_group(r.owner_group(c));
}

void Applier::set_late(std::uint32_t c, bool late, bool final) {
  ClientRecord& client = r.clients_[c];
  const bool was_pending = client.counted_late && !client.final_late;
  if (client.counted_late != late) group_of(c).late += late ? 1 : -1;
  if (late && !client.counted_late) client.late_from = client.since;
  const std::uint32_t s = r.schedule_.site_of(c);
  if (late && s != kNone) r.unrecorded_from_[s] = std::min(r.unrecorded_from_[s], c);
  client.counted_late = late;
  client.final_late = late && final;
  const bool is_pending = late && !final;
  if (was_pending != is_pending) r.pending_late_ += is_pending ? 1 : -1;
}

void Applier::set_to_restore(std::uint32_t c, bool wanted) {
  ClientRecord& client = r.clients_[c];
  if (client.to_restore == wanted) return;
  client.to_restore = wanted;
  r.to_restore_ += wanted ? 1 : -1;
  r.uncut_from_ = std::min(r.uncut_from_, c);
}

void Applier::count_failed(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  if (client.counted_failed) return;
  client.counted_failed = true;
  ++group_of(c).failed;
  group_of(c).last_failed = r.schedule_.wave_of(c);
}

void Applier::uncount_failed(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  if (!client.counted_failed) return;
  client.counted_failed = false;
  --group_of(c).failed;
}

void Applier::prepared(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  if (r.owner_plan(c).plan.method != Method::site_wide || client.prepared) return;
  client.prepared = true;
  LaneRecord& lane = lane_of(c);
  check(lane.unprepared > 0, "a client is prepared for its force once");
  if (--lane.unprepared == 0) mark_group(r.owner_group(c));
}

// Its wave, or its group when the wave is over, waits for one client more or less.
void Applier::awaited(std::uint32_t c, int change) {
  GroupRecord& group = group_of(c);
  const std::uint32_t wave = r.schedule_.wave_of(c);
  if (wave < group.wave) {
    group.retried += static_cast<std::uint32_t>(change);
  } else if (wave == group.wave && group.wave_open) {
    group.unsettled += static_cast<std::uint32_t>(change);
  }
}

void Applier::settle_in_wave(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  if (!client.settled) awaited(c, -1);
  client.settled = true;
  mark_group(r.owner_group(c));
}

// Those of a running rollback stand before the others, which wait until the halt is over.
void Applier::queue_restore(std::uint32_t c) {
  const std::uint32_t list = r.restore_list(r.owner_group(c));
  if (r.rollback_.running && r.in_rollback_scope(c)) {
    r.lists_.push_front(list, c);
  } else {
    r.lists_.push_back(list, c);
  }
  mark_group(r.owner_group(c));
}

// Puts the client on its way back to the originals: by its own transport, or with its site.
void Applier::want_restore(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  set_to_restore(c, true);
  client.parked = false;
  client.once_more = false;
  client.tries = 0;
  client.since = {};
  r.timers_.cancel(c);
  set_unproven(c, false);
  if (r.undone_by_site(c)) {
    client.step = Step::converge_originals;
    set_state(c, ClientState::restoring);
    const SiteRecord& site = r.sites_[r.schedule_.site_of(c)];
    r.lists_.remove(c);
    if (site.phase != SiteRecord::Phase::undone)
      return;  // the site's undo, once done, lets it go on
    r.lists_.push_back(r.lane_list(r.schedule_.owner_lane(c), Rollout::kWatch), c);
    r.lane_marks_.insert(r.schedule_.owner_lane(c));
    return;
  }
  restore_itself(c);
}

// Puts the client on its way back by its own transport.
void Applier::restore_itself(std::uint32_t c) {
  ClientRecord& client = r.clients_[c];
  client.step = Step::restore;
  const bool nothing = r.owner_plan(c).restore.policy.attempts == 0;
  if (nothing || (client.may_still_run && !r.rollback_.ordered)) {
    set_note(c, nothing ? "the plan names nothing to restore it with"
                        : "its last attempt was given up and may be running still");
    client.last = OutcomeKind::refused;
    r.lists_.push_back(r.attention_list(), c);
    return;
  }
  queue_restore(c);
}

void Applier::operator()(const ClientSettled& event) {
  const std::uint32_t c = event.client;
  const ClientRecord& client = r.clients_[c];
  if (client.open && is_watch(client.step) && r.aborted_) close_attempt(c);  // it is cut short
  check(!client.open, "a client with an open attempt cannot be settled");
  r.lists_.remove(c);
  r.timers_.cancel(c);
  if (client.position < after_backup(r.owner_plan(c))) prepared(c);
  set_unproven(c, false);
  if (event.state != ClientState::late) {
    set_late(c, false, false);
    r.clients_[c].late_at_force = false;
  }
  switch (event.state) {
    case ClientState::upgraded:
      break;
    case ClientState::already_current:
      ++lane_of(c).touched;
      ++lane_of(c).current;
      break;
    case ClientState::late:
      settle_late(c, event.final);
      break;
    case ClientState::failed:
    case ClientState::lost:
      set_state(c, event.state);
      settle_failed(c, event.reason);
      break;
    case ClientState::restored:
    case ClientState::needs_hands:
      settle_restored(c, event.state == ClientState::restored);
      break;
    case ClientState::waiting:
    case ClientState::inspecting:
    case ClientState::backing_up:
    case ClientState::triggered:
    case ClientState::converging:
    case ClientState::in_doubt:
    case ClientState::restoring:
    case ClientState::skipped:
      check_failed("not a state to settle in");
  }
  set_state(c, event.state);
  const auto failure = r.failures_.find(c);
  const bool had_failed = event.state == ClientState::restored && failure != r.failures_.end();
  const std::string besides = had_failed && !event.reason.empty() ? "; " + event.reason : "";
  set_note(c, had_failed ? "had failed: " + failure->second + besides : event.reason);
  settle_in_wave(c);
  if (event.state == ClientState::upgraded || event.state == ClientState::already_current)
    plan_recheck(c);
}

void Applier::settle_late(std::uint32_t c, bool final) {
  ClientRecord& client = r.clients_[c];
  if (is_trigger(client.step) && !client.ran && !client.forced) set_triggered(c, false);
  if (client.since == Timestamp{}) client.since = active;
  set_late(c, true, final);
  if (!final) r.timers_.set(c, active + r.owner_plan(c).plan.retry_late);
}

void Applier::settle_failed(std::uint32_t c, const std::string& reason) {
  count_failed(c);
  if (!reason.empty()) r.failures_[c] = reason;
  if (r.clients_[c].trigger_order == 0) return;
  const ScheduledGroup& plan = r.owner_plan(c);
  const bool in_scope = r.rollback_.running && r.in_rollback_scope(c);
  // What an abort cut off stays as it is found: nothing is put back any more unless it is ordered.
  const bool cut_off = r.aborted_ == AbortPolicy::cancel;
  const bool alone = plan.plan.restore_failed && plan.restore.policy.attempts > 0 && !cut_off;
  if (in_scope || alone) want_restore(c);
}

void Applier::settle_restored(std::uint32_t c, bool restored) {
  set_to_restore(c, false);
  if (restored) {
    set_triggered(c, false);
    r.clients_[c].forced = false;
  } else {
    count_failed(c);
  }
  RollbackRecord& rollback = r.rollback_;
  if (!rollback.running || !r.in_rollback_scope(c)) return;
  check(rollback.pending > 0, "a rollback restores each client once");
  --rollback.pending;
  ++(restored ? rollback.restored : rollback.needs_hands);
}

void Applier::operator()(const ForcedWithoutBackup& event) {
  r.clients_[event.client].without_backup = true;
}

}  // namespace sitewide
