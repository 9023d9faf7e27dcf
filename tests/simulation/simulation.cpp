#include "tests/simulation/simulation.h"

#include <memory>

#include "orchestrator/core/event_codec.h"
#include "orchestrator/core/recount.h"
#include "orchestrator/core/schedule_codec.h"
#include "orchestrator/core/why.h"
#include "orchestrator/engine/engine.h"
#include "tests/simulation/run.h"

namespace sitewide::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::uint32_t kMostEvents = 30000;
constexpr std::uint32_t kMostControllers = 60;
constexpr std::uint32_t kMostIdleTurns = 2000;
constexpr Duration kLongest = hours(24 * 400);

}  // namespace

Run::Run(const Options& options, Schedule schedule)
    : options_(options),
      schedule_(std::move(schedule)),
      engine_schedule_(schedule_),
      layout_(schedule_),
      chance_(options.seed),
      world_(schedule_, layout_, simulation_start(), options.seed, weather(), options.bugs.world),
      thorough_(options.thorough.value_or(options.seed % 8 == 0)),
      judge_(schedule_, layout_, world_, violations_),
      people_(schedule_, chance_, world_, orders()) {
  violations_.only(options.only);
  if (options.bugs.schedule) options.bugs.schedule(engine_schedule_);
  subjects_ = std::make_unique<SubjectIndex>(engine_schedule_);
  audit_ = std::make_unique<Audit>(engine_schedule_, audit_violations_, thorough_);
  report_.on_disk = options.on_disk.value_or(options.seed % 64 == 1);
  store_ = report_.on_disk ? sqlite_store(engine_schedule_, simulation_start()) : memory_store();
  world_.witness = &judge_;
  people_.nameless = options.bugs.nameless_orders;
  people_.on_answer = [this](const IncomingOrder& order, bool accepted) {
    judge_.order_answered(order, accepted);
  };
}

Chance& Run::weather() {
  Dice dice(options_.seed + 77);
  if (!options_.calm) make_weather(chance_, dice);
  if (schedule_.name != kVarious) {
    for (const Mishap late :
         {Mishap::outlives_look, Mishap::sick, Mishap::meddled, Mishap::site_meddled})
      chance_.set(late, 0);
  }
  chance_.leave_out(options_.leave_out);
  return chance_;
}

std::uint32_t Run::orders() const {
  Dice dice(options_.seed + 5);
  return options_.orders && dice.half() ? dice.below(8) : 0;
}

Report Run::run() {
  report_.has_plan = true;
  while (fence_ < kMostControllers && violations_.empty() && audit_violations_.empty()) {
    if (controller()) break;
  }
  if (fence_ >= kMostControllers) violations_.add(23, "too many controllers");
  store_->inspect(durable_, violations_);
  for (const Violation& violation : audit_violations_.found()) {
    if (violations_.wants(violation.invariant))
      violations_.add(violation.invariant, violation.what);
  }
  report_.violations = violations_.found();
  report_.events = static_cast<std::uint32_t>(durable_.size());
  report_.controllers = fence_;
  report_.mishaps = chance_.counts();
  report_.met = world_.met();
  count_plan(schedule_, report_.met);
  report_.struck = chance_.struck();
  report_.records = std::move(durable_);
  return std::move(report_);
}

// A commit, with death just before it, just after it, or an error that leaves it open.
Result<> Run::Dying::append(std::span<Record> records, std::span<const OutputRecord> outputs) {
  if (!run.life_.touch()) return Error{ErrorKind::journal, "killed before the commit"};
  const bool error =
      run.chance_.strikes(Mishap::journal_error, spot(run.fence_, ++commits),
                          run.options_.crashes && run.fence_ < run.options_.most_deaths ? 3 : 0);
  const bool kept = !error || run.chance_.dice(spot(run.fence_, commits)).half();
  std::vector<Record> changed(records.begin(), records.end());
  if (run.options_.bugs.journal) run.options_.bugs.journal(changed);
  const bool forgets = run.options_.bugs.acknowledges_early && run.fence_ < 5 &&
                       run.chance_.dice(spot(9, run.durable_.size())).per_mille(100);
  if (kept && !forgets) {
    if (auto appended = inner->append(changed, outputs); !appended) return appended;
    run.take(changed);
  }
  if (error) run.life_.die();
  const bool dies = !run.life_.touch() || run.durable_.size() > kMostEvents;
  for (std::size_t i = 0; i < records.size() && i < changed.size(); ++i)
    records[i].seq = changed[i].seq;
  if (dies) return Error{ErrorKind::journal, "killed after the commit"};
  return {};
}

