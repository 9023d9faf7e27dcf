#include "orchestrator/engine/executor.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

std::string_view name_of_purpose(Purpose purpose) {
  switch (purpose) {
    case Purpose::execute:
      return "starts";
    case Purpose::poll:
      return "polls";
    case Purpose::recover:
      return "looks for";
    case Purpose::abandon:
      return "gives up on";
  }
  return {};
}

// Looks at once, over all watches: enough to keep up with a large site, few enough to spare a slow
// one.
constexpr std::uint32_t kPollsAtOnce = 256;
// An adapter answers by the deadline; one that hangs in the kernel does not, and is given up on
// after this.
constexpr Duration kGrace = std::chrono::seconds(30);

// What was told to end is looked at again soon.
constexpr Duration kPollOfCutOff = std::chrono::seconds(10);

bool is_look(Purpose purpose) { return purpose != Purpose::execute; }

}  // namespace

void Executor::begin(Timestamp now) {
  for (const Action& action : rollout_.open_attempts()) track(action, now);
  // The controller that was told to cut off what runs may have died before it did.
  if (rollout_.aborted() == AbortPolicy::cancel) cut_off_clients(now);
}

void Executor::track(const Action& action, Timestamp now) {
  Track& track = tracks_[key_of(action.subject)];
  track = {action, now, false};
  if (is_look(action.purpose)) {
    schedule(track, now);
  } else {
    launch(track, now);
  }
}

void Executor::schedule(Track& track, Timestamp at) {
  track.next = at;
  if (at < kNever) due_.push({at, key_of(track.action.subject)});
}

void Executor::launch(Track& track, Timestamp now) {
  track.running = true;
  ++in_progress_;
  if (is_look(track.action.purpose)) {
    ++polls_;
    track.next = kNever;
  } else {
    schedule(track, std::max(now, track.action.deadline) + kGrace);
  }
  const Action action =
      track.action;  // an adapter that answers at once may make us forget the track
  spdlog::debug("{} {} of {}, attempt {}", name_of_purpose(action.purpose), name_of(action.step),
                subject_name(rollout_.schedule(), action.subject), action.attempt);
  adapter_.start(action, *this);
}

void Executor::forget(const Subject& subject) {
  const auto found = tracks_.find(key_of(subject));
  if (found == tracks_.end()) return;
  const Track track = found->second;
  tracks_.erase(found);
  if (!track.running) return;
  --in_progress_;
  if (is_look(track.action.purpose)) --polls_;
  adapter_.stop(track.action);
}

void Executor::act(const Event& event, Timestamp now) {
  if (const auto* started = std::get_if<StepStarted>(&event)) {
    const auto action = rollout_.open_attempt(started->subject);
    const bool still_open =
        action && action->step == started->step && action->attempt == started->attempt;
    if (still_open) track(*action, now);
  } else if (const auto* aborted = std::get_if<Aborted>(&event)) {
    if (aborted->policy == AbortPolicy::cancel) cut_off_clients(now);
  } else if (std::holds_alternative<RollbackStarted>(event) ||
             std::holds_alternative<RolloutEnded>(event) ||
             std::holds_alternative<Skipped>(event)) {
    stop_ended();
  }
}

void Executor::move_clock(Duration by) {
  due_ = {};
  for (auto& [key, track] : tracks_) {
    if (track.next < kNever) schedule(track, track.next + by);
  }
}

// A rollback or the end closes many watches at once; with a group that is skipped goes the asking
// of its gate.
void Executor::stop_ended() {
  std::vector<Subject> ended;
  for (const auto& [key, track] : tracks_) {
    const auto open = rollout_.open_attempt(track.action.subject);
    const bool same =
        open && open->step == track.action.step && open->attempt == track.action.attempt;
    if (!same || rollout_.ended()) ended.push_back(track.action.subject);
  }
  std::sort(ended.begin(), ended.end());
  for (const Subject& subject : ended) forget(subject);
}

// What runs on clients ends, and what is in doubt is looked for at once. A site's steps finish:
// half of one may leave services stopped.
void Executor::cut_off_clients(Timestamp now) {
  std::vector<Action> cut;
  for (auto& [key, track] : tracks_) {
    const bool acts =
        track.action.subject.kind == Subject::Kind::client && track.action.purpose != Purpose::poll;
    if (acts) cut.push_back(track.action);
    if (acts && !track.running) schedule(track, now);
  }
  std::sort(cut.begin(), cut.end(),
            [](const Action& a, const Action& b) { return a.subject < b.subject; });
  for (Action& action : cut) {
    action.purpose = Purpose::execute;
    adapter_.cancel(action);
  }
}

void Executor::tick(Timestamp now) {
  while (!due_.empty() && due_.top().at <= now) {
    const Due due = due_.top();
    const auto found = tracks_.find(due.key);
    const bool stale = found == tracks_.end() || found->second.next != due.at;
    if (!stale && found->second.running) {  // it never answered: whatever it does, nobody knows
      Answer answer;
      answer.kind =
          has_effect(found->second.action.step) ? Answer::Kind::in_doubt : Answer::Kind::done;
      answer.outcome.kind = OutcomeKind::timed_out;
      answer.outcome.reason = "no answer by the deadline";
      found->second.next = kNever;
      const Action action = found->second.action;
      inbox_.push_back({action, std::move(answer)});
      if (!has_effect(action.step)) adapter_.stop(action);
    } else if (!stale) {
      if (polls_ >= kPollsAtOnce) return;
      launch(found->second, now);
    }
    due_.pop();
  }
}

