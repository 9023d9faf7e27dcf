// ScriptedWorld: adapter, clock and orders on a virtual clock. Whatever is asked goes well after a
// second, unless the test says otherwise for a subject and step.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "orchestrator/engine/engine.h"

namespace sitewide {

/// What a scripted attempt or look answers.
Answer says_ok();
Answer says(OutcomeKind kind, std::string reason = "");
Answer says_pending(std::string reason);
/// execute: connection lost. A look: cannot be reached.
Answer says_doubt(std::string reason = "does not answer");
Answer says_no_effect();

class ScriptedWorld : public Adapter, public Clock, public OrderSource {
 public:
  ScriptedWorld(const Schedule& schedule, Timestamp start) : schedule_(schedule), now_(start) {}

  /// The next answers for this subject (`client/a1`) and step, in order; afterwards all goes well.
  void script(const std::string& subject, Step step, std::vector<Answer> answers);
  /// The next attempt or look is never answered.
  void keep_silent(const std::string& subject, Step step);
  /// How long this step takes, for everybody.
  void takes(Step step, Duration time) { durations_[step] = time; }
  /// With the next id, or with `id`.
  void order_at(Duration after_start, Order order, std::string id = {});
  void jump_at(Duration after_start, Duration by);
  /// Calls `happens` at that time.
  void at(Duration after_start, std::function<void()> happens);

  void start(const Action& action, Answers& answers) override;
  void stop(const Action& action) override { log_.push_back("stop " + words(action)); }
  /// What was started is answered as cut off after a second, instead of as it would have been.
  void cancel(const Action& action) override;
  Timestamp now() override { return now_; }
  void wait(Timestamp until) override;
  Duration jump() override;
  std::vector<IncomingOrder> pending() override;
  void answer(const std::string& id, bool accepted, const std::string& why) override;
  Timestamp ask_again(Timestamp) override { return kNever; }

  /// `execute client/a1 trigger 1`, `poll …`, `stop …`, `answered 1: why`: everything it was asked,
  /// in order.
  const std::vector<std::string>& log() const { return log_; }
  std::vector<std::string>& log() { return log_; }
  /// The answers to what was asked so far reach nobody any more.
  void controller_gone() { ++controller_, executing_.clear(); }
  /// Called when nothing is left to happen; the test ends the engine there.
  std::function<void()> on_idle;

 private:
  std::string words(const Action& action) const;

  const Schedule& schedule_;
  Timestamp now_;
  std::multimap<Timestamp, std::function<void()>> events_;
  std::set<std::string> cut_off_;
  std::map<std::string, Answers*> executing_;
  std::map<std::pair<std::string, Step>, std::deque<std::optional<Answer>>> script_;
  std::map<Step, Duration> durations_;
  std::vector<IncomingOrder> orders_;
  std::vector<std::string> log_;
  Duration jump_{};
  std::uint32_t order_count_ = 0;
  std::uint32_t controller_ = 0;
};

}  // namespace sitewide
