// World: sites and clients on a virtual clock, for the real engine to work on. It plays adapter and
// clock, goes wrong as Chance says, and keeps what is true apart from what it answers. It outlives
// controllers: what one of them started goes on, or dies with it. One thread; borrows everything.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "adapters/adapter.h"
#include "orchestrator/core/schedule.h"
#include "orchestrator/engine/clock.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/kinds.h"
#include "tests/simulation/layout.h"
#include "tests/simulation/lifeline.h"
#include "tests/simulation/truth.h"

namespace sitewide::simulation {

using Key = std::tuple<Subject, Step, std::uint32_t>;

/// One launch of a step that changes something.
struct Launch {
  enum class State : std::uint8_t { sent, running, ended, gone };
  State state = State::sent;
  bool takes = true;      ///< its effect will stand, or stands
  bool half = false;      ///< half of it will
  bool child = false;     ///< dies with its controller
  bool keyed = false;     ///< its client remembers its key: a second start does not run
  bool given_up = false;  ///< nobody waits for it any more, though it runs
  bool unheard = false;   ///< given up while its client could not be asked
  bool stray = false;     ///< a look called it off, and it arrives or goes on all the same
  std::uint32_t starts = 0;
  Timestamp ends{};
};

/// Told what really happens, as it happens.
class Witness {
 public:
  virtual ~Witness() = default;
  virtual void action_starts(const Action&) {}
  virtual void launch_begins(const Key&) {}
  virtual void client_changes(std::uint32_t, const Files&) {}  ///< with what it held before
};

/// Deliberate faults of the world itself, for tests of the checks.
struct WorldBugs {
  bool says_restored = false;        ///< a restore answers ok and does nothing
  bool backup_overwrites = false;    ///< a second backup replaces the first
  bool does_not_bury = false;        ///< "never took effect" of a launch that is still on its way
  bool hides_jumps = false;          ///< the clock is moved and nobody is told
  bool launches_twice = false;       ///< looks back by starting again
  bool half_is_ok = false;           ///< half an upgrade is proven
  bool forgets_looks = false;        ///< a look back is never answered
  bool calls_doubt_failure = false;  ///< whatever was in doubt is said to have failed
  bool leaves_services_stopped = false;  ///< whoever looks back at a site does not start them
  bool unseeded = false;                 ///< takes chance from elsewhere than the seed
};

class World : public Adapter, public Clock {
 public:
  World(const Schedule& schedule, const Layout& layout, Timestamp start, std::uint64_t seed,
        Chance& chance, const WorldBugs& bugs);

  void start(const Action& action, Answers& answers) override;
  void stop(const Action& action) override;
  void cancel(const Action& action) override;
  Timestamp now() override { return true_ + moved_; }
  void wait(Timestamp until) override;
  Duration jump() override;

  /// The time that nobody can set.
  Timestamp truly() const { return true_; }
  Timestamp wall() const { return true_ + moved_; }
  void move_clock(Duration by) { moved_ += by, jump_ += by; }
  void lifeline(Lifeline* life) { life_ = life; }
  /// Nobody takes answers any more; what was started goes on or dies.
  void controller_died();
  /// Lets time pass without a controller.
  void pass(Duration time) { run_until(true_ + time, false); }
  std::function<void()> on_wait, on_parked;
  Witness* witness = nullptr;

