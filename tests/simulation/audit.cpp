#include "tests/simulation/audit.h"

#include <algorithm>

#include "orchestrator/core/decide.h"
#include "orchestrator/core/event_codec.h"
#include "orchestrator/core/recount.h"
#include "orchestrator/core/window.h"

namespace sitewide::simulation {
namespace {

// True for events that decide() answers; the others are facts and orders.
bool is_decision(const Event& event) {
  if (const auto* rollback = std::get_if<RollbackStarted>(&event)) return rollback->by.user.empty();
  if (const auto* paused = std::get_if<Paused>(&event)) return paused->by.user.empty();
  if (const auto* continued = std::get_if<Continued>(&event)) return continued->by.user.empty();
  return std::holds_alternative<StepStarted>(event) ||
         std::holds_alternative<RetryScheduled>(event) ||
         std::holds_alternative<ClientQueued>(event) ||
         std::holds_alternative<ClientSettled>(event) ||
         std::holds_alternative<ForcedWithoutBackup>(event) ||
         std::holds_alternative<Warned>(event) || std::holds_alternative<Breached>(event) ||
         std::holds_alternative<Halted>(event) || std::holds_alternative<GroupStarted>(event) ||
         std::holds_alternative<WaveStarted>(event) || std::holds_alternative<WavePassed>(event) ||
         std::holds_alternative<GroupPassed>(event) || std::holds_alternative<GateOpened>(event) ||
         std::holds_alternative<GatePassed>(event) ||
         std::holds_alternative<RollbackFinished>(event) ||
         std::holds_alternative<RateRaised>(event) ||
         std::holds_alternative<SuccessWithdrawn>(event) ||
         std::holds_alternative<RolloutEnded>(event);
}

std::string words(const Record& record) {
  return format_timestamp(record.at) + " " + record.kind + " " + record.subject + " " +
         record.step + " " + record.outcome + " " + record.detail;
}

bool is_end(ClientState state) {
  return state == ClientState::upgraded || state == ClientState::already_current ||
         state == ClientState::late || state == ClientState::failed || state == ClientState::lost ||
         state == ClientState::restored || state == ClientState::needs_hands ||
         state == ClientState::skipped;
}

}  // namespace

Audit::Audit(const Schedule& schedule, Violations& violations, bool thorough)
    : schedule_(schedule),
      subjects_(schedule),
      rollout_(schedule),
      violations_(violations),
      thorough_(thorough) {}

void Audit::must(bool holds, const std::string& what, int invariant) {
  if (!holds) violations_.add(invariant, what + " at " + at_);
}

void Audit::turn(std::span<const Record> records) {
  for (const Record& record : records) {
    if (violations_.empty())
      at_ = thorough_ ? words(record)
                      : std::string(record.kind) + " " + record.subject + " " + record.step;
    const auto decoded = decode(subjects_, record);
    must(decoded.has_value(), "a record that cannot be read", 1);
    if (!decoded) return;
    if (thorough_) {
      Record again = encode(schedule_, *decoded, record.at);
      again.seq = record.seq;
      if (again != record)
        must(false, "a record that changes when written again: " + words(again), 1);
    }
    event(record, *decoded);
  }
  news_ = true;
  after_turn();
}

void Audit::event(const Record& record, const Event& event) {
  now_ = record.at;
  if (thorough_ && is_decision(event)) derive(record, event);
  if (const auto* started = std::get_if<StepStarted>(&event)) before(*started);
  if (const auto* finished = std::get_if<StepFinished>(&event)) before_finished(*finished);
  if (const auto* passed = std::get_if<WavePassed>(&event)) before_wave_passed(*passed);
  if (const auto* started = std::get_if<RollbackStarted>(&event)) before_rollback(*started);
  if (const auto* breached = std::get_if<Breached>(&event)) {
    const AskingRecord& asking = rollout_.group(breached->group).asking;
    must(breached->failed > breached->tolerated ||
             (asking.answered && asking.last == OutcomeKind::failed),
         "a breach within the budget");
  }
  if (const auto* started = std::get_if<GroupStarted>(&event)) {
    for (const std::uint32_t earlier : schedule_.groups[started->group].after) {
      const GroupState state = rollout_.group(earlier).state;
      must(state == GroupState::passed || state == GroupState::skipped,
           "a group starts before one that it comes after");
    }
  }
  if (const auto* started = std::get_if<WaveStarted>(&event)) {
    const GroupRecord& group = rollout_.group(started->group);
    must(started->wave == group.wave && !group.wave_open, "a wave starts out of turn");
    const std::size_t gates = schedule_.groups[started->group].plan.after_wave.size();
    must(started->wave == 0 || group.gate == gates, "a wave starts before its gates");
  }
  if (std::holds_alternative<RollbackFinished>(event)) before_rollback_finished();
  if (const auto* ended = std::get_if<RolloutEnded>(&event)) before_end(ended->result);
  rollout_.apply(event, record.at);
  if (!thorough_) return;
  for (const std::string& wrong : recount(rollout_)) must(false, wrong, 2);
}

// A copy that never decided before, all its marks set, must come to the same decision.
void Audit::derive(const Record& record, const Event& event) {
  const Rollout copy = rollout_;
  const auto decided = decide(copy, record.at);
  if (!decided) return must(false, "a replay decides nothing", 2);
  Record other = encode(schedule_, *decided, record.at);
  other.seq = record.seq;
  (void)event;
  if (other != record) must(false, "a replay decides otherwise: " + words(other), 2);
}

void Audit::before(const StepStarted& started) {
  const Rollout& r = rollout_;
  must(!r.stopping(), "a start while the controller leaves");
  must(r.unprobed() == 0, "a start while an attempt in doubt was not looked for");
  const bool watch = is_watch(started.step);
  const bool back = started.step == Step::restore || started.step == Step::unstage ||
                    started.step == Step::force_originals;
  must(watch || !r.paused(), "a start while paused");
  must(watch || back || (!r.halted() && !r.aborted()),
       "a start of the plan while halted or aborted");
  must(!r.winds_down(), "a start after an abort");
  if (started.subject.kind == Subject::Kind::client) before_client(started);
  if (started.step == Step::force) {
    const std::uint32_t lane = r.next_force(started.subject.index);
    must(lane != kNone, "a force for nobody");
    if (lane == kNone) return;
    must(any_open(schedule_, lane, now_), "a force outside its window");
    must(r.lane(lane).unprepared == 0, "a force before its clients are prepared");
  }
}

void Audit::before_client(const StepStarted& started) {
  const std::uint32_t c = started.subject.index;
  const ClientRecord& client = rollout_.client(c);
  const ScheduledGroup& plan = rollout_.owner_plan(c);
  const GroupRecord& group = rollout_.group(rollout_.owner_group(c));
  must(started.attempt == client.attempts[static_cast<std::size_t>(started.step) -
                                          static_cast<std::size_t>(Step::inspect)] +
                              1U,
       "an attempt that does not count on");
  if (started.step == Step::restore) return before_restore(c);
  if (started.step == Step::converge_originals) return;
  // One that was triggered goes on when only an earlier wave is put back.
  const bool stands = client.trigger_order != 0 || started.step == Step::recheck;
  must(schedule_.wave_of(c) <= group.wave || stands, "a client of a wave to come");
  must(schedule_.wave_of(c) < group.wave || group.wave_open || client.counted_late ||
           client.position > 0 || stands,
       "a client of a wave that is over");
  if (is_watch(started.step)) return;
  must(group.running - group.restoring < plan.plan.in_flight, "more than in_flight");
  if (is_trigger(started.step)) before_trigger(started);
}

void Audit::before_trigger(const StepStarted& started) {
  const std::uint32_t c = started.subject.index;
  const std::uint32_t g = rollout_.owner_group(c);
  const ScheduledGroup& plan = schedule_.groups[g];
  const std::uint32_t s = schedule_.lanes[schedule_.owner_lane(c)].site;
  must(s == kNone || rollout_.site(s).phase == SiteRecord::Phase::ready,
       "a trigger before its site is ready");
  must(any_open(schedule_, schedule_.owner_lane(c), now_), "a trigger outside its window");
  const bool strict = schedule_.wave_of(c) == 0 ? plan.strict_first : plan.strict_later;
  if (!strict) return;
  // Counted anew: triggered clients that may still fail, this one included.
  std::uint32_t at_risk = 1;
  for (std::uint32_t other = 0; other < schedule_.clients.size(); ++other) {
    const ClientRecord& client = rollout_.client(other);
    // One that was off when a force reached it is late until it is seen.
    const bool open =
        (client.state == ClientState::triggered || client.state == ClientState::converging) &&
        !client.late_at_force;
    if (other != c && rollout_.owner_group(other) == g && open) ++at_risk;
  }
  const GroupRecord& group = rollout_.group(g);
  must(group.failed + at_risk <= plan.tolerate_failed + group.acknowledged + 1 ||
           rollout_.client(c).counted_unproven,
       "a strict wave could fail by more than its budget and one: " + std::to_string(group.failed) +
           " failed, " + std::to_string(at_risk) + " at risk, " + std::to_string(group.unproven) +
           " unproven");
}

void Audit::before_restore(std::uint32_t c) {
  const ClientRecord& client = rollout_.client(c);
  must(client.trigger_order != 0, "a restore of a client that was never triggered");
  if (!rollout_.rollback().running || client.tries > 0 || client.once_more ||
      joined_late_.contains(c))
    return;
  if (rollout_.undone_by_site(c)) return;
  for (std::uint32_t other = 0; other < schedule_.clients.size(); ++other) {
    const ClientRecord& newer = rollout_.client(other);
    const bool waits = newer.to_restore && !newer.open && newer.step == Step::restore &&
                       newer.tries == 0 && !newer.once_more && rollout_.in_rollback_scope(other) &&
                       rollout_.owner_group(other) == rollout_.owner_group(c);
    // One that had to end what it did first joins the queue late.
    const std::uint32_t s = schedule_.site_of(other);
    const bool forced = s != kNone && rollout_.site(s).step >= Step::force &&
                        rollout_.site(s).step <= Step::regenerate;  // it waits for new copy lists
    must(!waits || forced || rollout_.undone_by_site(other) ||
             newer.trigger_order <= client.trigger_order || joined_late_.contains(other),
         "a restore before a newer one");
  }
}

void Audit::before_finished(const StepFinished& finished) {
  const auto open = rollout_.open_attempt(finished.subject);
  must(open && open->step == finished.step && open->attempt == finished.attempt,
       "an end without a start");
  // It is restored when its site's files are there again: in any order.
  if (finished.step == Step::converge_originals) joined_late_.insert(finished.subject.index);
}

void Audit::before_wave_passed(const WavePassed& passed) {
  const GroupRecord& group = rollout_.group(passed.group);
  const ScheduledGroup& plan = schedule_.groups[passed.group];
  must(group.failed <= plan.tolerate_failed + group.acknowledged,
       "a wave passes over its budget of failures");
  must(group.late <= plan.tolerate_late, "a wave passes over its budget of late clients");
  std::uint32_t good = 0, skipped = 0, all = 0;
  for (std::uint32_t c = 0; c < schedule_.clients.size(); ++c) {
    if (rollout_.owner_group(c) != passed.group || schedule_.wave_of(c) != passed.wave) continue;
    const ClientState state = rollout_.client(c).state;
    must(rollout_.client(c).settled, "a wave passes without one of its clients");
    ++all;
    if (state == ClientState::upgraded || state == ClientState::already_current) ++good;
    if (state == ClientState::skipped) ++skipped;
  }
  const bool needed = passed.wave == 0 || passed.wave < group.prove_until;
  must(!needed || good > 0 || skipped == all, "no evidence passes");
}

// Whoever is outside the scope and holds the new files, or may take them, must not be downgraded.
void Audit::before_rollback(const RollbackStarted& started) {
  joined_late_.clear();
  for (std::uint32_t c = 0; c < schedule_.clients.size(); ++c) {
    const ClientRecord& client = rollout_.client(c);
    if (client.open && !is_watch(client.step)) joined_late_.insert(c);
    const bool undone = std::find(started.undo_sites.begin(), started.undo_sites.end(),
                                  schedule_.site_of(c)) != started.undo_sites.end();
    if (!undone) continue;
    const std::uint32_t g = rollout_.owner_group(c);
    const bool named = started.scope == Scope::rollout ||
                       (started.scope == Scope::client && started.subject.index == c) ||
                       (started.scope == Scope::group && started.subject.index == g) ||
                       (started.scope == Scope::wave && started.subject.index == g &&
                        started.subject.wave == schedule_.wave_of(c));
    const bool current = client.state == ClientState::already_current;
    must(!current && (named || client.trigger_order == 0),
         "a site is undone under client " + std::string(schedule_.clients.name(c)));
  }
}

void Audit::before_rollback_finished() {
  for (std::uint32_t c = 0; c < schedule_.clients.size(); ++c) {
    const ClientRecord& client = rollout_.client(c);
    if (!rollout_.in_rollback_scope(c)) continue;
    const bool done = client.trigger_order == 0 || client.state == ClientState::needs_hands;
    must(done, "a rollback ends without client " + std::string(schedule_.clients.name(c)));
  }
}

void Audit::before_end(RolloutState result) {
  const bool whole =
      result == RolloutState::completed || result == RolloutState::completed_with_failures;
  must(rollout_.open_actions() == 0 || rollout_.winds_down(), "an end while something runs");
  for (std::uint32_t c = 0; c < schedule_.clients.size(); ++c) {
    const ClientRecord& client = rollout_.client(c);
    const std::string name(schedule_.clients.name(c));
    if (whole) must(is_end(client.state), name + " has no end");
    if (whole) must(!client.to_restore, name + " waits for its originals");
    if (result == RolloutState::completed) {
      must(client.state == ClientState::upgraded || client.state == ClientState::already_current ||
               client.state == ClientState::skipped,
           name + " is not complete");
    }
    if (result == RolloutState::rolled_back)
      must(client.trigger_order == 0, name + " is not rolled back");
  }
}

void Audit::after_turn() {
  if (thorough_) return;
  for (const std::string& wrong : recount(rollout_)) must(false, wrong, 2);
}

void Audit::waits(Timestamp now) {
  if (!news_ || !thorough_) return;
  news_ = false;
  const Rollout copy = rollout_;
  const auto decided = decide(copy, now);
  if (decided)
    must(false,
         "a controller waits although there is to decide: " +
             words(encode(schedule_, *decided, now)),
         2);
  if (!decided) sleeps(now);
}

// Nothing is to be decided before the instant that a controller wakes for.
void Audit::sleeps(Timestamp now) {
  const Timestamp wake = next_wake(rollout_, now);
  const Timestamp last = wake < kNever ? wake - Duration(1) : now + std::chrono::hours(24 * 30);
  for (const Timestamp at : {now + (last - now) / 2, last}) {
    const Rollout copy = rollout_;
    const auto decided = at > now ? decide(copy, at) : std::nullopt;
    if (!decided) continue;
    return must(false,
                "there is something to decide before the controller wakes: " +
                    words(encode(schedule_, *decided, at)),
                2);
  }
}

void Audit::compare(const Rollout& live) {
  const std::string mine = state_text(rollout_), theirs = state_text(live);
  if (mine == theirs) return;
  std::size_t from = 0;
  while (from < mine.size() && from < theirs.size() && mine[from] == theirs[from]) ++from;
  const std::size_t line = mine.rfind('\n', from);
  must(false,
       "a replay differs:" + mine.substr(line, mine.find('\n', line + 1) - line) +
           "\n  live:" + theirs.substr(line, theirs.find('\n', line + 1) - line),
       2);
}

}  // namespace sitewide::simulation
