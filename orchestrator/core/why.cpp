#include "orchestrator/core/why.h"

#include <algorithm>
#include <map>
#include <set>

#include "orchestrator/base/text.h"
#include "orchestrator/core/explainer.h"
#include "orchestrator/core/gate.h"
#include "orchestrator/core/summary.h"

namespace sitewide {
namespace {

// So many clients at most are looked at one by one for every sentence.
constexpr std::uint32_t kFew = 512;
constexpr std::size_t kNotesShown = 3;

std::string listed(const std::vector<std::string>& parts) { return join(parts, ", "); }

}  // namespace

std::string because(std::string_view reason) {
  return reason.empty() ? std::string() : ": " + escaped(reason, 200);
}

std::string describe_moment(Timestamp at, Timestamp now) {
  if (at >= kNever) return "never";
  const std::string text = format_timestamp(std::chrono::ceil<std::chrono::seconds>(at));
  const bool same_day =
      std::chrono::floor<std::chrono::days>(at) == std::chrono::floor<std::chrono::days>(now);
  const Duration away = at > now ? at - now : now - at;
  if (away < std::chrono::hours(1)) return text.substr(11, 8) + " UTC";
  return (same_day ? "" : text.substr(0, 10) + " ") + text.substr(11, 5) + " UTC";
}

std::string why(const Rollout& rollout, const Subject& subject, Timestamp now,
                const WhyOptions& options) {
  const Explainer explainer(rollout, now, options);
  switch (subject.kind) {
    case Subject::Kind::rollout:
      return explainer.rollout();
    case Subject::Kind::site:
      return explainer.site(subject.index);
    case Subject::Kind::group:
      return explainer.group(subject.index);
    case Subject::Kind::wave:
      return explainer.wave(subject.index, subject.wave);
    case Subject::Kind::client:
      return explainer.client(subject.index);
    case Subject::Kind::gate:
      return explainer.group(subject.index);
  }
  return {};
}

// The order is that of decide(): what holds up everything comes first.
std::string Explainer::standstill() const {
  const RolloutState state = state_seen(r, options_.controlled);
  if (r.ended()) return "the rollout has ended: " + spoken(name_of(state));
  if (state == RolloutState::interrupted)
    return "the rollout is interrupted: its controller is gone";
  if (r.stopping()) return "the controller is stopping";
  if (r.rollback().running) return "a rollback is running";
  if (r.halted()) return "the rollout is halted" + because(r.halt_reason());
  if (r.aborted()) return "the rollout is being aborted";
  if (r.paused()) return "the rollout is paused" + because(r.pause_reason());
  if (r.unprobed() > 0) {
    return "first it is found out what became of " + count_of(r.unprobed(), "attempt") +
           " in doubt: " + begun_and_not_ended(true);
  }
  return {};
}

// What was begun and has not ended: `stage of HQ, trigger of pc003 and 4 more`.
std::string Explainer::begun_and_not_ended(bool in_doubt_only) const {
  Parts named;
  std::uint32_t others = 0;
  const auto add = [&](bool counts, bool doubtful, Step step, const std::string& of) {
    if (!counts || (in_doubt_only && !doubtful)) return;
    if (named.size() < kNotesShown) {
      named.push_back(spoken(name_of(step)) + " of " + of);
    } else {
      ++others;
    }
  };
  for (std::uint32_t s = 0; s < r.schedule().sites.size(); ++s) {
    const SiteRecord& site = r.site(s);
    add(site.open, site.doubtful, site.step, site_name(s));
  }
  for (std::uint32_t c = 0; c < r.schedule().clients.size(); ++c) {
    const ClientRecord& client = r.client(c);
    add(client.open && has_effect(client.step), client.doubtful, client.step, name(c));
  }
  return listed(named) + (others > 0 ? " and " + with_separators(others) + " more" : "");
}

// An abort lets what runs finish, or has ended it.
std::string Explainer::aborting() const {
  const bool cut_off = r.aborted() == AbortPolicy::cancel;
  Parts parts;
  if (r.running_actions() > 0 || r.unprobed() == 0) {
    const std::string running = count_of(r.running_actions(), "running action");
    parts.push_back(cut_off ? "ends " + running : running + " may finish");
  }
  if (r.unprobed() > 0)
    parts.push_back("what became of " + begun_and_not_ended(true) + " is found out");
  return join(parts, ", then ");
}

std::string Explainer::rollback() const {
  const RollbackRecord& back = r.rollback();
  std::string text = count_of(back.restored, "client") + " restored";
  if (back.needs_hands > 0) text += ", " + std::to_string(back.needs_hands) + " needs hands";
  text += ", " + std::to_string(back.pending) + " to go";
  if (back.sites_pending > 0) text += ", " + count_of(back.sites_pending, "site") + " to undo";
  return text;
}

std::string Explainer::rollout() const {
  const std::string id = escaped(r.id(), 80);
  const Summary summary = summarize(r, options_.controlled);
  const std::string proven = std::to_string(summary.on_target()) + " of " +
                             count_of(summary.clients, "client") + " proven";
  const std::string advice = what_to_do(r, options_);
  const std::string tail = "; " + proven + (advice.empty() ? "" : "; " + advice);
  if (r.ended()) return id + " has ended: " + spoken(name_of(summary.state)) + tail;
  if (summary.state == RolloutState::interrupted) {
    const std::string begun = begun_and_not_ended(false);
    return id + " is interrupted: its controller is gone, its last event is of " +
           moment(r.last_event()) + (begun.empty() ? "" : "; it was at " + begun) + tail;
  }
  if (r.stopping())
    return id + " stops: " + count_of(r.running_actions(), "running action") + " may finish" + tail;
  if (r.rollback().running) return id + " rolls back: " + rollback();
  if (r.aborted()) return id + " is being aborted: " + aborting();
  if (r.halted()) return id + " is halted" + because(r.halt_reason()) + tail;
  if (r.paused()) {
    const char* watched = r.open_watches() > 0 ? "; what was triggered is still observed" : "";
    return id + " is paused" + because(r.pause_reason()) + watched + tail;
  }
  if (r.unprobed() > 0) return id + " waits: " + standstill();
  for (const GroupSummary& row :
       summary.groups) {  // the first group that is not done holds up the rest
    const bool done = row.state == GroupState::passed || row.state == GroupState::skipped;
    if (!done) return group(row.index);
  }
  if (summary.count(ClientState::late) > 0) {
    const auto waits = std::find_if(summary.groups.begin(), summary.groups.end(),
                                    [](const GroupSummary& row) { return row.late > 0; });
    const std::uint32_t g = waits == summary.groups.end() ? 0 : waits->index;
    return id + " waits for " + count_of(summary.count(ClientState::late), "late client") + "; " +
           proven + "; late clients are tried again every " +
           format_duration(r.schedule().groups[g].plan.retry_late);
  }
  if (const std::string again = rechecks(kNone); !again.empty())
    return id + " waits for " + again + "; " + proven;
  return id + " is about to end; " + proven;
}

std::string Explainer::group(std::uint32_t g) const {
  const GroupSummary row = summarize_group(r, g);
  const std::string proven =
      std::to_string(row.on_target()) + " of " + std::to_string(row.clients) + " proven";
  switch (row.state) {
    case GroupState::passed:
      return row.name + " has passed: " + proven + (rechecks(g).empty() ? "" : "; " + rechecks(g));
    case GroupState::skipped:
      return row.name + " is skipped";
    case GroupState::rolled_back: {
      const std::string advice = what_to_do(r, options_);
      return row.name + " is rolled back: " + std::to_string(row.count(ClientState::restored)) +
             " restored" + (advice.empty() ? "" : "; " + advice);
    }
    case GroupState::rolling_back:
      return row.name + " is rolled back: " + rollback();
    case GroupState::halted: {
      const std::string advice = what_to_do(r, options_);
      return row.name + " is halted" + because(r.halt_reason()) +
             (advice.empty() ? "" : "; " + advice);
    }
    case GroupState::waiting:
    case GroupState::running:
    case GroupState::soaking:
    case GroupState::awaiting_approval:
    case GroupState::checking:
      break;
  }
  if (const std::string still = standstill(); !still.empty()) {
    return row.name + " waits: " + still + "; " + proven;
  }
  if (r.group(g).gate_open) return at_gate(g);
  if (!r.group(g).started) return before_group(g);
  if (r.group(g).wave_open) return in_wave(g);
  return row.name + " is about to go on: " + proven;
}

std::string Explainer::before_group(std::uint32_t g) const {
  Parts before;
  for (const std::uint32_t other : r.schedule().groups[g].after) {
    const GroupSummary row = summarize_group(r, other);
    if (row.state == GroupState::passed || row.state == GroupState::skipped) continue;
    before.push_back(row.name + " (" + spoken(name_of(row.state)) + ", " +
                     std::to_string(row.on_target()) + " of " + std::to_string(row.clients) +
                     " proven)");
  }
  if (before.empty()) return group_name(g) + " is about to start";
  return group_name(g) + " waits for " + listed(before);
}

std::string Explainer::at_gate(std::uint32_t g) const {
  const GroupRecord& group = r.group(g);
  const Group& plan = r.schedule().groups[g].plan;
  const Gate& gate = gate_at(r.schedule(), r.gate_of(g));
  const std::string where = group.started ? " after wave " + std::to_string(group.wave) + " of " +
                                                std::to_string(r.schedule().groups[g].waves.size())
                                          : "";
  if (gate.kind == Gate::Kind::soak) {
    const Timestamp until = r.wall(group.gate_since + gate.soak);
    const Duration left = std::max(Duration{}, until - now_);
    return plan.name + " soaks" + where + " until " + moment(until) + " (" +
           describe_duration(left) + " left)";
  }
  if (gate.asks()) return plan.name + " waits" + where + " for " + asked(g, gate);
  const std::string subject = plan.name + (group.started ? "/" + std::to_string(group.wave) : "");
  return plan.name + " waits" + where + " for approval " + gate.approval + "; `sitewide approve " +
         escaped(r.id(), 80) + " " + subject + " " + gate.approval + "` gives it";
}

// What was answered last, and which attempt is under way or follows when.
std::string Explainer::asked(std::uint32_t g, const Gate& gate) const {
  const AskingRecord& asking = r.group(g).asking;
  const std::string of = " of " + std::to_string(gate.inquiry.policy.attempts);
  const auto attempt = [&](std::uint32_t number) {
    return "attempt " + std::to_string(number) + of;
  };
  std::string text = describe_gate(gate) + "; ";
  if (asking.open) {
    text += attempt(asking.tries) + " is under way, ended at " + moment(r.wall(asking.deadline)) +
            " at the latest";
  } else if (asking.answered || asking.due <= r.active(now_)) {
    text += attempt(asking.tries + (asking.answered ? 0 : 1)) +
            (asking.answered ? " has answered" : " is next");
  } else {
    text += attempt(asking.tries + 1) + " at " + moment(r.wall(asking.due));
  }
  if (asking.answer_at == Timestamp{}) return text;
  return text + "; last answer at " + moment(r.wall(asking.answer_at)) + " " +
         spoken(name_of(asking.last)) + because(asking.answer);
}

std::string Explainer::wave(std::uint32_t g, std::uint32_t w) const {
  const GroupRecord& record = r.group(g);
  const std::string name = group_name(g) + " wave " + std::to_string(w + 1);
  if (w < record.wave) return name + " has passed";
  if (w > record.wave || !record.wave_open) return name + " waits; " + group(g);
  return group(g);
}

std::string Explainer::in_wave(std::uint32_t g) const {
  const GroupSummary row = summarize_group(r, g);
  const std::string where =
      row.waves > 1 ? " in wave " + std::to_string(row.wave) + " of " + std::to_string(row.waves)
                    : "";
  Parts parts;
  add_blockers(g, parts);
  add_counts(g, parts);
  add_notes(g, parts);
  const std::string text = row.name + " waits" + where + ": " + std::to_string(row.on_target()) +
                           " of " + std::to_string(row.clients) + " proven";
  return parts.empty() ? text : text + "; " + listed(parts);
}

void Explainer::add_blockers(std::uint32_t g, Parts& parts) const {
  const Schedule& schedule = r.schedule();
  std::set<std::uint32_t> told;  // lanes of several zones share a site
  for (std::uint32_t l = 0; l < schedule.lanes.size(); ++l) {
    const Lane& lane = schedule.lanes[l];
    if (lane.group != g || lane.site == kNone || lane.adopted_by != kNone || r.lane(l).started == 0)
      continue;
    if (!told.insert(lane.site).second) continue;
    const std::string force = force_wait(l);
    if (r.site(lane.site).phase != SiteRecord::Phase::ready) {
      parts.push_back(site_step(lane.site));
    } else if (!force.empty()) {
      parts.push_back(force);
    }
  }
  const GroupRecord& group = r.group(g);
  const ScheduledGroup& plan = schedule.groups[g];
  const bool to_trigger = group.unsettled > group.unproven + group.in_doubt;
  if (!to_trigger || plan.plan.method == Method::site_wide) return;
  const std::string window = windows_wait(g);
  const std::string limit = trigger_limit(g, group.wave);
  const std::string rate = rate_wait();
  if (!window.empty()) parts.push_back(window);
  if (!limit.empty()) parts.push_back(limit);
  if (!rate.empty()) parts.push_back(rate);
}

void Explainer::add_counts(std::uint32_t g, Parts& parts) const {
  const GroupSummary row = summarize_group(r, g);
  const auto add = [&](std::uint32_t count, const std::string& words) {
    if (count > 0) parts.push_back(std::to_string(count) + " " + words);
  };
  add(row.late, "late (" + late_retry(g) + ")");
  add(row.in_doubt, "in doubt");
  add(row.failed, "failed of " + std::to_string(row.tolerated_failed) + " tolerated");
  add(row.running > row.in_doubt ? row.running - row.in_doubt : 0, "at work");
  add(row.count(ClientState::restoring), "restoring");
}

// Looks at those of `near` when they are few, or at all that the group owns when that is asked for;
// whether it did.
template <class Look>
bool Explainer::look_at_clients(std::uint32_t g, Range near, Look look) const {
  if (options_.thorough) {
    for (std::uint32_t c = 0; c < r.schedule().clients.size(); ++c) {
      if (r.owner_group(c) == g) look(c);
    }
    return true;
  }
  if (near.size() > kFew) return false;
  for (std::uint32_t c = near.begin; c < near.end; ++c) look(c);
  return true;
}

// The next of a group's late clients to be tried again.
std::string Explainer::late_retry(std::uint32_t g) const {
  const Group& plan = r.schedule().groups[g].plan;
  Timestamp first = kNever;
  const auto look = [&](std::uint32_t c) {
    const ClientRecord& client = r.client(c);
    if (client.state == ClientState::late && !client.final_late)
      first = std::min(first, r.retry_at(c));
  };
  look_at_clients(g, r.schedule().groups[g].clients, look);
  if (first < kNever) return "retry " + moment(first);
  return "tried again every " + format_duration(plan.retry_late);
}

void Explainer::add_notes(std::uint32_t g, Parts& parts) const {
  const ScheduledGroup& plan = r.schedule().groups[g];
  std::map<std::string, std::uint32_t> notes;
  Timestamp first_deadline = kNever;
  const auto look = [&](std::uint32_t c) {
    const ClientRecord& client = r.client(c);
    if (!client.open || !is_watch(client.step) || client.doubtful) return;
    ++notes[r.note(c).empty() ? "converging" : escaped(r.note(c), 80)];
    first_deadline = std::min(first_deadline, client.deadline);
  };
  const std::uint32_t converging =
      r.group(g).counts[static_cast<std::size_t>(ClientState::converging)];
  if (!look_at_clients(g, plan.waves[r.group(g).wave], look) && converging > 0) {
    parts.push_back(with_separators(converging) + " converging");
  }
  std::vector<std::pair<std::string, std::uint32_t>> most(notes.begin(), notes.end());
  std::stable_sort(most.begin(), most.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::uint32_t others = 0;
  for (std::size_t i = 0; i < most.size(); ++i) {
    if (i < kNotesShown) {
      parts.push_back(std::to_string(most[i].second) + " " + most[i].first);
    } else {
      others += most[i].second;
    }
  }
  if (others > 0) parts.push_back(std::to_string(others) + " for other reasons");
  if (first_deadline < kNever)
    parts.back() += " (given up at " + moment(r.wall(first_deadline)) + ")";
}

}  // namespace sitewide
