#include "orchestrator/core/order.h"

#include <algorithm>
#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/core/rollback_scope.h"

namespace sitewide {
namespace {

namespace json = boost::json;
using Events = Result<std::vector<Event>>;

Error refused(std::string why) { return {ErrorKind::refused, std::move(why)}; }

Error not_while(const Rollout& rollout) {
  const std::string state = spoken(name_of(rollout.state()));
  if (rollout.ended()) return refused("the rollout has ended: " + state);
  return refused("the rollout is " + (rollout.aborted() ? "being aborted" : state));
}

// The group that a halted rollout would breach again for, going on as it stands; kNone: none.
std::uint32_t over_budget(const Rollout& rollout) {
  for (std::uint32_t g = 0; g < rollout.schedule().groups.size(); ++g) {
    const GroupRecord& group = rollout.group(g);
    if (group.failed > rollout.schedule().groups[g].tolerate_failed + group.acknowledged) return g;
  }
  return kNone;
}

Events pause(const Rollout& rollout, const Order& order) {
  if (rollout.paused()) return std::vector<Event>{};
  if (rollout.ended() || rollout.halted() || rollout.aborted() || rollout.rollback().running)
    return not_while(rollout);
  return std::vector<Event>{Paused{order.by}};
}

Events go_on(const Rollout& rollout, const Order& order, Timestamp now) {
  if (rollout.ended() || rollout.aborted()) return not_while(rollout);
  if (!rollout.paused() && rollout.rollback().running) return not_while(rollout);
  if (!rollout.paused() && !rollout.halted()) return std::vector<Event>{};
  const std::uint32_t over = rollout.paused() ? kNone : over_budget(rollout);
  if (over != kNone) {  // it would halt again at once
    const ScheduledGroup& group = rollout.schedule().groups[over];
    return refused("group `" + group.plan.name + "` has " +
                   std::to_string(rollout.group(over).failed) + " failed, " +
                   std::to_string(group.tolerate_failed + rollout.group(over).acknowledged) +
                   " tolerated; retry or acknowledge them first");
  }
  return std::vector<Event>{Continued{order.by, idle_time(rollout, now)}};
}

Events abort_rollout(const Rollout& rollout, const Order& order) {
  const auto policy = order.name.empty() ? AbortPolicy::drain : abort_policy(order.name);
  if (!policy) {
    return refused("unknown policy `" + escaped(order.name, 40) +
                   "`; there are drain, cancel and rollback");
  }
  if (rollout.ended()) return not_while(rollout);
  const auto before = rollout.aborted();
  const bool is_so =
      before == *policy || (before == AbortPolicy::cancel && *policy == AbortPolicy::drain);
  if (is_so) return std::vector<Event>{};
  return std::vector<Event>{Aborted{*policy, order.by}};
}

// `canary` or `canary/2`; answers the group and the wave (kNone: the gates before the group).
Result<GateId> gate_of(const SubjectIndex& subjects, const std::string& name) {
  const std::size_t slash = name.find('/');
  const auto group = subjects.group(std::string_view(name).substr(0, slash));
  if (!group) return refused("there is no group `" + name.substr(0, slash) + "`");
  if (slash == std::string::npos) return GateId{*group, kNone, 0};
  const auto wave = subjects.find("wave/" + name);
  if (!wave || wave->wave >= subjects.schedule().groups[*group].waves.size()) {
    return refused("group `" + name.substr(0, slash) + "` has no wave `" + name.substr(slash + 1) +
                   "`");
  }
  return GateId{*group, wave->wave, 0};
}

Events approve(const Rollout& rollout, const SubjectIndex& subjects, const Order& order) {
  if (rollout.ended() || rollout.aborted()) return not_while(rollout);
  const auto gate = gate_of(subjects, order.subject);
  if (!gate) return gate.error();
  const Group& plan = rollout.schedule().groups[gate->group].plan;
  const std::vector<Gate>& gates = gate->wave == kNone ? plan.before : plan.after_wave;
  const bool known = std::any_of(gates.begin(), gates.end(), [&](const Gate& candidate) {
    return candidate.kind == Gate::Kind::approval && candidate.approval == order.name;
  });
  if (!known)
    return refused("`" + order.subject + "` waits for no approval named `" + order.name + "`");
  if (rollout.group(gate->group).approvals.contains({gate->wave, order.name}))
    return std::vector<Event>{};
  return std::vector<Event>{Approved{gate->group, gate->wave, order.name, order.by}};
}

// The group whose force of the site is still to come and is refused over skipped clients; kNone
// when there is none. Skipping somebody there would leave nothing but an abort.
std::uint32_t refuses_skipped(const Rollout& rollout, std::uint32_t site, std::uint32_t skipped) {
  const Schedule& schedule = rollout.schedule();
  for (std::uint32_t l = 0; site != kNone && l < schedule.lanes.size(); ++l) {
    const Lane& lane = schedule.lanes[l];
    if (lane.site != site || lane.group == kNone || lane.adopted_by != kNone) continue;
    const Group& plan = schedule.groups[lane.group].plan;
    const bool to_come = plan.method == Method::site_wide &&
                         rollout.lane(l).force == LaneRecord::Force::none &&
                         rollout.group(lane.group).state != GroupState::skipped;
    if (to_come && lane.group != skipped && !plan.force_over_skipped) return lane.group;
  }
  return kNone;
}

Error would_stop_the_force(const Rollout& rollout, std::uint32_t group) {
  const std::string& name = rollout.schedule().groups[group].plan.name;
  return refused("the force of group `" + name + "` would reach it all the same, and refuses to; " +
                 "skip that group, or have `force_over: [skipped]` in the plan");
}

Events skip_client(const Rollout& rollout, std::uint32_t client, const Order& order) {
  const ClientRecord& record = rollout.client(client);
  const std::string name = "client `" + std::string(rollout.schedule().clients.name(client)) + "`";
  if (record.state == ClientState::skipped) return std::vector<Event>{};
  if (record.trigger_order != 0) return refused(name + " was triggered already");
  if (record.settled && record.state != ClientState::late)
    return refused(name + " is " + spoken(name_of(record.state)));
  if (record.open)
    return refused(name + " is " + spoken(name_of(record.state)) +
                   " just now; try again in a moment");
  const std::uint32_t stops = refuses_skipped(rollout, rollout.schedule().site_of(client), kNone);
  if (stops != kNone) return would_stop_the_force(rollout, stops);
  return std::vector<Event>{Skipped{Subject::client(client), order.by}};
}

Events skip_group(const Rollout& rollout, std::uint32_t group, const Order& order) {
  const GroupRecord& record = rollout.group(group);
  const std::string name = "group `" + rollout.schedule().groups[group].plan.name + "`";
  if (record.state == GroupState::skipped) return std::vector<Event>{};
  if (record.state == GroupState::rolling_back) return not_while(rollout);
  if (record.state == GroupState::passed) return refused(name + " has passed");
  if (record.started) return refused(name + " has begun; skip its clients one by one, or abort");
  for (const Lane& lane : rollout.schedule().lanes) {
    if (lane.group != group) continue;
    const std::uint32_t stops = refuses_skipped(rollout, lane.site, group);
    if (stops != kNone) return would_stop_the_force(rollout, stops);
  }
  return std::vector<Event>{Skipped{Subject::group(group), order.by}};
}

Events skip(const Rollout& rollout, const SubjectIndex& subjects, const Order& order) {
  if (rollout.ended() || rollout.aborted()) return not_while(rollout);
  const auto subject = subject_meant(subjects, order.subject);
  if (!subject) return subject.error();
  return subject->kind == Subject::Kind::client ? skip_client(rollout, subject->index, order)
                                                : skip_group(rollout, subject->index, order);
}

// Empty means everything.
Result<Subject> subject_of_order(const SubjectIndex& subjects, const std::string& word) {
  if (word.empty()) return Subject::rollout();
  return subject_meant(subjects, word);
}

// The clients that an order on a group, a client or everything means.
bool means(const Rollout& rollout, const Subject& subject, std::uint32_t c) {
  if (subject.kind == Subject::Kind::client) return c == subject.index;
  if (rollout.owner_group(c) == kNone) return false;
  return subject.kind != Subject::Kind::group || rollout.owner_group(c) == subject.index;
}

bool can_be_retried(const Rollout& rollout, std::uint32_t c) {
  const ClientRecord& client = rollout.client(c);
  const bool ended_badly =
      client.state == ClientState::failed || client.state == ClientState::lost ||
      client.state == ClientState::restored || client.state == ClientState::late ||
      client.state == ClientState::needs_hands;
  return ended_badly && !client.open;
}

Events retry(const Rollout& rollout, const SubjectIndex& subjects, const Order& order) {
  if (rollout.ended() || rollout.aborted() || rollout.rollback().running) return not_while(rollout);
  const auto subject = subject_of_order(subjects, order.subject);
  if (!subject) return subject.error();
  for (std::uint32_t c = 0; c < rollout.schedule().clients.size(); ++c) {
    if (means(rollout, *subject, c) && can_be_retried(rollout, c))
      return std::vector<Event>{RetryOrdered{*subject, order.by}};
  }
  const Schedule& schedule = rollout.schedule();
  if (subject->kind == Subject::Kind::client) {
    return refused("client `" + std::string(schedule.clients.name(subject->index)) + "` is " +
                   spoken(name_of(rollout.client(subject->index).state)) +
                   ": there is nothing to try again");
  }
  const bool of_group = subject->kind == Subject::Kind::group;
  return refused("there is nothing to try again: no client" +
                 (of_group ? " of group `" + schedule.groups[subject->index].plan.name + "`" : "") +
                 " is failed, lost, restored, late or needs hands");
}

std::optional<std::uint32_t> group_meant(const SubjectIndex& subjects, const std::string& word) {
  for (const Subject& subject : subjects.named(word)) {
    if (subject.kind == Subject::Kind::group) return subject.index;
  }
  return std::nullopt;
}

Events acknowledge(const Rollout& rollout, const SubjectIndex& subjects, const Order& order) {
  if (rollout.ended() || rollout.aborted()) return not_while(rollout);
  if (order.by.reason.empty()) return refused("acknowledging failures needs a reason (--reason)");
  std::vector<Event> events;
  const auto add = [&](std::uint32_t g) {
    const GroupRecord& group = rollout.group(g);
    const std::uint32_t tolerated =
        rollout.schedule().groups[g].tolerate_failed + group.acknowledged;
    const std::uint32_t over = group.failed > tolerated ? group.failed - tolerated : 0;
    const std::uint32_t count = order.count > 0 ? std::min(order.count, over) : over;
    if (over > 0) events.push_back(Acknowledged{g, count, order.by});
  };
  if (order.subject.empty()) {
    for (std::uint32_t g = 0; g < rollout.schedule().groups.size(); ++g) add(g);
  } else if (const auto group = group_meant(subjects, order.subject)) {
    add(*group);
  } else {
    return refused("there is no group `" + order.subject + "`");
  }
  if (events.empty())
    return refused("no failures beyond the budget are waiting to be acknowledged");
  return events;
}

Events roll_back(const Rollout& rollout, const SubjectIndex& subjects, const Order& order,
                 Timestamp now) {
  const auto subject = subject_of_order(subjects, order.subject);
  if (!subject) return subject.error();
  const Scope scope = subject->kind == Subject::Kind::rollout ? Scope::rollout
                      : subject->kind == Subject::Kind::group ? Scope::group
                                                              : Scope::client;
  const RollbackRecord& running = rollout.rollback();
  if (running.running) {
    const bool is_so = running.scope == scope && running.subject == *subject;
    if (is_so) return std::vector<Event>{};
    return refused("a rollback is running; order this one when it has ended");
  }
  if (rollout.aborted() && !rollout.ended()) return not_while(rollout);
  auto sites = sites_to_undo(rollout, scope, *subject);
  if (sites.empty() && clients_to_restore(rollout, scope, *subject).empty()) {
    return refused(
        "there is nothing to roll back: no client there was triggered and not yet restored, and "
        "no site of it is staged");
  }
  std::vector<Event> events;
  // Putting back does not wait for a pause to end.
  if (rollout.paused()) events.emplace_back(Continued{order.by, idle_time(rollout, now)});
  events.emplace_back(RollbackStarted{scope, *subject, std::move(sites), order.by,
                                      waves_to_begin_anew(rollout, scope, *subject)});
  return events;
}

}  // namespace

Result<Subject> subject_meant(const SubjectIndex& subjects, const std::string& word, bool sites) {
  std::vector<Subject> meant = subjects.named(word);
  if (!sites)
    std::erase_if(meant, [](const Subject& one) { return one.kind == Subject::Kind::site; });
  if (meant.empty()) {
    const std::size_t slash = word.find('/');
    const std::string kind = word.substr(0, slash);
    const bool says_which = slash != word.npos && (kind == "client" || kind == "group");
    const std::string kinds = sites ? "client, group or site" : "group or client";
    return refused("there is no " + (says_which ? kind : kinds) + " `" +
                   escaped(says_which ? word.substr(slash + 1) : word, 80) + "`");
  }
  if (meant.size() == 1) return meant.front();
  std::string kinds, words;
  for (const Subject& one : meant) {
    const std::string name = subject_name(subjects.schedule(), one);
    kinds += (kinds.empty() ? "a " : " and a ") + name.substr(0, name.find('/'));
    words += (words.empty() ? "`" : " or `") + name + "`";
  }
  return refused("`" + word + "` is " + kinds + "; say " + words);
}

bool has_something_to_retry(const Rollout& rollout) {
  for (std::uint32_t c = 0; c < rollout.schedule().clients.size(); ++c) {
    if (means(rollout, Subject::rollout(), c) && can_be_retried(rollout, c)) return true;
  }
  return false;
}

Duration idle_time(const Rollout& rollout, Timestamp now) {
  return std::max(Duration{}, now - rollout.idle_since());
}

Events to_events(const Rollout& rollout, const SubjectIndex& subjects, const Order& order,
                 Timestamp now) {
  if (order.verb == "pause") return pause(rollout, order);
  if (order.verb == "continue") return go_on(rollout, order, now);
  if (order.verb == "abort") return abort_rollout(rollout, order);
  if (order.verb == "approve") return approve(rollout, subjects, order);
  if (order.verb == "skip") return skip(rollout, subjects, order);
  if (order.verb == "retry") return retry(rollout, subjects, order);
  if (order.verb == "acknowledge") return acknowledge(rollout, subjects, order);
  if (order.verb == "rollback") return roll_back(rollout, subjects, order, now);
  return refused("unknown order `" + escaped(order.verb, 40) + "`");
}

std::string encode_order(const Order& order) {
  json::object out{{"verb", to_utf8(order.verb)},       {"subject", to_utf8(order.subject)},
                   {"name", to_utf8(order.name)},       {"count", order.count},
                   {"user", to_utf8(order.by.user)},    {"host", to_utf8(order.by.host)},
                   {"reason", to_utf8(order.by.reason)}};
  return json::serialize(out);
}

Result<Order> decode_order(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object())
    return Error{ErrorKind::refused, "the order is not a JSON object"};
  Order order;
  std::string wrong;
  const auto read = [&](std::string_view key) {
    const json::value* found = value.as_object().if_contains(key);
    if (found != nullptr && found->is_string()) return std::string(found->as_string());
    if (found != nullptr) wrong = key;
    return std::string();
  };
  order.verb = read("verb");
  order.subject = read("subject");
  order.name = read("name");
  order.by = {read("user"), read("host"), read("reason")};
  const json::value* count = value.as_object().if_contains("count");
  if (count != nullptr) {
    const bool whole =
        count->is_int64() && count->as_int64() >= 0 && count->as_int64() <= UINT32_MAX;
    if (whole) order.count = static_cast<std::uint32_t>(count->as_int64());
    if (!whole) wrong = "count";
  }
  if (!wrong.empty()) return Error{ErrorKind::refused, "the order's `" + wrong + "` is malformed"};
  if (order.verb.empty()) return Error{ErrorKind::refused, "the order has no verb"};
  return order;
}

}  // namespace sitewide
