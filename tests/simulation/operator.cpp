#include "tests/simulation/operator.h"

#include <algorithm>

namespace sitewide::simulation {

using std::chrono::hours;
using std::chrono::minutes;

Operator::Operator(const Schedule& schedule, Chance& chance, World& world, std::uint32_t orders)
    : schedule_(schedule), chance_(chance), world_(world), orders_(orders) {
  next_ = world_.truly() + chance_.dice(spot(6)).up_to(hours(3));
}

Order Operator::order(std::string verb, std::string subject, std::string name) const {
  const Actor by = nameless ? Actor{} : Actor{"root", "here", "because"};
  return {std::move(verb), std::move(subject), std::move(name), 0, by};
}

void Operator::want(Order order) { waiting_.push_back({std::to_string(++ids_), std::move(order)}); }

std::vector<IncomingOrder> Operator::pending() {
  if (life_ != nullptr && !life_->touch()) return {};
  if (world_.truly() >= tired_) want(order("continue"));
  while (world_.truly() >= due()) {
    const Spot spot_of_order = spot(7, ++given_);
    Dice dice = chance_.dice(spot_of_order);
    next_ = world_.truly() + dice.up_to(dice.half() ? hours(5) : minutes(10));
    if (chance_.strikes(Mishap::order, spot_of_order, 1000)) want(random_order(dice));
  }
  return waiting_;
}

void Operator::answer(const std::string& id, bool accepted, const std::string&) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const IncomingOrder& order) { return order.id == id; });
  if (found == waiting_.end() || (life_ != nullptr && !life_->touch())) return;
  if (on_answer) on_answer(*found, accepted);
  waiting_.erase(found);
}

Timestamp Operator::ask_again(Timestamp now) {
  if (!waiting_.empty()) return now;
  const Timestamp next = std::min(tired_, due());
  return next >= kNever ? kNever : next + (world_.wall() - world_.truly());
}

// A pause does not last for ever.
void Operator::report(std::span<const JournaledEvent>, const Rollout& rollout) {
  if (!rollout.paused()) {
    tired_ = kNever;
  } else if (tired_ == kNever) {
    tired_ = world_.truly() + hours(12);
  }
}

void Operator::help(const Rollout& rollout) {
  if (rollout.paused()) want(order("continue"));
  for (std::uint32_t g = 0; g < schedule_.groups.size(); ++g) {
    const GroupRecord& group = rollout.group(g);
    if (!group.gate_open || group.state != GroupState::awaiting_approval) continue;
    const Group& plan = schedule_.groups[g].plan;
    const Gate& gate = (group.started ? plan.after_wave : plan.before)[group.gate];
    want(order("approve", group.started ? plan.name + "/" + std::to_string(group.wave) : plan.name,
               gate.approval));
  }
}

// At a halt: accept, try again, roll back or give up.
void Operator::help_halted(const Rollout& rollout, bool give_up) {
  Dice dice = chance_.dice(spot(8, ++helped_));
  if (give_up) return want(order("abort", "", some_policy(dice)));
  switch (dice.below(4)) {
    case 0:
      want(order("acknowledge"));
      break;
    case 1:
      want(order("retry"));
      break;
    case 2:
      return want(order("rollback", rollout.schedule().groups[0].plan.name));
    default:
      break;
  }
  want(order("continue"));
}

std::string Operator::some_policy(Dice& dice) const {
  if (dice.half()) return "rollback";
  return dice.half() ? "drain" : "cancel";
}

std::string Operator::some_group(Dice& dice) const {
  const auto groups = static_cast<std::uint32_t>(schedule_.groups.size());
  return schedule_.groups[dice.below(groups)].plan.name;
}

std::string Operator::some_client(Dice& dice) const {
  return std::string(schedule_.clients.name(dice.below(schedule_.clients.size())));
}

Order Operator::random_order(Dice dice) const {
  switch (dice.below(14)) {
    case 0:
    case 1:
      return order("continue");
    case 2:
      return order("abort", "", some_policy(dice));
    case 3:
      return order("approve", some_group(dice), "board");
    case 4:
      return order("skip", some_group(dice));
    case 5:
    case 6:
      return order("skip", some_client(dice));
    case 7:
      return order("retry", dice.half() ? "" : some_group(dice));
    case 8:
      return order("retry", some_client(dice));
    case 9:
      return order("acknowledge", dice.half() ? "" : some_group(dice));
    case 10:
      return order("rollback", dice.half() ? "" : some_group(dice));
    case 11:
      return order("rollback", some_client(dice));
    default:
      return order("pause");
  }
}

}  // namespace sitewide::simulation