Timestamp Executor::next_due() const {
  if (due_.empty()) return kNever;
  // Polls that wait for others to end are woken by their answers.
  return polls_ >= kPollsAtOnce ? kNever : due_.top().at;
}

void Executor::deliver(const Action& action, Answer answer) {
  spdlog::debug("answer to {} of {}, attempt {}: {}", name_of(action.step),
                subject_name(rollout_.schedule(), action.subject), action.attempt,
                escaped(answer.outcome.reason, 200));
  inbox_.push_back({action, std::move(answer)});
}

std::vector<Observation> Executor::take(Timestamp now) {
  std::vector<News> inbox;
  inbox.swap(inbox_);
  std::vector<Observation> out;
  out.reserve(inbox.size());
  for (News& news : inbox) observe(news, now, out);
  return out;
}

void Executor::observe(News& news, Timestamp now, std::vector<Observation>& out) {
  const auto found = tracks_.find(key_of(news.action.subject));
  const bool ours =
      found != tracks_.end() && found->second.running && found->second.action == news.action;
  if (!ours) return;  // an answer to an attempt that is over
  Track& track = found->second;
  track.running = false;
  --in_progress_;
  if (is_look(news.action.purpose)) --polls_;
  Answer& answer = news.answer;
  switch (answer.kind) {
    case Answer::Kind::done:
      finish(news.action, answer, out);
      break;
    case Answer::Kind::no_effect:
      answer.outcome.kind = OutcomeKind::cancelled;
      if (answer.outcome.reason.empty())
        answer.outcome.reason = "interrupted before it took effect";
      finish(news.action, answer, out);
      break;
    case Answer::Kind::pending:
      wait_on(track, answer, now, out);
      break;
    case Answer::Kind::in_doubt:
      if (track.action.purpose == Purpose::poll) {
        wait_on(track, answer, now, out);
      } else {
        doubt(track, answer, now, out);
      }
      break;
  }
}

void Executor::finish(Action action, Answer& answer, std::vector<Observation>& out) {
  tracks_.erase(key_of(action.subject));
  out.push_back(
      {StepFinished{action.subject, action.step, action.attempt, std::move(answer.outcome)},
       std::move(answer.output)});
}

// The effect may stand or not: look for it, until the last instant; then make sure that it can no
// longer begin, look once more, and say what is known.
void Executor::doubt(Track& track, Answer& answer, Timestamp now, std::vector<Observation>& out) {
  const Subject subject = track.action.subject;
  const bool first = track.action.purpose == Purpose::execute;
  const bool known = rollout_.in_doubt(subject);
  const bool over = known && !rollout_.paused() && now >= rollout_.doubt_deadline(subject);
  if (over && track.action.purpose == Purpose::abandon) {
    if (answer.outcome.kind != OutcomeKind::unreachable)
      answer.outcome.kind = OutcomeKind::timed_out;  // it may be running still
    finish(track.action, answer, out);
    return;
  }
  const bool client = subject.kind == Subject::Kind::client;
  const bool unprobed =
      client ? !rollout_.client(subject.index).probed : !rollout_.site(subject.index).probed;
  // After an abort that ends what runs: it is looked for until it is seen to have ended.
  const bool runs_on = known && !over && answer.kind == Answer::Kind::pending &&
                       rollout_.aborted() == AbortPolicy::cancel;
  if (!runs_on && (first || !known || unprobed)) {
    out.push_back(
        {StepInDoubt{subject, track.action.step, track.action.attempt, answer.outcome.reason},
         std::move(answer.output)});
  }
  track.action.purpose = over ? Purpose::abandon : Purpose::recover;
  const bool at_once = first || over;
  Duration pause = rollout_.poll_interval(subject);
  if (runs_on) pause = std::min(pause, kPollOfCutOff);
  Timestamp next = at_once ? now : now + pause;
  const Timestamp last = known ? rollout_.doubt_deadline(subject) : kNever;
  if (last > now) next = std::min(next, last);
  schedule(track, next);
}

// A poll that does not hold yet, a probe of something that still runs, or a client that cannot be
// looked at. While paused nothing is judged: the deadlines move when it goes on.
void Executor::wait_on(Track& track, Answer& answer, Timestamp now, std::vector<Observation>& out) {
  const Action& action = track.action;
  const Subject subject = action.subject;
  if (action.purpose != Purpose::poll) {  // in doubt and running: its own deadline holds
    doubt(track, answer, now, out);
    return;
  }
  const bool client = subject.kind == Subject::Kind::client;
  const bool reachable = answer.kind == Answer::Kind::pending;
  // The deadline may have moved since the start.
  Timestamp over = rollout_.open_attempt(subject)->deadline;
  if (client && !reachable) over = std::min(over, rollout_.lost_at(subject.index, now));
  if (now >= over && !rollout_.paused()) {
    answer.outcome.kind = reachable ? OutcomeKind::timed_out : OutcomeKind::unreachable;
    finish(action, answer, out);
    return;
  }
  const std::string& known =
      client ? rollout_.note(subject.index) : rollout_.site(subject.index).note;
  const bool was_reachable = !client || rollout_.client(subject.index).since == Timestamp{};
  if (known != answer.outcome.reason || (client && reachable != was_reachable)) {
    out.push_back(
        {StepNoted{subject, action.step, action.attempt, reachable, answer.outcome.reason}, {}});
  }
  const Timestamp next = std::max(now + rollout_.poll_interval(subject), answer.ask_again);
  schedule(track, over > now ? std::min(next, over) : next);
}

}  // namespace sitewide
