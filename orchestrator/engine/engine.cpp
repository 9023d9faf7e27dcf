#include "orchestrator/engine/engine.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>

#include "orchestrator/base/mutation.h"
#include "orchestrator/core/decide.h"
#include "orchestrator/core/event_codec.h"

namespace sitewide {
namespace {

// A turn is one transaction; a wave of a million clients is spread over several.
constexpr std::size_t kEventsATurn = 4096;

}  // namespace

Engine::Engine(EngineParts parts)
    : parts_(std::move(parts)), executor_(parts_.adapter, parts_.rollout) {}

// Each turn: facts first (outcomes, orders), then what follows from them, then the journal, then
// views and effects.
Result<> Engine::run(std::vector<Event> first) {
  Turn opening;
  opening.now = parts_.clock.now();
  for (Event& event : first) add(opening, std::move(event));
  if (auto committed = commit(opening); !committed) return committed;
  show(opening);
  executor_.begin(opening.now);
  for (;;) {
    Turn turn;
    turn.now = parts_.clock.now();
    const Duration jump = parts_.clock.jump();
    if (jump.count() != 0) {
      add(turn, ClockJumped{jump});
      executor_.move_clock(jump);
    }
    if (!stop_reason_.empty() && !parts_.rollout.stopping() && !parts_.rollout.ended()) {
      add(turn, ControllerStopping{stop_reason_});
    }
    take_observations(turn);
    take_orders(turn);
    if (jump.count() == 0) decide_all(turn);  // a turn that saw the clock jump launches nothing
    const auto act = [&] {
      for (const JournaledEvent& event : turn.events) executor_.act(event.event, turn.now);
    };
    if (mutated(Mutation::acts_before_append)) act();
    if (auto committed = commit(turn); !committed) return committed;
    if (!mutated(Mutation::acts_before_append)) act();
    show(turn);
    executor_.tick(turn.now);
    if (finished() && !executor_.has_news()) return {};
    const bool more =
        turn.events.size() >= kEventsATurn || executor_.has_news() || jump.count() != 0;
    if (more) continue;
    Timestamp until = std::min(next_wake(parts_.rollout, turn.now), executor_.next_due());
    // Nothing is under way, nothing is due and nobody can give an order: this is as far as it goes.
    if (until >= kNever && executor_.in_progress() == 0 && parts_.orders == nullptr) return {};
    if (parts_.orders != nullptr) until = std::min(until, parts_.orders->ask_again(turn.now));
    parts_.clock.wait(until);
    for (Reporter* reporter : parts_.reporters) reporter->tick(parts_.clock.now(), parts_.rollout);
  }
}

bool Engine::finished() const {
  const Rollout& rollout = parts_.rollout;
  if (leave_ || rollout.at_rest()) return true;
  return rollout.stopping() && rollout.running_actions() == 0;
}

void Engine::add(Turn& turn, Event event, Output output) {
  parts_.rollout.apply(event, turn.now);
  if (parts_.journal != nullptr) {
    turn.records.push_back(encode(parts_.rollout.schedule(), event, turn.now));
    if (output.total_bytes > 0)
      turn.outputs.push_back({turn.records.size() - 1, std::move(output)});
  }
  turn.events.push_back({0, turn.now, std::move(event)});
}

void Engine::take_observations(Turn& turn) {
  for (Observation& observation : executor_.take(turn.now)) {
    add(turn, std::move(observation.event), std::move(observation.output));
  }
}

void Engine::take_orders(Turn& turn) {
  if (parts_.orders == nullptr) return;
  for (IncomingOrder& pending : parts_.orders->pending()) {
    // A controller died between its event and its file: the answer is what that event says.
    if (auto refusal = parts_.rollout.refusal_of(pending.id)) {
      turn.answered.emplace_back(pending.id, std::move(*refusal));
      continue;
    }
    pending.order.by.order = pending.id;
    auto events = to_events(parts_.rollout, parts_.subjects, pending.order, turn.now);
    if (events) {
      for (Event& event : *events) add(turn, std::move(event));
      turn.answered.emplace_back(pending.id, "");
    } else {
      add(turn, OrderRefused{pending.order.verb, events.error().message, pending.order.by});
      turn.answered.emplace_back(pending.id, events.error().message);
    }
  }
}

void Engine::decide_all(Turn& turn) {
  while (turn.events.size() < kEventsATurn) {
    auto event = decide(parts_.rollout, turn.now);
    if (!event) return;
    add(turn, std::move(*event));
  }
}

// An order that is carried out already makes no event, and is answered all the same.
Result<> Engine::commit(Turn& turn) {
  const auto answer = [&] {
    for (const auto& [id, why] : turn.answered) parts_.orders->answer(id, why.empty(), why);
  };
  if (mutated(Mutation::answers_before_append)) answer();
  if (parts_.journal != nullptr && !turn.records.empty()) {
    if (auto appended = parts_.journal->append(turn.records, turn.outputs); !appended)
      return appended;
  }
  for (std::size_t i = 0; i < turn.events.size(); ++i) {
    turn.events[i].seq = turn.records.empty() ? ++seq_ : turn.records[i].seq;
  }
  if (!mutated(Mutation::answers_before_append)) answer();
  return {};
}

void Engine::show(const Turn& turn) {
  if (turn.events.empty()) return;
  const auto broken = [&](Reporter* reporter) {
    try {
      reporter->report(turn.events, parts_.rollout);
      return false;
    } catch (const std::exception& error) {
      spdlog::warn("a view failed and is dropped: {}", error.what());
      return true;
    }
  };
  std::erase_if(parts_.reporters, broken);
}

}  // namespace sitewide
