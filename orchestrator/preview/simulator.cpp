#include "orchestrator/preview/simulator.h"

#include <algorithm>

#include "orchestrator/core/retry.h"

namespace sitewide {
namespace {

// A share between 0 and 999 of a thousand that belongs to a subject: spreads clients evenly and
// always the same way.
std::uint64_t spread(std::uint32_t subject) {
  StepPolicy thousand;
  thousand.backoff = thousand.backoff_max = Duration(9990);
  return static_cast<std::uint64_t>(backoff(thousand, 1, subject).count() - 9990);
}

}  // namespace

Simulator::Simulator(Timestamp start, AssumedDurations durations, Fates fates)
    : durations_(durations), fates_(std::move(fates)), now_(start) {}

Fate Simulator::fate(const Action& action) const {
  if (!fates_ || action.subject.kind != Subject::Kind::client) return Fate::goes_well;
  return fates_(action.subject.index);
}

Duration Simulator::duration_of(const Action& action) const {
  // A plan that allows only seconds (a lab's) does not mean to wait for minutes.
  const Duration within = std::max(Duration{}, action.deadline - now_) / 4;
  switch (action.step) {
    case Step::inspect:
    case Step::verify:
    case Step::recheck:
      return durations_.inspect;
    case Step::back_up:
    case Step::restore:
      return durations_.back_up;
    case Step::trigger:
      return durations_.trigger;
    case Step::upgrade:
    case Step::configure:
    case Step::restart:
      return durations_.command;
    case Step::stage:
    case Step::unstage:
    case Step::force:
    case Step::force_originals:
      return durations_.stage;
    case Step::replicate:
    case Step::replicate_originals:
      return std::min(durations_.replicate, within);
    case Step::regenerate:
    case Step::regenerate_originals:
      return std::min(durations_.regenerate, within);
    case Step::check:
      return std::min(durations_.check, within);
    case Step::health:
    case Step::converge:
    case Step::converge_originals:
      break;
  }
  // People log on over the day: from half the average to one and a half of it.
  const Duration left = std::max(Duration{}, action.deadline - now_);
  const Duration average = left / std::max(1U, durations_.converge_part);
  return average / 2 + average * spread(action.subject.index) / 1000;
}

Answer Simulator::answer_to(const Action& action) const {
  Answer answer;
  const Fate fate = this->fate(action);
  const bool changes = action.step == Step::trigger || action.step == Step::upgrade;
  if (fate == Fate::is_current && action.step == Step::inspect) {
    answer.outcome.on_target = true;
  } else if (fate == Fate::is_off) {
    if (is_watch(action.step)) answer.kind = Answer::Kind::in_doubt;
    answer.outcome = {OutcomeKind::unreachable, "does not answer", -1, false, false, {}};
  } else if (fate == Fate::fails && changes) {
    answer.outcome = {OutcomeKind::failed, "failed as supposed", -1, false, false, {}};
  } else if ((fate == Fate::never_converges || fate == Fate::fails) &&
             (action.step == Step::converge || action.step == Step::verify)) {
    answer.outcome = {OutcomeKind::failed, "failed as supposed", -1, false, false, {}};
  }
  return answer;
}

void Simulator::start(const Action& action, Answers& answers) {
  answers_ = &answers;
  pending_.push({now_ + duration_of(action), started_++, action});
}

void Simulator::wait(Timestamp until) {
  if (pending_.empty() || pending_.top().at > until) {
    if (until < kNever) now_ = std::max(now_, until);
    return;
  }
  now_ = std::max(now_, pending_.top().at);
  while (!pending_.empty() && pending_.top().at <= now_) {
    const Action action = pending_.top().action;
    pending_.pop();
    answers_->deliver(action, answer_to(action));
  }
}

}  // namespace sitewide
