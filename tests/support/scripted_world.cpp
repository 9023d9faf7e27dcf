#include "tests/support/scripted_world.h"

namespace sitewide {

Answer says_ok() { return {}; }

Answer says(OutcomeKind kind, std::string reason) {
  Answer answer;
  answer.outcome.kind = kind;
  answer.outcome.reason = std::move(reason);
  return answer;
}

Answer says_pending(std::string reason) {
  Answer answer;
  answer.kind = Answer::Kind::pending;
  answer.outcome.reason = std::move(reason);
  return answer;
}

Answer says_doubt(std::string reason) {
  Answer answer = says(OutcomeKind::unreachable, std::move(reason));
  answer.kind = Answer::Kind::in_doubt;
  return answer;
}

Answer says_no_effect() {
  Answer answer;
  answer.kind = Answer::Kind::no_effect;
  return answer;
}

void ScriptedWorld::script(const std::string& subject, Step step, std::vector<Answer> answers) {
  for (Answer& answer : answers) script_[{subject, step}].push_back(std::move(answer));
}

void ScriptedWorld::keep_silent(const std::string& subject, Step step) {
  script_[{subject, step}].push_back(std::nullopt);
}

void ScriptedWorld::at(Duration after_start, std::function<void()> happens) {
  events_.emplace(now_ + after_start, std::move(happens));
}

void ScriptedWorld::order_at(Duration after_start, Order order, std::string id) {
  at(after_start, [this, order = std::move(order), id = std::move(id)] {
    ++order_count_;
    orders_.push_back({id.empty() ? std::to_string(order_count_) : id, order});
  });
}

void ScriptedWorld::jump_at(Duration after_start, Duration by) {
  at(after_start, [this, by] {
    now_ += by;
    jump_ += by;
    std::multimap<Timestamp, std::function<void()>> moved;
    for (auto& [when, happens] : events_) moved.emplace(when + by, std::move(happens));
    events_ = std::move(moved);
  });
}

std::string ScriptedWorld::words(const Action& action) const {
  return subject_name(schedule_, action.subject) + " " + std::string(name_of(action.step)) + " " +
         std::to_string(action.attempt);
}

void ScriptedWorld::start(const Action& action, Answers& answers) {
  constexpr const char* kPurposes[] = {"execute ", "poll ", "recover ", "abandon "};
  log_.push_back(kPurposes[static_cast<int>(action.purpose)] + words(action));
  const auto time = durations_.find(action.step);
  const bool looks = action.purpose != Purpose::execute;
  const Duration takes = time == durations_.end() || looks ? std::chrono::seconds(1) : time->second;
  Answer answer;
  const auto scripted = script_.find({subject_name(schedule_, action.subject), action.step});
  if (scripted != script_.end() && !scripted->second.empty()) {
    const std::optional<Answer> next = std::move(scripted->second.front());
    scripted->second.pop_front();
    if (!next) return;
    answer = *next;
  }
  if (!looks) executing_[words(action)] = &answers;
  events_.emplace(now_ + takes, [this, &answers, action, answer, looks, asked_by = controller_] {
    if (asked_by != controller_ || (!looks && cut_off_.contains(words(action)))) return;
    if (!looks) executing_.erase(words(action));
    answers.deliver(action, answer);
  });
}

void ScriptedWorld::cancel(const Action& action) {
  log_.push_back("cancel " + words(action));
  const auto executing = executing_.find(words(action));
  if (executing == executing_.end()) return;
  cut_off_.insert(words(action));
  Answer answer = says(OutcomeKind::cancelled, "ended by an abort");
  if (has_effect(action.step)) answer.kind = Answer::Kind::in_doubt;
  events_.emplace(now_ + std::chrono::seconds(1),
                  [this, answers = executing->second, action, answer, asked_by = controller_] {
                    if (asked_by == controller_) answers->deliver(action, answer);
                  });
  executing_.erase(executing);
}

void ScriptedWorld::wait(Timestamp until) {
  if (events_.empty() || events_.begin()->first > until) {
    if (until >= kNever) {
      if (on_idle) on_idle();
      return;
    }
    now_ = std::max(now_, until);
    return;
  }
  now_ = std::max(now_, events_.begin()->first);
  while (!events_.empty() && events_.begin()->first <= now_) {
    const auto happens = std::move(events_.begin()->second);
    events_.erase(events_.begin());
    happens();
  }
}

Duration ScriptedWorld::jump() {
  const Duration by = jump_;
  jump_ = {};
  return by;
}

std::vector<IncomingOrder> ScriptedWorld::pending() {
  std::vector<IncomingOrder> orders;
  orders.swap(orders_);
  return orders;
}

void ScriptedWorld::answer(const std::string& id, bool accepted, const std::string& why) {
  log_.push_back("answered " + id + (accepted ? "" : ": " + why));
}

}  // namespace sitewide
