// Operator: people at their terminals. They give random orders at random times, and when nothing
// can go on without them they say what brings the rollout to an end. One thread; borrows the world.
#pragma once

#include <functional>

#include "orchestrator/engine/order_source.h"
#include "orchestrator/views/reporter.h"
#include "tests/simulation/world.h"

namespace sitewide::simulation {

class Operator : public OrderSource, public Reporter {
 public:
  /// `orders`: how many random ones there are to be.
  Operator(const Schedule& schedule, Chance& chance, World& world, std::uint32_t orders);

  std::vector<IncomingOrder> pending() override;
  void answer(const std::string& id, bool accepted, const std::string& why) override;
  Timestamp ask_again(Timestamp now) override;
  void report(std::span<const JournaledEvent> events, const Rollout& rollout) override;

  /// Another controller: it finds the orders that were not answered.
  void lifeline(Lifeline* life) { life_ = life; }
  /// What a human who wants it to end would say, looking at it.
  void help(const Rollout& rollout);
  void help_halted(const Rollout& rollout, bool give_up);
  bool wants() const { return !waiting_.empty() || given_ < orders_; }
  Order order(std::string verb, std::string subject = {}, std::string name = {}) const;
  std::uint32_t given() const { return given_; }

  bool nameless = false;  ///< a deliberate fault: orders of nobody
  std::function<void(const IncomingOrder& order, bool accepted)> on_answer;

 private:
  void want(Order order);
  Order random_order(Dice dice) const;
  std::string some_policy(Dice& dice) const;
  std::string some_group(Dice& dice) const;
  std::string some_client(Dice& dice) const;
  Timestamp due() const { return given_ < orders_ ? next_ : kNever; }  // true time

  const Schedule& schedule_;
  Chance& chance_;
  World& world_;
  Lifeline* life_ = nullptr;
  std::uint32_t orders_, given_ = 0, ids_ = 0, helped_ = 0;
  Timestamp next_{};
  Timestamp tired_ = kNever;  // of a pause
  std::vector<IncomingOrder> waiting_;
};

}  // namespace sitewide::simulation