void Run::Watched::wait(Timestamp until) {
  World& world = run.world_;
  if (!run.life_.dead() && run.violations_.empty() && run.durable_.size() < kMostEvents)
    run.judge_.waits(until >= kNever ? kNever : until - (world.wall() - world.truly()));
  world.wait(until);
}

void Run::take(std::span<const Record> records) {
  durable_.insert(durable_.end(), records.begin(), records.end());
  if (options_.transcript) write_down(records);
  for (const Record& record : records) {
    if (record.kind == "breached" && breaches_abreast(record.subject))
      world_.meets(Kind::breach_abreast);
    if (record.kind == "retry_scheduled" && record.step == "restore" &&
        judge_.ledger().clients[layout_.client(record.subject.substr(7))].restores > 0)
      world_.meets(Kind::put_back_once_more);
    if (record.outcome == "timed_out" && record.step == "health") world_.meets(Kind::health_fails);
  }
  judge_.turn(records);
  if (violations_.empty()) audit_->turn(records);
}

// An SMS group breaches while another one is in the middle of a wave.
bool Run::breaches_abreast(const std::string& breached) const {
  const std::uint32_t group = layout_.group(breached.substr(breached.find('/') + 1));
  const auto is_sms = [&](std::uint32_t g) {
    return schedule_.groups[g].plan.method != Method::command;
  };
  if (group == kNone || !is_sms(group)) return false;
  for (std::uint32_t g = 0; g < schedule_.groups.size(); ++g) {
    const LedgerGroup& other = judge_.ledger().groups[g];
    if (g != group && is_sms(g) && other.waves_started > other.waves_passed) return true;
  }
  return false;
}

// One controller from its start to its end or death; true when the rollout needs no other.
bool Run::controller() {
  Rollout rollout(engine_schedule_);
  auto inner = store_->open([&](const Record& record) {
    const auto event = decode(*subjects_, record);
    if (event) rollout.apply(*event, record.at);
  });
  if (!inner) return say(1, "the journal cannot be opened again");
  if (audit_violations_.empty()) audit_->compare(rollout);
  if (rollout.ended() && !options_.orders) return ended(rollout);  // it died after the last event
  prepare_death(rollout);
  Dying journal(*this, std::move(inner));
  world_.lifeline(&life_);
  people_.lifeline(&life_);
  Watched clock(*this);
  Engine engine({rollout, *subjects_, world_, clock, &journal, &people_, {&people_}});
  std::uint32_t waits = 0;
  world_.on_parked = [&] { parked(rollout, engine); };
  world_.on_wait = [&] {
    if (life_.dead() || !violations_.empty()) return engine.leave();
    if (durable_.size() < kMostEvents) audit_->waits(world_.now());
    if (thorough_ && options_.seed % 16 == 0) audit_->compare(rollout);
    if (world_.truly() > simulation_start() + kLongest) {
      say(23, "no end in sight");
      engine.leave();
    }
    still_ = world_.truly() == waited_ ? still_ + 1 : 0;
    waited_ = world_.truly();
    if (still_ > kMostIdleTurns) {
      say(23, "turns without end, and no time passes");
      engine.leave();
    }
    interrupt(engine, ++waits);
  };
  const auto ran = engine.run(opening(rollout));
  if (!ran || life_.dead()) ++report_.deaths;
  if (options_.transcript && (!ran || life_.dead())) note("the controller is dead");
  const bool dead = !ran || life_.dead();
  life_ = Lifeline();
  world_.controller_died();
  judge_.controller_gone();
  if (!violations_.empty()) return true;
  if (dead && durable_.size() > kMostEvents) return say(23, "no end of events");
  if (dead) return passes(false);
  audit_->compare(rollout);
  if (rollout.ended()) return ended(rollout);
  if (leaving_) return true;
  if (!rollout.at_rest()) {
    return rollout.stopping() || options_.crashes ? passes(false)
                                                  : say(23, "the engine left for no reason");
  }
  judge_.halts(rollout);
  people_.help_halted(rollout, ++halts_ > 6);
  return passes(true);
}

void Run::prepare_death(const Rollout& rollout) {
  const std::uint32_t next = fence_ + 1;
  if (!options_.crashes || next > options_.most_deaths) return;
  if (!chance_.strikes(Mishap::crash, spot(next), rollout.rollback().running ? 700 : 500)) return;
  Dice dice = chance_.dice(spot(10, next));
  const std::uint32_t most = dice.half() ? 12 : dice.half() ? 60 : 500;
  life_.dies_after(dice.below(most));
}

