// How steps and their ends change sites, and what a site's progress lets its clients do.
#include "orchestrator/base/check.h"
#include "orchestrator/core/applier.h"

namespace sitewide {
namespace {

using Phase = SiteRecord::Phase;

Phase phase_during(Step step) {
  switch (step) {
    case Step::stage:
      return Phase::staging;
    case Step::replicate:
      return Phase::replicating;
    case Step::force:
    case Step::regenerate:
      return Phase::ready;
    case Step::unstage:
    case Step::replicate_originals:
    case Step::force_originals:
    case Step::regenerate_originals:
      return Phase::undoing;
    case Step::inspect:
    case Step::back_up:
    case Step::trigger:
    case Step::upgrade:
    case Step::restart:
    case Step::converge:
    case Step::configure:
    case Step::verify:
    case Step::health:
    case Step::restore:
    case Step::converge_originals:
    case Step::recheck:
    case Step::check:
      break;
  }
  check_failed("a site takes no client step");
}

}  // namespace

void Applier::start_site(const StepStarted& event) {
  const std::uint32_t s = event.subject.index;
  SiteRecord& site = r.sites_[s];
  check(!site.open, "a site has one open attempt at most");
  site.tries = site.step == event.step && site.tries > 0
                   ? static_cast<std::uint16_t>(site.tries + 1)
                   : std::uint16_t{1};
  site.step = event.step;
  if (site.phase == Phase::failed) --r.sites_failed_;
  site.phase = phase_during(event.step);
  site.open = true;
  r.site_marks_.insert(s);
  site.pending = site.waiting_retry = site.warned = false;
  site.started = active;
  site.deadline = r.active(event.deadline);
  site.attempts[static_cast<std::size_t>(event.step)] = static_cast<std::uint16_t>(event.attempt);
  ++(is_watch(event.step) ? r.open_watches_ : r.open_actions_);
  if (event.step == Step::stage) {
    site.ever_staged = true;
    site.needs_hands = false;
  }
  if (event.step == Step::force) start_force(s);
}

// From here on each client of the site may upgrade itself at any time.
void Applier::start_force(std::uint32_t s) {
  SiteRecord& site = r.sites_[s];
  site.ever_forced = true;
  const std::uint32_t forcing = r.next_force(s);
  check(forcing != kNone, "a force belongs to a lane");
  site.forcing_lane = forcing;
  LaneRecord& lane = r.lanes_[forcing];
  if (lane.force == LaneRecord::Force::forced) {  // again: its clients are marked already,
    force_others(s, kNone);                       // but for those that were put back meanwhile
    return;
  }
  lane.force = LaneRecord::Force::forced;
  force_others(s, forcing);
  for_owned(forcing, [&](std::uint32_t c) {
    ClientRecord& client = r.clients_[c];
    if (client.state == ClientState::already_current || client.state == ClientState::skipped)
      return;
    if (client.trigger_order == 0) set_triggered(c, true);
    client.forced = true;
    client.late_at_force = client.counted_late;
    const bool preparing =
        client.state == ClientState::backing_up || client.state == ClientState::inspecting;
    if (client.prepared && !client.open && preparing) wait_for_lists(c);  // kept from before
  });
}

// A force takes along what earlier groups left on the site: late, failed or restored clients that
// the plan lets it go over. A rollback of their own group names them again.
void Applier::force_others(std::uint32_t s, std::uint32_t forcing) {
  for (const std::uint32_t lane : r.site_lanes_[s]) {
    const std::uint32_t g = r.schedule_.lanes[lane].group;
    if (lane == forcing || g == kNone || !r.groups_[g].started) continue;
    if (r.schedule_.lanes[lane].adopted_by != kNone) continue;
    for_owned(lane, [&](std::uint32_t c) {
      ClientRecord& client = r.clients_[c];
      if (!client.settled || client.state == ClientState::already_current ||
          client.state == ClientState::skipped)
        return;
      if (client.trigger_order == 0) set_triggered(c, true);
      client.forced = true;
      if (client.counted_late) client.late_at_force = true;
    });
  }
}

// A forced client whose site has yet to make new copy lists.
void Applier::wait_for_lists(std::uint32_t c) {
  set_state(c, ClientState::triggered);
  set_unproven(c, true);
}

void Applier::finish_site(const StepFinished& event) {
  const std::uint32_t s = event.subject.index;
  SiteRecord& site = r.sites_[s];
  check(site.open && site.step == event.step &&
            site.attempts[static_cast<std::size_t>(event.step)] == event.attempt,
        "an outcome belongs to the open attempt");
  site.open = false;
  r.site_marks_.insert(s);
  --(is_watch(event.step) ? r.open_watches_ : r.open_actions_);
  if (site.doubtful) {
    --r.doubtful_;
    if (!site.probed) --r.unprobed_;
    site.doubtful = false;
    site.probed = true;
  }
  site.last = event.outcome.kind;
  site.note = event.outcome.reason;
  if (site.undo_wanted && event.step < Step::unstage) {  // whatever it did, it is undone now
    go_on_with(site, Step::unstage);
  } else if (event.outcome.kind != OutcomeKind::ok) {
    site.failed_attempt = true;
  } else {
    site.tries = 0;
    site_step_done(s, event.step);
  }
}

void Applier::go_on_with(SiteRecord& site, Step step) {
  site.step = step;
  site.pending = true;
}

void Applier::site_step_done(std::uint32_t s, Step step) {
  SiteRecord& site = r.sites_[s];
  switch (step) {
    case Step::stage:
      return go_on_with(site, Step::replicate);
    case Step::replicate:
      site.phase = Phase::ready;
      return mark_site_lanes(s);
    case Step::force:
      return go_on_with(site, Step::regenerate);
    case Step::regenerate:
      return lists_are_new(site.forcing_lane);
    case Step::unstage:
      return site.undo_wait ? go_on_with(site, Step::replicate_originals) : undone(s);
    case Step::replicate_originals:
      return site.undo_whole ? go_on_with(site, Step::force_originals) : undone(s);
    case Step::force_originals:
      return go_on_with(site, Step::regenerate_originals);
    case Step::regenerate_originals:
      return undone(s);
    case Step::inspect:
    case Step::back_up:
    case Step::trigger:
    case Step::upgrade:
    case Step::restart:
    case Step::converge:
    case Step::configure:
    case Step::verify:
    case Step::health:
    case Step::restore:
    case Step::converge_originals:
    case Step::recheck:
    case Step::check:
      check_failed("a site takes no client step");
  }
}

// The clients of the forced lane that wait for it go on.
void Applier::lists_are_new(std::uint32_t lane) {
  LaneRecord& forced = r.lanes_[lane];
  // A retry meanwhile asks for another force.
  if (forced.force == LaneRecord::Force::forced) forced.force = LaneRecord::Force::done;
  for_owned(lane, [&](std::uint32_t c) {
    const ClientRecord& client = r.clients_[c];
    const bool waits = !client.open && r.lists_.list_of(c) == kNone && r.timers_.due(c) >= kNever;
    const bool there = client.position == after_backup(r.owner_plan(c)) && !client.to_restore;
    if (waits && there && client.state == ClientState::triggered) enqueue(c);
  });
}

// The clients that go back with the site can be watched.
void Applier::undone(std::uint32_t s) {
  SiteRecord& site = r.sites_[s];
  site.phase = Phase::undone;
  if (site.undo_wanted) --r.rollback_.sites_pending;
  site.undo_wanted = false;
  for (std::uint32_t c = 0; c < r.clients_.size(); ++c) {
    const ClientRecord& client = r.clients_[c];
    const bool waits = client.to_restore && client.step == Step::converge_originals && !client.open;
    if (r.schedule_.site_of(c) != s || !waits) continue;
    r.lists_.push_back(r.lane_list(r.schedule_.owner_lane(c), Rollout::kWatch), c);
    r.lane_marks_.insert(r.schedule_.owner_lane(c));
  }
}

}  // namespace sitewide
