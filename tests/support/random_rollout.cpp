#include "tests/support/random_rollout.h"

#include <memory>

#include "orchestrator/core/event_codec.h"
#include "orchestrator/core/recount.h"
#include "orchestrator/core/schedule_codec.h"
#include "orchestrator/engine/engine.h"
#include "tests/support/fake_world.h"
#include "tests/support/random_plan.h"
#include "tests/support/rollout_check.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::uint32_t kMostEvents = 30000;
constexpr std::uint32_t kMostTurns = 200000;
constexpr std::uint32_t kMostControllers = 60;

// One controller's view of the journal: it dies at the commit it is told to.
class DyingJournal : public Journal {
 public:
  DyingJournal(std::vector<Record>& durable, RolloutCheck& check)
      : durable_(durable), check_(check) {}

  Result<> append(std::span<Record> records, std::span<const OutputRecord>) override {
    const bool dies = commits_left_ == 0;
    if (dies && lost_) return Error{ErrorKind::journal, "killed before the commit"};
    if (commits_left_ > 0) --commits_left_;
    for (Record& record : records)
      record.seq = static_cast<std::int64_t>(durable_.size()) + 1, durable_.push_back(record);
    check_.turn(records);
    if (dies || durable_.size() > kMostEvents)
      return Error{ErrorKind::journal, "killed after the commit"};
    return {};
  }
  void die_after(int commits, bool lost) { commits_left_ = commits, lost_ = lost; }

 private:
  std::vector<Record>& durable_;
  RolloutCheck& check_;
  int commits_left_ = -1;
  bool lost_ = false;
};

// Gives random orders at random times, and helps when a human is waited for.
class Operator : public OrderSource, public Reporter {
 public:
  Operator(const Schedule& schedule, Dice& dice, FakeWorld& world, std::uint32_t orders)
      : schedule_(schedule), dice_(dice), world_(world), left_(orders) {
    next_ = world_.now() + dice_.up_to(hours(3));
  }

  std::vector<IncomingOrder> pending() override {
    std::vector<IncomingOrder> orders;
    if (world_.now() >= tired_) want(order("continue"));
    if (left_ > 0 && world_.now() >= next_) {
      --left_;
      next_ = world_.now() + dice_.up_to(dice_.half() ? hours(5) : minutes(10));
      add(orders, random_order());
    }
    for (Order& order : wanted_) add(orders, std::move(order));
    wanted_.clear();
    return orders;
  }
  void answer(const std::string&, bool, const std::string&) override {}
  Timestamp ask_again(Timestamp now) override {
    if (!wanted_.empty()) return now;
    return std::min(tired_, left_ > 0 ? next_ : kNever);
  }
  // A pause does not last for ever.
  void report(std::span<const JournaledEvent>, const Rollout& rollout) override {
    if (!rollout.paused()) {
      tired_ = kNever;
    } else if (tired_ == kNever) {
      tired_ = world_.now() + hours(12);
    }
  }

  void want(Order order) { wanted_.push_back(std::move(order)); }
  bool wants() const { return !wanted_.empty() || left_ > 0; }

  Order order(std::string verb, std::string subject = {}, std::string name = {}) const {
    return {std::move(verb), std::move(subject), std::move(name), 0, {"root", "here", "because"}};
  }

  // What a human who wants it to end would say, looking at it.
  void help(const Rollout& rollout) {
    if (rollout.paused()) want(order("continue"));
    for (std::uint32_t g = 0; g < schedule_.groups.size(); ++g) {
      const GroupRecord& group = rollout.group(g);
      if (!group.gate_open || group.state != GroupState::awaiting_approval) continue;
      const std::string& name = schedule_.groups[g].plan.name;
      const Group& plan = schedule_.groups[g].plan;
      const Gate& gate = (group.started ? plan.after_wave : plan.before)[group.gate];
      want(order("approve", group.started ? name + "/" + std::to_string(group.wave) : name,
                 gate.approval));
    }
  }

  // And at a halt: accept, try again, roll back or give up.
  void help_halted(const Rollout& rollout, bool give_up) {
    if (give_up) return want(order("abort", "", dice_.half() ? "drain" : "rollback"));
    switch (dice_.below(4)) {
      case 0:
        want(order("acknowledge"));
        break;
      case 1:
        want(order("retry"));
        break;
      case 2:
        want(order("rollback", rollout.schedule().groups[0].plan.name));
        return;
      case 3:
        break;
    }
    want(order("continue"));
  }

