// What a rollback names, and what it undoes.
#include "orchestrator/core/rollback_scope.h"

#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/base/mutation.h"

namespace sitewide {

bool in_scope(const Rollout& rollout, Scope scope, const Subject& subject, std::uint32_t c) {
  switch (scope) {
    case Scope::none:
    case Scope::site:
      return false;
    case Scope::rollout:
      return true;
    case Scope::group:
      return rollout.owner_group(c) == subject.index;
    case Scope::wave:
      return rollout.owner_group(c) == subject.index &&
             rollout.schedule().wave_of(c) == subject.wave;
    case Scope::client:
      return c == subject.index;
  }
  check_failed("a scope that does not exist");
}

namespace {

// A look that may find, or has just found, that its client was current before we came.
bool may_be_current(const ClientRecord& client) {
  return client.step == Step::inspect && client.state == ClientState::inspecting &&
         (client.open || client.on_target);
}

// The sites that are undone when clients that are being looked at count as current, or do not
// count.
std::vector<std::uint32_t> sites_undone(const Rollout& rollout, Scope scope, const Subject& subject,
                                        bool looks_count) {
  const Schedule& schedule = rollout.schedule();
  std::vector<std::uint32_t> inside(schedule.sites.size(), 0), touched(schedule.sites.size(), 0);
  for (std::uint32_t l = 0; l < schedule.lanes.size(); ++l) {
    if (schedule.lanes[l].site != kNone) touched[schedule.lanes[l].site] += rollout.lane(l).touched;
  }
  for (std::uint32_t c = 0; c < schedule.clients.size(); ++c) {
    // A client that was current before we came is not ours to downgrade, so it counts as outside.
    const ClientRecord& client = rollout.client(c);
    const std::uint32_t s = schedule.site_of(c);
    if (s == kNone) continue;
    if (client.trigger_order == 0) {
      touched[s] += looks_count && may_be_current(client) ? 1 : 0;
    } else if (client.state != ClientState::already_current &&
               in_scope(rollout, scope, subject, c)) {
      ++inside[s];
    }
  }
  // A site that was staged for a group is taken back with it, though nobody was triggered yet.
  std::vector<bool> of_group(schedule.sites.size(), false);
  for (const Lane& lane : schedule.lanes) {
    const bool meant = scope == Scope::group || scope == Scope::wave;
    if (meant && lane.group == subject.index && lane.site != kNone) of_group[lane.site] = true;
  }
  std::vector<std::uint32_t> sites;
  for (std::uint32_t s = 0; s < schedule.sites.size(); ++s) {
    const bool concerned = scope == Scope::site
                               ? subject.index == s
                               : inside[s] > 0 || scope == Scope::rollout || of_group[s];
    const SiteRecord& site = rollout.site(s);
    const bool alone = inside[s] == touched[s] || mutated(Mutation::scope_is_forgotten);
    if (concerned && site.ever_staged &&
        (site.phase != SiteRecord::Phase::undone || site.needs_hands) && alone) {
      sites.push_back(s);
    }
  }
  return sites;
}

}  // namespace

std::vector<std::uint32_t> sites_to_undo(const Rollout& rollout, Scope scope,
                                         const Subject& subject) {
  return sites_undone(rollout, scope, subject, true);
}

bool looks_may_keep_a_site(const Rollout& rollout, Scope scope, const Subject& subject) {
  return sites_undone(rollout, scope, subject, true) !=
         sites_undone(rollout, scope, subject, false);
}

std::vector<std::uint32_t> clients_to_restore(const Rollout& rollout, Scope scope,
                                              const Subject& subject) {
  std::vector<std::uint32_t> clients;
  for (std::uint32_t c = 0; c < rollout.schedule().clients.size(); ++c) {
    // One that was restored and that a force reached since may take the new files again.
    const bool stands = rollout.client(c).trigger_order != 0;
    if (stands && in_scope(rollout, scope, subject, c)) clients.push_back(c);
  }
  std::sort(clients.begin(), clients.end(), [&](std::uint32_t a, std::uint32_t b) {
    return rollout.client(a).trigger_order > rollout.client(b).trigger_order;
  });
  return clients;
}

namespace {

// Whether the client is all that shows that its wave, which has passed, was good.
bool is_last_proof(const Rollout& rollout, std::uint32_t c) {
  const Schedule& schedule = rollout.schedule();
  const std::uint32_t g = rollout.owner_group(c), wave = schedule.wave_of(c);
  const GroupRecord& group = rollout.group(g);
  const bool over = group.state == GroupState::passed || group.state == GroupState::skipped;
  if (over || wave >= group.wave) return false;
  for (std::uint32_t other = 0; other < schedule.clients.size(); ++other) {
    const bool shows = other != c && is_on_target(rollout.client(other).state);
    if (shows && rollout.owner_group(other) == g && schedule.wave_of(other) == wave) return false;
  }
  return true;
}

}  // namespace

std::vector<Subject> waves_to_begin_anew(const Rollout& rollout, Scope scope,
                                         const Subject& subject) {
  const Schedule& schedule = rollout.schedule();
  std::vector<std::uint32_t> first(schedule.groups.size(), kNone);
  for (const std::uint32_t c : clients_to_restore(rollout, scope, subject)) {
    if (scope == Scope::client && !is_last_proof(rollout, c)) continue;
    std::uint32_t& wave = first[rollout.owner_group(c)];
    wave = std::min(wave, schedule.wave_of(c));
  }
  std::vector<Subject> waves;
  for (std::uint32_t g = 0; g < first.size(); ++g) {
    const GroupRecord& group = rollout.group(g);
    // One that stands before that wave still has to prove its own.
    if (first[g] != kNone && group.started)
      waves.push_back(Subject::wave_of(g, std::min(first[g], group.wave)));
  }
  return waves;
}

bool could_be_rolled_back(const Rollout& rollout) {
  for (std::uint32_t s = 0; s < rollout.schedule().sites.size(); ++s) {
    const SiteRecord& site = rollout.site(s);
    if (site.ever_staged && site.phase != SiteRecord::Phase::undone) return true;
  }
  return !clients_to_restore(rollout, Scope::rollout, Subject::rollout()).empty();
}

}  // namespace sitewide