  const ClientTruth& client(std::uint32_t index) const { return clients_[index]; }
  const SiteTruth& site(std::uint32_t index) const { return sites_[index]; }
  const Files& planned() const { return planned_; }
  /// The client has every file that is planned for it.
  bool holds_planned(std::uint32_t c) const { return clients_[c].files == clients_[c].planned; }
  /// Upgraded, it does well.
  bool is_well(std::uint32_t c) const { return true_ >= clients_[c].well_from; }
  /// The client has what it shall have, besides its files: always, unless the plan configures it.
  bool is_set(std::uint32_t client) const;
  /// It has the files that it had, or what its undone site sent. Nobody knows of a file that the
  /// force brought, when nothing was kept, that it was not there before.
  bool has_files_back(std::uint32_t client) const;
  const std::map<Key, Launch>& launches() const { return launches_; }
  /// A gate was given this answer when it was asked for the `attempt`-th time.
  bool said(const Subject& gate, std::uint32_t attempt, OutcomeKind answer) const {
    return said_.contains({gate, attempt, answer});
  }
  bool off(const Subject& subject) const;
  /// Client actions that really run and that nobody gave up, by owner; restores apart.
  std::uint32_t running(std::uint32_t group, bool restores) const;
  /// What was met of what seldom comes together.
  const Met& met() const { return met_; }
  void meets(Kind kind) { ++met_[static_cast<std::size_t>(kind)]; }
  /// What a subject holds, for a person.
  std::string held_by(const Subject& subject) const;

 private:
  struct Pending {
    std::function<void()> happens;
    bool answer = false;  ///< dies with the controller
    Key key;
    Purpose purpose = Purpose::execute;
  };

  static Key key_of(const Action& action) { return {action.subject, action.step, action.attempt}; }
  Spot spot_of(const Action& action) const;
  void make_sites(Timestamp start);
  void make_clients(Timestamp start);
  void make_files(std::uint32_t client);
  void at(Timestamp when, Pending pending);
  void answer_at(Timestamp when, const Action& action, Answer answer);
  void print(const Action& action, Answer& answer);
  void run_until(Timestamp until, bool until_delivered);

  // --- world_steps.cpp: what an execution does ---
  void execute(const Action& action);
  void read(const Action& action, Timestamp end);
  void ask(const Action& action, Timestamp end);
  void launch(const Action& action, Timestamp end, Timestamp deadline);
  void begins(const Key& key);
  void ends(const Key& key);
  void take_effect(const Key& key, bool half);
  void take_site_effect(std::uint32_t site, Step step, bool half);
  void restore(std::uint32_t client, bool half);
  bool refuses(const Action& action) const;
  const SiteTruth* serves(std::uint32_t client) const;
  void site_changes(std::uint32_t site, bool lists);
  void expect_log_on(std::uint32_t client);
  void logs_on(std::uint32_t client);
  void arrive_in_order(const Subject& subject);
  void end_child(const Key& key);
  void vanish(const Action& action, Timestamp when);
  bool happens(Mishap mishap, const Action& action);

  // --- world_looks.cpp: what a look sees ---
  void look(const Action& action);
  Answer poll(const Action& action);
  Answer prove_again(const Action& action);
  Answer look_back(const Action& action);
  Answer look_back_unheard(const Action& action, Launch& launch);
  bool outlives_its_look(const Action& action, Launch& launch);
  bool takes_originals(std::uint32_t client) const;
  bool stands_restored(std::uint32_t client) const;
  /// What proves a client of a forced group besides its files: it has the new copy list.
  bool took_the_force(std::uint32_t c) const;
  bool holds(const Action& action) const;
  bool only_settings(std::uint32_t client) const;
  bool keeps_records(const Action& action) const;

  const Schedule& schedule_;
  const Layout& layout_;
  std::uint64_t seed_;
  Chance& chance_;
  WorldBugs bugs_;
  Timestamp true_;
  Duration moved_{}, jump_{};
  Files planned_;
  std::vector<ClientTruth> clients_;
  std::vector<SiteTruth> sites_;
  std::multimap<Timestamp, Pending> pending_;
  std::map<Key, Launch> launches_;
  std::set<Key> reads_;
  std::set<std::tuple<Subject, std::uint32_t, OutcomeKind>> said_;  ///< to gates
  std::map<Key, std::uint32_t> times_;  ///< how often each attempt was started or looked at
  std::vector<std::uint32_t> changes_;  ///< by site
  Answers* answers_ = nullptr;
  Lifeline* life_ = nullptr;
  bool delivered_ = false;
  Met met_{};
};

}  // namespace sitewide::simulation
