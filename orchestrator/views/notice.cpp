#include "orchestrator/views/notice.h"

#include "orchestrator/base/text.h"
#include "orchestrator/core/gate.h"
#include "orchestrator/core/why.h"

namespace sitewide {
namespace {

constexpr std::size_t kFailuresShown = 3;
constexpr std::size_t kNameLimit = 80;

std::string client_name(const Rollout& rollout, std::uint32_t client) {
  return escaped(rollout.schedule().clients.name(client), kNameLimit);
}
std::string group_name(const Rollout& rollout, std::uint32_t group) {
  return escaped(rollout.schedule().groups[group].plan.name, kNameLimit);
}

// `group canary, wave 2 of 3`, `site HQ`, `the rollout`.
std::string described(const Rollout& rollout, const Subject& subject) {
  const Schedule& schedule = rollout.schedule();
  const auto group_and_wave = [&](std::uint32_t g) {
    if (g == kNone) return std::string("the rollout");
    const GroupRecord& group = rollout.group(g);
    std::string text = "group " + group_name(rollout, g);
    const bool went_back = group.breached && group.started;  // and begins anew, with no wave yet
    if (group.wave_open || went_back)
      text += ", wave " + std::to_string((group.wave_open ? group.wave : group.breach_wave) + 1) +
              " of " + std::to_string(schedule.groups[g].waves.size());
    return text;
  };
  switch (subject.kind) {
    case Subject::Kind::rollout:
      return "the rollout";
    case Subject::Kind::site:
      return "site " + escaped(schedule.sites[subject.index].plan.name, kNameLimit);
    case Subject::Kind::group:
    case Subject::Kind::wave:
    case Subject::Kind::gate:
      return group_and_wave(subject.index);
    case Subject::Kind::client:
      return group_and_wave(rollout.owner_group(subject.index));
  }
  return {};
}

bool is_failure(ClientState state) {
  return state == ClientState::failed || state == ClientState::lost ||
         state == ClientState::needs_hands;
}

std::string place_of(const Rollout& rollout, const GateId& id) {
  const std::string group = group_name(rollout, id.group);
  return id.wave == kNone ? group : group + "/" + std::to_string(id.wave + 1);
}

// The latest failure first.
std::string listed(const std::vector<std::string>& failures) {
  std::string text;
  for (auto failure = failures.rbegin(); failure != failures.rend(); ++failure)
    text += (text.empty() ? "" : "; ") + *failure;
  return text;
}

}  // namespace

Notice NoticeFold::about(const JournaledEvent& event, Occasion occasion,
                         const Rollout& rollout) const {
  const Subject subject = subject_of(event.event);
  Notice notice;
  notice.seq = event.seq;
  notice.at = event.at;
  notice.occasion = occasion;
  notice.level = level_of(event.event);
  notice.subject = subject_name(rollout.schedule(), subject);
  const bool whole = subject.kind == Subject::Kind::rollout;
  notice.what =
      whole ? phrase(rollout.schedule(), event.event) : sentence(rollout.schedule(), event.event);
  notice.where = described(rollout, subject);
  notice.state = rollout.state();
  notice.counts = rollout.counts();
  notice.rollout = rollout.id();
  notice.plan = rollout.schedule().name;
  notice.host = host_;
  return notice;
}

std::string NoticeFold::failures_of(std::uint32_t group) const {
  const auto found = failures_.find(group);
  return found == failures_.end() ? std::string() : listed(found->second);
}

// What one event of a turn is worth.
struct NoticeFold::Told {
  NoticeFold& fold;
  const JournaledEvent& event;
  const Rollout& rollout;
  std::vector<Notice>& notices;

  std::string command(const std::string& words) const {
    return "sitewide " + words + " " + escaped(rollout.id(), kNameLimit);
  }
  Notice& add(Occasion occasion) {
    notices.push_back(fold.about(event, occasion, rollout));
    return notices.back();
  }
  void add_looking(Notice& notice, std::uint32_t group) const {
    const auto client = fold.first_failed_.find(group);
    notice.next.push_back(command("why"));
    if (client != fold.first_failed_.end())
      notice.next.push_back(command("log") + " " + client->second);
  }
  // What helps with something that has halted; a client to look at comes before that.
  void add_mending(Notice& notice, std::uint32_t group) const {
    add_looking(notice, group);
    const bool failed = group != kNone && rollout.group(group).failed > 0;
    notice.next.push_back(command("resume") + (failed ? " --retry-failed" : ""));
    notice.next.push_back(command("rollback"));
  }