 private:
  void add(std::vector<IncomingOrder>& orders, Order order) {
    orders.push_back({std::to_string(++given_), std::move(order)});
  }
  std::string some_group() {
    return schedule_.groups[dice_.below(static_cast<std::uint32_t>(schedule_.groups.size()))]
        .plan.name;
  }
  std::string some_client() {
    return std::string(schedule_.clients.name(dice_.below(schedule_.clients.size())));
  }

  Order random_order() {
    switch (dice_.below(14)) {
      case 0:
        return order("pause");
      case 1:
      case 2:
        return order("continue");
      case 3:
        return order("abort", "", dice_.half() ? "drain" : "rollback");
      case 4:
        return order("approve", some_group(), "board");
      case 5:
        return order("skip", some_group());
      case 6:
      case 7:
        return order("skip", some_client());
      case 8:
        return order("retry", dice_.half() ? "" : some_group());
      case 9:
        return order("retry", some_client());
      case 10:
        return order("acknowledge", dice_.half() ? "" : some_group());
      case 11:
        return order("rollback", dice_.half() ? "" : some_group());
      case 12:
        return order("rollback", some_client());
      default:
        return order("pause");
    }
  }

  const Schedule& schedule_;
  Dice& dice_;
  FakeWorld& world_;
  std::uint32_t left_;
  Timestamp next_{};
  Timestamp tired_ = kNever;
  std::vector<Order> wanted_;
  std::uint32_t given_ = 0;
};

class Run {
 public:
  Run(const RandomRollout& what, Schedule schedule)
      : what_(what),
        schedule_(std::move(schedule)),
        subjects_(schedule_),
        dice_(what.seed + 5),
        world_(schedule_, simulation_start(), what.seed),
        check_(schedule_),
        operator_(schedule_, dice_, world_, what.orders && dice_.half() ? dice_.below(8) : 0) {}

  RandomResult run() {
    while (fence_ < kMostControllers && violations().empty()) {
      if (controller()) break;
    }
    result_.violations = violations();
    if (fence_ >= kMostControllers) result_.violations.emplace_back("too many controllers");
    result_.event_count = static_cast<std::uint32_t>(durable_.size());
    result_.controllers = fence_;
    if (what_.keep_events) {
      for (const Record& record : durable_) {
        result_.events.push_back(format_timestamp(record.at) + " " + record.kind + " " +
                                 record.subject + " " + record.step + " " +
                                 (record.attempt > 0 ? std::to_string(record.attempt) : "") + " " +
                                 record.outcome + " " + record.detail);
      }
    }
    return std::move(result_);
  }

 private:
  std::vector<std::string> violations() const {
    std::vector<std::string> all = check_.violations();
    all.insert(all.end(), world_.violations().begin(), world_.violations().end());
    all.insert(all.end(), own_.begin(), own_.end());
    return all;
  }

  // One controller from its start to its end or death; true when the rollout needs no other.
  bool controller() {
    Rollout rollout(schedule_);
    for (const Record& record : durable_) rollout.apply(*decode(subjects_, record), record.at);
    check_.compare(rollout);
    DyingJournal journal(durable_, check_);
    const bool dies = what_.crashes && fence_ < 20 && dice_.per_mille(500);
    if (dies)
      journal.die_after(static_cast<int>(dice_.below(dice_.half() ? 10 : 150)), dice_.half());
    Engine engine({rollout, subjects_, world_, world_, &journal, &operator_, {&operator_}});
    Looker looker{*this, rollout, engine};
    world_.on_parked = [&] { looker.parked(); };
    world_.on_wait = [&] {
      if (durable_.size() < kMostEvents) check_.waits(world_.now());
      if (!what_.crashes || fence_ > 20) return;
      if (dice_.per_mille(1)) world_.move_clock(dice_.up_to(hours(6)) - hours(3));
      if (dice_.per_mille(1)) engine.leave();
      if (dice_.per_mille(2)) engine.stop("asked to");
    };
    const auto ran = engine.run(opening(rollout));
    world_.controller_died();
    if (!ran) return durable_.size() > kMostEvents ? say("no end of events") : crashed(rollout);
    check_.compare(rollout);
    if (rollout.ended()) return ended(rollout);
    if (leaving_) return true;
    if (!rollout.at_rest()) {
      return rollout.stopping() || what_.crashes ? crashed(rollout)
                                                 : say("the engine left for no reason");
    }
    operator_.help_halted(rollout, ++halts_ > 6);
    world_.pass(dice_.up_to(hours(2)));
    return false;
  }

