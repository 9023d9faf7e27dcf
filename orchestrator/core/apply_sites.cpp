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
    case Step::verify:
    case Step::health:
    case Step::restore:
    case Step::converge_originals:
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
  if (event.step != Step::force) return;
  site.ever_forced = true;
  const std::uint32_t forcing = r.next_force(s);
  check(forcing != kNone, "a force belongs to a lane");
  site.forcing_lane = forcing;
  if (r.lanes_[forcing].force == LaneRecord::Force::forced)
    return;  // tried again: its clients are marked already
  r.lanes_[forcing].force = LaneRecord::Force::forced;
  // From here on each client of the site may upgrade itself at any time.
  for_owned(forcing, [&](std::uint32_t c) {
    ClientRecord& client = r.clients_[c];
    if (client.state == ClientState::already_current || client.state == ClientState::skipped)
      return;
    if (client.trigger_order == 0) set_triggered(c, true);
    if (client.state == ClientState::late && !client.backed_up) {
      client.without_backup = true;
      client.without_backup_told = false;
      r.timers_.cancel(c);
      r.lists_.push_back(r.attention_list(), c);
    } else if (client.prepared && !client.open && client.state == ClientState::backing_up) {
      set_state(c, ClientState::triggered);
      set_unproven(c, true);
    }
  });
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
    site.step = Step::unstage;
    site.pending = true;
    return;
  }
  if (event.outcome.kind != OutcomeKind::ok) {
    site.failed_attempt = true;
    return;
  }
  site.tries = 0;
  const auto go_on_with = [&](Step step) {
    site.step = step;
    site.pending = true;
  };
  switch (event.step) {
    case Step::stage:
      go_on_with(Step::replicate);
      break;
    case Step::replicate:
      site.phase = Phase::ready;
      mark_site_lanes(s);
      break;
    case Step::force:
      go_on_with(Step::regenerate);
      break;
    case Step::regenerate: {
      const std::uint32_t lane = site.forcing_lane;
      // A retry meanwhile asks for another force.
      if (r.lanes_[lane].force == LaneRecord::Force::forced)
        r.lanes_[lane].force = LaneRecord::Force::done;
      for_owned(lane, [&](std::uint32_t c) {
        const ClientRecord& client = r.clients_[c];
        const bool waits =
            !client.open && r.lists_.list_of(c) == kNone && r.timers_.due(c) >= kNever;
        if (waits && client.state == ClientState::triggered && !client.to_restore &&
            client.position == after_backup(r.owner_plan(c))) {
          enqueue(c);
        }
      });
      break;
    }
    case Step::unstage:
      if (site.undo_wait) {
        go_on_with(Step::replicate_originals);
      } else {
        site.phase = Phase::undone;
      }
      break;
    case Step::replicate_originals:
      if (site.undo_whole) {
        go_on_with(Step::force_originals);
      } else {
        site.phase = Phase::undone;
      }
      break;
    case Step::force_originals:
      go_on_with(Step::regenerate_originals);
      break;
    case Step::regenerate_originals:
      site.phase = Phase::undone;
      break;
    default:
      check_failed("a site takes no client step");
  }
  if (site.phase != Phase::undone) return;
  site.undo_wanted = false;
  if (r.rollback_.sites_pending > 0) --r.rollback_.sites_pending;
  for (std::uint32_t c = 0; c < r.clients_.size(); ++c) {
    const ClientRecord& client = r.clients_[c];
    if (r.schedule_.site_of(c) != s || !client.to_restore ||
        client.step != Step::converge_originals || client.open)
      continue;
    r.lists_.push_back(r.lane_list(r.schedule_.owner_lane(c), Rollout::kWatch), c);
    r.lane_marks_.insert(r.schedule_.owner_lane(c));
  }
}

}  // namespace sitewide