  void operator()(const RolloutCreated&) {
    Notice& notice = add(Occasion::start);
    notice.why = "an operator started it";
    notice.next = {command("watch")};
  }
  void operator()(const ControllerStarted& started) {
    fold.host_ = escaped(started.host, kNameLimit);
    for (Notice& notice : notices) notice.host = fold.host_;  // created in the same turn
  }
  void operator()(const Breached& breached) {
    Notice& notice = add(Occasion::breach);
    notice.halts = true;
    notice.why =
        breached.reason.empty() ? fold.failures_of(breached.group) : escaped(breached.reason, 400);
    // A gate before its group, and successes that were withdrawn, put nothing back.
    const bool goes_back =
        rollout.rollback().running || rollout.group(breached.group).rollback_wanted;
    if (!goes_back) return add_mending(notice, breached.group);
    // Nothing can be mended before that has ended.
    const Scope scope = rollout.schedule().groups[breached.group].plan.on_breach;
    notice.why += std::string(notice.why.empty() ? "" : "; ") + "the " +
                  (scope == Scope::wave    ? "wave"
                   : scope == Scope::group ? "group"
                                           : "rollout") +
                  " is rolled back by itself";
    add_looking(notice, breached.group);
    notice.next.push_back(command("watch"));
  }
  void operator()(const Halted& halted) {
    Notice& notice = add(Occasion::halt);
    notice.halts = true;
    notice.why = why(rollout, halted.subject, event.at);
    add_mending(notice, halted.subject.kind == Subject::Kind::group ? halted.subject.index : kNone);
  }
  // Who pauses a rollout knows it; one that pauses by itself waits for somebody.
  void operator()(const Paused& paused) {
    if (!paused.by.user.empty()) return;
    Notice& notice = add(Occasion::halt);
    notice.why = why(rollout, Subject::rollout(), event.at);
    notice.next = {command("why"), command("continue")};
  }
  void operator()(const GateOpened& opened) {
    const Gate& gate =
        gate_at(rollout.schedule(), opened.gate.group, opened.gate.wave, opened.gate.position);
    if (gate.kind != Gate::Kind::approval) return;
    const GroupRecord& group = rollout.group(opened.gate.group);
    if (group.approvals.contains({opened.gate.wave, gate.approval})) return;
    Notice& notice = add(Occasion::approval);
    notice.level = Level::warning;
    notice.why = why(rollout, Subject::group(opened.gate.group), event.at);
    notice.next = {command("approve") + " " + place_of(rollout, opened.gate) + " " +
                       escaped(gate.approval, kNameLimit),
                   command("status")};
  }
  void operator()(const ClientSettled& settled) {
    if (is_failure(settled.state))
      fold.remember(settled.client, spoken(name_of(settled.state)), settled.reason, rollout);
    if (settled.state != ClientState::needs_hands) return;
    const std::uint32_t group = rollout.owner_group(settled.client);
    if (!fold.told_of_hands_.insert(group).second) return;
    Notice& notice = add(Occasion::needs_hands);
    notice.why = escaped(settled.reason, 400);
    const std::string client = client_name(rollout, settled.client);
    notice.next = {command("why") + " " + client, command("log") + " " + client};
  }
  void operator()(const SuccessWithdrawn& withdrawn) {
    fold.remember(withdrawn.client, "withdrawn", withdrawn.reason, rollout);
  }
  void operator()(const RollbackStarted&) { fold.told_of_hands_.clear(); }
  void operator()(const RetryOrdered&) {
    fold.told_of_hands_.clear();
    fold.failures_.clear();
    fold.first_failed_.clear();
  }
  void operator()(const RollbackFinished& finished) {
    Notice& notice = add(Occasion::rollback);
    notice.why = why(rollout, Subject::rollout(), event.at);
    notice.next = {command(finished.needs_hands > 0 ? "why" : "status")};
  }
  void operator()(const RolloutEnded& ended) {
    Notice& notice = add(Occasion::end);
    notice.why = describe_result(summarize(rollout));
    const bool good = ended.result == RolloutState::completed;
    if (!good) notice.next = {command("why")};
    notice.next.push_back(command("report") + " --html " + escaped(rollout.id(), kNameLimit) +
                          ".html");
  }

  // Single attempts, and what operators do themselves, are for those who look.
  void operator()(const ControllerStopping&) {}
  void operator()(const ClockJumped&) {}
  void operator()(const GroupStarted&) {}
  void operator()(const WaveStarted&) {}
  void operator()(const WavePassed&) {}
  void operator()(const GroupPassed&) {}
  void operator()(const GatePassed&) {}
  void operator()(const StepStarted&) {}
  void operator()(const StepNoted&) {}
  void operator()(const StepInDoubt&) {}
  void operator()(const StepFinished&) {}
  void operator()(const RetryScheduled&) {}
  void operator()(const ClientQueued&) {}
  void operator()(const ForcedWithoutBackup&) {}
  void operator()(const Warned&) {}
  void operator()(const Continued&) {}
  void operator()(const Aborted&) {}
  void operator()(const Approved&) {}
  void operator()(const Skipped&) {}
  void operator()(const Acknowledged&) {}
  void operator()(const OrderRefused&) {}
  void operator()(const RateRaised&) {}
};

void NoticeFold::remember(std::uint32_t c, const std::string& state, const std::string& why,
                          const Rollout& rollout) {
  const std::uint32_t group = rollout.owner_group(c);
  const std::string client = client_name(rollout, c);
  std::vector<std::string>& failures = failures_[group];
  failures.push_back(client + " " + state + (why.empty() ? "" : ": " + escaped(why, 200)));
  if (failures.size() > kFailuresShown) failures.erase(failures.begin());
  first_failed_.emplace(group, client);
}

std::vector<Notice> NoticeFold::see(std::span<const JournaledEvent> events,
                                    const Rollout& rollout) {
  std::vector<Notice> notices;
  for (const JournaledEvent& event : events)
    std::visit(Told{*this, event, rollout, notices}, event.event);
  return notices;
}

}  // namespace sitewide