  struct Looker {
    Run& run;
    const Rollout& rollout;
    Engine& engine;
    // Nothing is under way and nothing is due: only a human can move it.
    void parked() {
      run.operator_.help(rollout);
      if (run.operator_.wants()) return;
      run.say("stuck: " + std::string(name_of(rollout.state())) + " " + rollout.halt_reason() +
              (run.what_.keep_events ? state_text(rollout) : ""));
      run.leaving_ = true;
      engine.leave();
    }
  };

  bool say(std::string what) {
    own_.push_back(std::move(what));
    return true;
  }

  std::vector<Event> opening(const Rollout& rollout) {
    std::vector<Event> first;
    if (durable_.empty()) {
      RolloutCreated created;
      created.id = "random-1";
      first.emplace_back(created);
    }
    ControllerStarted started;
    started.fence = ++fence_;
    if (!durable_.empty()) started.idle = world_.now() - rollout.last_event();
    first.emplace_back(started);
    if (rollout.ended()) {
      const bool group = dice_.half();
      const Order back = operator_.order("rollback", group ? schedule_.groups[0].plan.name : "");
      auto events = to_events(rollout, subjects_, back, world_.now());
      for (Event& event : *events) first.push_back(std::move(event));
    }
    return first;
  }

  bool crashed(const Rollout&) {
    world_.pass(dice_.half() ? dice_.up_to(minutes(1)) : dice_.up_to(hours(3)));
    return false;
  }

  bool ended(const Rollout& rollout) {
    result_.end = name_of(rollout.state());
    for (std::uint32_t c = 0; c < schedule_.clients.size(); ++c) truth(rollout, c);
    if (rollout.state() == RolloutState::rolled_back) {
      for (std::uint32_t s = 0; s < schedule_.sites.size(); ++s) {
        if (world_.site(s).staged) say("rolled back, and a site is staged");
      }
    }
    // An ended rollout may still be rolled back.
    if (!what_.orders || ended_ > 2 || dice_.half()) return true;
    ++ended_;
    world_.pass(dice_.up_to(hours(2)));
    return false;
  }

  // What is reported of a client is so.
  void truth(const Rollout& rollout, std::uint32_t c) {
    const ClientState state = rollout.client(c).state;
    const FakeWorld::Client& real = world_.client(c);
    const std::string name(schedule_.clients.name(c));
    const ScheduledGroup& plan = rollout.owner_plan(c);
    const bool proves = plan.plan.method != Method::command || !plan.plan.command.verify.empty();
    if (state == ClientState::upgraded && proves && !real.has_new) say(name + " is not upgraded");
    if (state == ClientState::already_current && !real.has_new) say(name + " is not current");
    const bool forced =
        schedule_.site_of(c) != kNone && rollout.site(schedule_.site_of(c)).ever_forced;
    if (state == ClientState::restored && !forced && (real.has_new || real.armed))
      say(name + " is not restored");
  }

  const RandomRollout what_;
  Schedule schedule_;
  SubjectIndex subjects_;
  Dice dice_;
  FakeWorld world_;
  RolloutCheck check_;
  Operator operator_;
  std::vector<Record> durable_;
  std::uint32_t fence_ = 0;
  std::uint32_t halts_ = 0;
  std::uint32_t ended_ = 0;
  bool leaving_ = false;
  std::vector<std::string> own_;
  RandomResult result_;
};

}  // namespace

RandomResult run_random_rollout(const RandomRollout& what) {
  Dice dice(what.seed);
  auto schedule = random_schedule(dice);
  if (!schedule) return {};
  auto copy = decode_schedule(encode_schedule(*schedule));
  if (!copy) return {{"the schedule cannot be read: " + copy.error().message}, {}, {}, 0, 0};
  return Run(what, std::move(*copy)).run();
}

}  // namespace sitewide
