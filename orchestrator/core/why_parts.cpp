// Why sites and clients wait.
#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/core/explainer.h"
#include "orchestrator/core/summary.h"

namespace sitewide {
namespace {

using Phase = SiteRecord::Phase;

// What a site's watch waits for.
std::string awaited(Step step) {
  switch (step) {
    case Step::replicate:
      return "waits until its logon servers hold the hotfix";
    case Step::regenerate:
      return "waits for new copy lists on its logon servers";
    case Step::replicate_originals:
      return "waits until its logon servers hold the originals again";
    case Step::regenerate_originals:
      return "waits for new copy lists of the originals";
    default:
      return "waits";
  }
}

bool is_prepared_for_force(const ScheduledGroup& plan, const ClientRecord& client) {
  if (plan.plan.method != Method::site_wide || !client.prepared || client.open) return false;
  return client.state == ClientState::inspecting || client.state == ClientState::backing_up ||
         client.state == ClientState::triggered;
}

}  // namespace

bool Explainer::abandoned() const {
  return state_seen(r, options_.controlled) == RolloutState::interrupted;
}

// Nobody knows what became of it, or looks any more.
std::string Explainer::left_in_the_middle(Step step, const std::string& note) const {
  std::string text = spoken(name_of(step)) + " was under way when the controller went";
  text += has_effect(step) ? ": nobody knows what became of it" : because(note);
  const bool stops =
      (step == Step::stage || step == Step::unstage) && r.schedule().hotfix.parts.stop_services();
  if (stops) text += ", and services of the site may be stopped";
  const char* then = has_effect(step) ? "` looks, and goes on" : "` takes it up again";
  return text + "; `sitewide resume " + escaped(r.id(), 80) + then;
}

std::string Explainer::name(std::uint32_t c) const {
  return escaped(r.schedule().clients.name(c), 80);
}

// ------------------------------------------------------------------------------------------------
// sites
std::string Explainer::site_step(std::uint32_t s) const {
  const SiteRecord& site = r.site(s);
  const Site& plan = r.schedule().sites[s].plan;
  const std::string name = site_name(s);
  const std::string step = spoken(name_of(site.step));
  if (site.open && abandoned()) return name + ": " + left_in_the_middle(site.step, site.note);
  if (site.open && site.doubtful) {
    return name + ": " + step + " is in doubt" + because(site.note) + "; looked for until " +
           moment(r.doubt_deadline(Subject::site(s)));
  }
  if (site.open && is_watch(site.step)) {
    return name + " " + awaited(site.step) + because(site.note) + "; looked at every " +
           format_duration(plan.replication_poll) + ", given up at " +
           moment(r.wall(site.deadline));
  }
  if (site.open)
    return name + ": " + step + " is under way, ended at " + moment(r.wall(site.deadline)) +
           " at the latest";
  if (site.waiting_retry) {
    return name + ": " + step + " " + spoken(name_of(site.last)) + because(site.note) +
           "; tried again at " + moment(r.wall(site.due));
  }
  switch (site.phase) {
    case Phase::failed:
      return name + ": " + step + " " + spoken(name_of(site.last)) + because(site.note);
    case Phase::undone:
      return name + " is undone: it holds its originals again";
    case Phase::undoing:
      return name + " is being undone";
    case Phase::ready:
      return name + " is ready: every logon server holds the hotfix";
    case Phase::idle:
    case Phase::staging:
    case Phase::replicating:
      break;
  }
  return name +
         (site.wanted ? ": " + step + " is next" : " waits: no group that needs it has begun");
}

std::string Explainer::site(std::uint32_t s) const {
  const SiteRecord& site = r.site(s);
  if (site.needs_hands)
    return site_name(s) + " needs hands: it could not be undone" + because(site.note);
  if (site.open) return site_step(s);
  const std::string still = standstill();
  if (site.phase == Phase::failed) {
    const std::string advice = what_to_do(r, options_);
    return site_step(s) + (advice.empty() ? "" : "; " + advice);
  }
  const bool to_do =
      site.pending || site.waiting_retry || (site.wanted && site.phase == Phase::idle);
  if (to_do && !still.empty() && !site.undo_wanted) return site_name(s) + " waits: " + still;
  if (site.phase != Phase::ready) return site_step(s);
  for (std::uint32_t l = 0; l < r.schedule().lanes.size(); ++l) {
    if (r.schedule().lanes[l].site != s) continue;
    if (std::string force = force_wait(l); !force.empty()) return force;
  }
  return site_step(s);
}

std::string Explainer::force_wait(std::uint32_t l) const {
  const Lane& lane = r.schedule().lanes[l];
  const LaneRecord& record = r.lane(l);
  if (lane.group == kNone || lane.site == kNone || lane.adopted_by != kNone || record.started == 0)
    return {};
  const ScheduledGroup& plan = r.schedule().groups[lane.group];
  if (plan.plan.method != Method::site_wide || record.force == LaneRecord::Force::done) return {};
  const SiteRecord& site = r.site(lane.site);
  if (record.force == LaneRecord::Force::forced || site.open || site.waiting_retry)
    return site_step(lane.site);
  const std::string force = "force of " + r.schedule().sites[lane.site].plan.name;
  if (record.unprepared > 0) {
    return force + " waits until " + count_of(record.unprepared, "client") +
           (record.unprepared == 1 ? " is" : " are") + " backed up";
  }
  if (const std::string window = window_wait(l); !window.empty())
    return force + " waits: " + window;
  const std::string late = late_before_force(l);
  return late.empty() ? std::string() : force + " waits for " + late;
}

// As decide judges it: of one that is late and may answer yet, the originals may be kept.
std::string Explainer::late_before_force(std::uint32_t l) const {
  for (std::uint32_t c = 0; c < r.schedule().clients.size(); ++c) {
    if (r.schedule().site_of(c) != r.schedule().lanes[l].site || !r.is_unkept(c)) continue;
    const Timestamp until = r.wall(r.force_waits_until(c, l));
    if (until > now_) return "late " + name(c) + " until " + moment(until);
  }
  return {};
}

// As decide judges it: no more may be triggered than could fail without going further over the
// budget than by one.
std::string Explainer::trigger_limit(std::uint32_t g, std::uint32_t wave) const {
  const GroupRecord& group = r.group(g);
  const ScheduledGroup& plan = r.schedule().groups[g];
  std::uint32_t limit = plan.unproven;
  if (wave == 0 ? plan.strict_first : plan.strict_later) {
    const std::uint32_t bound = plan.tolerate_failed + group.acknowledged + 1;
    const std::uint32_t spent = group.failed + group.in_doubt;
    limit = std::min(limit, bound > spent ? bound - spent : 0);
  }
  if (group.unproven < limit) return {};
  if (limit == 0)
    return "no more are triggered before " + count_of(group.in_doubt, "attempt") +
           " in doubt is cleared up";
  return std::to_string(group.unproven) + " triggered and unproven, the most at a time";
}

// ----------------------------------------------------------------------------------------------
// clients
std::string Explainer::client(std::uint32_t c) const {
  const ClientRecord& client = r.client(c);
  if (r.owner_group(c) == kNone) return name(c) + " belongs to no group: nothing is done to it";
  if (client.open && client.step == Step::recheck) return settled(c);
  if (client.open) return under_way(c);
  if (client.state == ClientState::late) return late(c);
  if (client.to_restore) {
    if (r.undone_by_site(c))
      return name(c) + " waits for its originals; " + site(r.schedule().site_of(c));
    if (r.lists_are_coming(c))
      return name(c) + " waits to be restored until new copy lists are there: " +
             site(r.schedule().site_of(c));
    if (client.once_more && r.retry_at(c) < kNever)
      return name(c) + " has its originals back, and gets them once more at " +
             moment(r.retry_at(c)) + ": an upgrade of it was never heard of and may still arrive";
    const Group& plan = r.owner_plan(c).plan;
    const std::uint32_t busy = r.group(r.owner_group(c)).restoring;
    return name(c) + " waits to be restored: " + std::to_string(busy) + " of " +
           std::to_string(plan.rollback_in_flight) + " restores of " + plan.name + " run" +
           because(r.note(c));
  }
  const std::string ended = settled(c);
  return ended.empty() ? to_begin(c) : ended;
}

std::string Explainer::settled(std::uint32_t c) const {
  const std::string why = because(r.note(c));
  switch (r.client(c).state) {
    case ClientState::upgraded: {
      const std::string adopted =
          r.schedule().adopted(c) ? " by the force of " + group_name(r.owner_group(c)) : "";
      return name(c) + " is upgraded" + adopted + recheck(c);
    }
    case ClientState::already_current:
      return name(c) + " was current already: nothing was done to it" + recheck(c);
    case ClientState::failed:
      return name(c) + " failed" + why;
    case ClientState::lost:
      return name(c) + " is lost" + why;
    case ClientState::restored:
      return name(c) + " is restored" + why;
    case ClientState::needs_hands:
      return name(c) + " needs hands" + why;
    case ClientState::skipped:
      return name(c) + " is skipped" + why;
    case ClientState::waiting:
    case ClientState::inspecting:
    case ClientState::backing_up:
    case ClientState::triggered:
    case ClientState::converging:
    case ClientState::late:
    case ClientState::in_doubt:
    case ClientState::restoring:
      break;
  }
  return {};
}

std::string Explainer::late(std::uint32_t c) const {
  const ClientRecord& client = r.client(c);
  const Group& plan = r.owner_plan(c).plan;
  const std::string why = r.note(c).empty() ? ": does not answer" : because(r.note(c));
  if (client.final_late)
    return name(c) + " is late for good" + why + "; given up after " +
           format_duration(plan.give_up_late);
  const std::string still = standstill();
  const Timestamp again = r.retry_at(c);
  const std::string next = again < kNever ? "; tried again at " + moment(again) : "; tried again";
  return name(c) + " is late" + why + next + " and every " + format_duration(plan.retry_late) +
         ", given up at " + moment(r.wall(client.since + plan.give_up_late)) +
         (still.empty() ? "" : ", but " + still);
}

std::string Explainer::under_way(std::uint32_t c) const {
  const ClientRecord& client = r.client(c);
  const Subject subject = Subject::client(c);
  const std::string step = spoken(name_of(client.step));
  if (abandoned()) return name(c) + ": " + left_in_the_middle(client.step, r.note(c));
  if (client.doubtful) {
    return name(c) + ": " + step + " is in doubt" + because(r.note(c)) + "; looked for until " +
           moment(r.doubt_deadline(subject)) + ", then it needs hands";
  }
  if (!is_watch(client.step)) {
    const std::string tries = client.tries > 1 ? " (try " + std::to_string(client.tries) + ")" : "";
    return name(c) + ": " + step + tries + " is under way, ended at " +
           moment(r.wall(client.deadline)) + " at the latest";
  }
  const std::string what = client.step == Step::health ? " is proven; its health check waits"
                           : client.step == Step::converge_originals ? " waits for its originals"
                                                                     : " converges";
  std::string text = name(c) + what + because(r.note(c));
  const Timestamp lost = r.lost_at(c, now_);
  const bool off = client.since != Timestamp{};
  if (off) text += "; no answer since " + moment(r.wall(client.since));
  if (off && lost < kNever) text += ", lost at " + moment(lost);
  return text + "; looked at every " + format_duration(r.poll_interval(subject)) +
         ", given up at " + moment(r.wall(client.deadline));
}

std::string Explainer::to_begin(std::uint32_t c) const {
  const std::uint32_t g = r.owner_group(c);
  const GroupRecord& group = r.group(g);
  const std::uint32_t wave = r.schedule().wave_of(c);
  const bool begun =
      group.started && (wave < group.wave || (wave == group.wave && group.wave_open));
  if (!begun) {
    const std::size_t waves = r.schedule().groups[g].waves.size();
    const std::string place =
        waves > 1 ? " for wave " + std::to_string(wave + 1) + " of " + std::to_string(waves) : "";
    return name(c) + " waits" + place + "; " + this->group(g);
  }
  if (const std::string still = standstill(); !still.empty()) return name(c) + " waits: " + still;
  return next_step(c);
}

// The wave goes on; the client's next step waits for its site, its force, its window, its limit,
// its retry or a slot.
std::string Explainer::next_step(std::uint32_t c) const {
  const ClientRecord& client = r.client(c);
  const std::uint32_t g = r.owner_group(c);
  const ScheduledGroup& plan = r.schedule().groups[g];
  const std::string step = spoken(name_of(client.step));
  const std::uint32_t s = r.schedule().lanes[r.schedule().owner_lane(c)].site;
  if (client.tries > 0 && client.last != OutcomeKind::ok) {
    const std::uint32_t attempts = plan.steps[client.position].policy.attempts;
    const Timestamp due = r.retry_at(c);
    const std::string again =
        (client.tries < attempts ? "try " + std::to_string(client.tries + 1) + " of " +
                                       std::to_string(attempts) + " follows"
                                 : "it is tried again") +
        (due < kNever ? " at " + moment(due) : "");
    return name(c) + ": " + step + " " + spoken(name_of(client.last)) + because(r.note(c)) + "; " +
           again;
  }
  if (is_prepared_for_force(plan, client)) {
    const std::string force = force_wait(r.schedule().owner_lane(c));
    return name(c) + " is backed up and waits; " + (force.empty() ? site(s) : force);
  }
  if (s != kNone && r.site(s).phase != Phase::ready) return name(c) + " waits; " + site_step(s);
  if (is_trigger(client.step)) {
    const std::string window = window_wait(r.schedule().owner_lane(c));
    const std::string limit = trigger_limit(g, r.schedule().wave_of(c));
    const std::string rate = rate_wait();
    if (!window.empty()) return name(c) + " waits to be triggered: " + window;
    if (!limit.empty() && !client.counted_unproven)
      return name(c) + " waits to be triggered: " + limit;
    if (!rate.empty()) return name(c) + " waits to be triggered: " + rate;
  }
  const GroupRecord& group = r.group(g);
  const std::uint32_t busy = group.running - group.restoring;
  if (busy >= plan.plan.in_flight) {
    return name(c) + " waits for a free slot: " + std::to_string(busy) + " of " +
           std::to_string(plan.plan.in_flight) + " actions of " + plan.plan.name + " run; " + step +
           " is next";
  }
  const std::uint32_t limit = r.schedule().limits.in_flight;
  if (r.open_actions() >= limit) {
    return name(c) + " waits for a free slot: " + std::to_string(r.open_actions()) + " of " +
           std::to_string(limit) + " actions of the rollout run; " + step + " is next";
  }
  return name(c) + " waits for its turn: " + step + " is next";
}

}  // namespace sitewide
