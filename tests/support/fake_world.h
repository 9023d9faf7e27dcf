// FakeWorld: sites and clients as bytes on a virtual clock, for the real engine to work on. It
// plays adapter and clock, goes wrong as its dice say, and keeps the truth apart from what it
// answers: whether a client holds the new files, and what really runs. It outlives controllers:
// what one started goes on when it is gone.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "orchestrator/core/schedule.h"
#include "orchestrator/engine/clock.h"
#include "tests/support/dice.h"

namespace sitewide {

/// How often things go wrong, each in a thousand.
struct Weather {
  std::uint32_t fails = 0, unreachable = 0, refuses = 0, in_doubt = 0, never = 0, lies = 0;
  std::uint32_t off = 0;  ///< clients that are switched off for a while
  std::uint32_t never_proven = 0;
  std::uint32_t site_fails = 0;
  std::uint32_t current = 0;  ///< clients that have the files already
};
Weather random_weather(Dice& dice);

class FakeWorld : public Adapter, public Clock {
 public:
  FakeWorld(const Schedule& schedule, Timestamp start, std::uint64_t seed);
  FakeWorld(const Schedule& schedule, Timestamp start, std::uint64_t seed, const Weather& weather);

  void start(const Action& action, Answers& answers) override;
  void stop(const Action& action) override;
  Timestamp now() override { return now_; }
  void wait(Timestamp until) override;
  Duration jump() override;

  /// The wall clock is set anew; the world goes on evenly.
  void move_clock(Duration by);
  /// The controller is gone: nobody takes answers; what it started goes on or dies.
  void controller_died();
  /// Lets time pass without a controller.
  void pass(Duration time);
  /// Called when nothing is under way and nothing is due.
  std::function<void()> on_parked;
  /// Called whenever the controller waits.
  std::function<void()> on_wait;
  /// What contradicts the contract, in words; empty while all is well.
  const std::vector<std::string>& violations() const { return violations_; }

  // --- the truth ---
  struct Client {
    bool current = false;  ///< had the files before we came
    bool has_new = false;  ///< holds the hotfix's files now
    bool armed = false;    ///< will take what its site offers, some time
    bool backed_up = false;
    Timestamp takes_at{};  ///< when it does
    Timestamp off_from = kNever, off_until{};
    bool never = false;  ///< never takes anything
  };
  struct Site {
    bool staged = false;       ///< the site server holds the hotfix
    bool servers_new = false;  ///< so do its logon servers
    Timestamp replicates_at{};
    Timestamp regenerates_at = kNever;
  };
  const Client& client(std::uint32_t index) const { return clients_[index]; }
  const Site& site(std::uint32_t index) const { return sites_[index]; }
  /// Client actions that really run, by the group that owns the client; restores apart.
  std::uint32_t running(std::uint32_t group, bool restores) const;

 private:
  using Key = std::tuple<Subject, Step, std::uint32_t>;
  enum class Effect : std::uint8_t { none, coming, stands };
  struct Pending {
    std::function<void()> happens;
    bool answer = false;  ///< dies with the controller
    Key key;
  };

  static Key key_of(const Action& action) { return {action.subject, action.step, action.attempt}; }
  void at(Timestamp when, Pending pending);
  void answer_at(Timestamp when, const Action& action, Answer answer);
  void execute(const Action& action);
  void look(const Action& action);
  Answer poll(const Action& action);
  Answer probe(const Action& action);
  void take_effect(const Action& action);
  void force(std::uint32_t site);
  bool off(const Subject& subject) const;
  void must(bool holds, const std::string& what);
  void check_start(const Action& action);
  Answer done(OutcomeKind kind, std::string reason = {}) const;

  const Schedule& schedule_;
  Dice dice_;
  Weather weather_;
  Timestamp now_;
  std::multimap<Timestamp, Pending> pending_;
  std::map<Key, Effect> effects_;
  std::set<Key> running_;
  std::vector<Client> clients_;
  std::vector<Site> sites_;
  Answers* answers_ = nullptr;
  Duration jump_{};
  std::vector<std::string> violations_;
};

}  // namespace sitewide
