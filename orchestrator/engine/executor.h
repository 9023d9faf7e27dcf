// Executor: keeps the world in step with the rollout's open attempts. It starts an action because a
// durable StepStarted says so, polls watches, probes attempts in doubt, and turns answers into
// events. It decides nothing: whether an outcome matters is decide()'s business.
//
// Threads: the engine's. Ownership: borrows adapter and rollout.
#pragma once

#include <queue>
#include <span>
#include <unordered_map>
#include <vector>

#include "adapters/adapter.h"
#include "orchestrator/core/rollout.h"

namespace sitewide {

/// An event that an answer gave rise to, with what the program printed.
struct Observation {
  Event event;
  Output output;
};

class Executor : public Answers {
 public:
  Executor(Adapter& adapter, const Rollout& rollout) : adapter_(adapter), rollout_(rollout) {}

  /// Takes up every open attempt of a replayed rollout: watches go on, attempts in doubt are
  /// probed, reading steps are done again under the same key.
  void begin(Timestamp now);
  /// Acts on events that are durable now.
  void act(const Event& event, Timestamp now);
  /// The clock was moved while nobody looked: what was due in an hour is due in an hour still.
  /// Before anything else of the turn that sees it.
  void move_clock(Duration by);
  /// Starts polls that are due and gives up on actions that never answered.
  void tick(Timestamp now);
  /// What was learnt since the last call. Each observation must be applied before the next call.
  std::vector<Observation> take(Timestamp now);
  /// True when answers wait to be taken.
  bool has_news() const { return !inbox_.empty(); }
  /// When tick() has something to do; kNever when it has not.
  Timestamp next_due() const;
  /// How many actions run in the adapter at this moment.
  std::uint32_t in_progress() const { return in_progress_; }

  void deliver(const Action& action, Answer answer) override;

 private:
  struct Track {
    Action action;
    Timestamp next{};      // when to poll, or when to give up waiting for the answer
    bool running = false;  // the adapter has it
  };
  struct Due {
    Timestamp at;
    std::uint64_t key;
    friend bool operator>(const Due& a, const Due& b) {
      return a.at != b.at ? a.at > b.at : a.key > b.key;
    }
  };
  struct News {
    Action action;
    Answer answer;
  };

  static std::uint64_t key_of(const Subject& subject) {
    // A group has one open gate at most.
    return (static_cast<std::uint64_t>(subject.kind) << 32) | subject.index;
  }
  void track(const Action& action, Timestamp now);
  void launch(Track& track, Timestamp now);
  void schedule(Track& track, Timestamp at);
  void forget(const Subject& subject);
  void stop_ended();
  void cut_off_clients(Timestamp now);
  void observe(News& news, Timestamp now, std::vector<Observation>& out);
  void finish(Action action, Answer& answer, std::vector<Observation>& out);
  void doubt(Track& track, Answer& answer, Timestamp now, std::vector<Observation>& out);
  void wait_on(Track& track, Answer& answer, Timestamp now, std::vector<Observation>& out);

  Adapter& adapter_;
  const Rollout& rollout_;
  std::unordered_map<std::uint64_t, Track>
      tracks_;  // order of iteration is never used for a decision
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::vector<News> inbox_;
  std::uint32_t in_progress_ = 0;
  std::uint32_t polls_ = 0;  // looks in progress
};

}  // namespace sitewide