void Run::interrupt(Engine& engine, std::uint32_t waits) {
  if (!options_.crashes || fence_ > options_.most_deaths) return;
  const Spot where = spot(11, fence_, waits);
  if (chance_.strikes(Mishap::clock_jumps, where, 2)) {
    Dice dice = chance_.dice(where);
    Duration by = dice.up_to(hours(6)) - hours(3);
    if (schedule_.name == kVarious && dice.per_mille(200)) {
      by = dice.up_to(hours(8 * 24)) - hours(4 * 24);
      world_.meets(Kind::long_jump);
    }
    world_.move_clock(by);
    if (options_.transcript) note("the clock jumps by " + std::to_string(by / minutes(1)) + " min");
  }
  if (chance_.strikes(Mishap::leaves, where, 1)) engine.leave();
  if (chance_.strikes(Mishap::stops, where, 2)) engine.stop("asked to");
}

// Nothing is under way and nothing is due: only a human can move it.
void Run::parked(const Rollout& rollout, Engine& engine) {
  people_.help(rollout);
  if (people_.wants()) return;
  say(23, "stuck: " + std::string(sitewide::name_of(rollout.state())) + ": " +
              why(rollout, Subject::rollout(), world_.now()));
  if (options_.transcript) note(state_text(rollout));
  leaving_ = true;
  engine.leave();
}

bool Run::say(int invariant, std::string what) {
  violations_.add(invariant, std::move(what));
  return true;
}

bool Run::passes(bool halted) {
  Dice dice = chance_.dice(spot(12, fence_));
  world_.pass(halted        ? dice.up_to(hours(2))
              : dice.half() ? dice.up_to(minutes(1))
                            : dice.up_to(hours(3)));
  return false;
}

std::vector<Event> Run::opening(const Rollout& rollout) {
  std::vector<Event> first;
  if (durable_.empty()) {
    RolloutCreated created;
    created.id = "random-1";
    first.emplace_back(created);
  }
  ControllerStarted started;
  started.fence = ++fence_;
  if (rollout.fence() > 0) started.idle = world_.now() - rollout.last_event();
  first.emplace_back(started);
  if (rollout.ended()) {
    const bool group = chance_.dice(spot(13, fence_)).half();
    const Order back = people_.order("rollback", group ? schedule_.groups[0].plan.name : "");
    auto events = to_events(rollout, *subjects_, back, world_.now());
    if (!events) return first;  // there is nothing to roll back
    for (Event& event : *events) first.push_back(std::move(event));
  }
  return first;
}

bool Run::ended(const Rollout& rollout) {
  report_.end = sitewide::name_of(rollout.state());
  report_.client_states.clear();
  for (const LedgerClient& client : judge_.ledger().clients)
    report_.client_states.push_back(client.state);
  judge_.reports(rollout);
  // An ended rollout may still be rolled back.
  if (!options_.orders || ended_ > 2 || chance_.dice(spot(14, ended_)).half()) return true;
  ++ended_;
  world_.pass(chance_.dice(spot(15, ended_)).up_to(hours(2)));
  return false;
}

void Run::note(const std::string& what) {
  report_.transcript.push_back(format_timestamp(world_.truly()) + "   -- " + what);
}

void Run::write_down(std::span<const Record> records) {
  for (const Record& record : records) {
    std::string line = format_timestamp(world_.truly()) + " " + std::to_string(record.seq) + " " +
                       record.kind + " " + record.subject;
    if (!record.step.empty()) line += " " + record.step + " #" + std::to_string(record.attempt);
    if (!record.outcome.empty()) line += " " + record.outcome;
    if (record.detail.size() > 2) line += " " + record.detail.substr(0, 200);
    const bool client = record.subject.starts_with("client/");
    const bool site = record.subject.starts_with("site/");
    const std::string name = record.subject.substr(record.subject.find('/') + 1);
    if (client) line += "   [" + world_.held_by(Subject::client(layout_.client(name))) + "]";
    if (site) line += "   [" + world_.held_by(Subject::site(layout_.site(name))) + "]";
    report_.transcript.push_back(std::move(line));
  }
}

Report simulate(const Options& options) {
  Report nothing;
  if (options.schedule) return Run(options, *options.schedule).run();
  Dice dice(options.seed);
  auto schedule = random_schedule(dice);
  if (!schedule) return nothing;
  auto copy = decode_schedule(encode_schedule(*schedule));
  if (copy) return Run(options, std::move(*copy)).run();
  nothing.violations.push_back({1, "the schedule cannot be read: " + copy.error().message});
  return nothing;
}

}  // namespace sitewide::simulation
