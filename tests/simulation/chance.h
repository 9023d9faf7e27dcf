// Chance: what goes wrong, and where, from the seed. Every throw belongs to a place (a client's
// attempt, a controller's n-th touch of the world, an operator's n-th order), not to a sequence: a
// mishap that is left out changes nothing else by itself. That is what makes a failing seed small.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/dice.h"

namespace sitewide::simulation {

/// What can go wrong, or be done by people.
enum class Mishap : std::uint8_t {
  fails,             ///< a step ends badly
  half_done,         ///< and leaves half of its work behind
  late_failure,      ///< it did its work and ends badly all the same
  unreachable,       ///< the subject does not answer
  refuses,           ///< the step is not for this subject
  lies,              ///< it says ok and did nothing
  answer_lost,       ///< it arrives and does its work, and nobody hears of it
  launch_late,       ///< it arrives long after its timeout
  never_answers,     ///< neither an answer nor an end
  answer_twice,      ///< the same answer twice
  delivered_twice,   ///< the same launch arrives twice
  poll_fails,        ///< a look says no for good
  look_blind,        ///< a look sees nothing
  look_slow,         ///< a look takes minutes
  client_off,        ///< switched off for a while, or for good
  vanishes,          ///< goes off around its trigger: just before or just after
  client_broken,     ///< never takes what it is offered
  component_in_use,  ///< takes it hours later
  is_current,        ///< had the files before
  server_lags,       ///< a logon server gets its files hours later
  server_never,      ///< or never
  lists_late,        ///< new copy lists come hours later
  crash,             ///< the controller dies
  journal_error,     ///< a commit fails: nobody knows whether it is there
  leaves,            ///< asked to leave at once
  stops,             ///< asked to stop
  clock_jumps,
  order,          ///< an operator's
  tampered,       ///< somebody changes a client that was proven
  slow_carrier,   ///< what runs elsewhere arrives long after its timeout
  outlives_look,  ///< it arrives, or goes on, though a look found nothing and no record was kept
  sick,           ///< upgraded, the client does not do well: for hours, or for good
  meddled,        ///< somebody changes a client in the middle of the rollout
  site_meddled,   ///< or a site
};
inline constexpr std::size_t kMishaps = 34;
std::string_view name_of(Mishap mishap);

/// Names one place where something may go wrong.
using Spot = std::uint64_t;
constexpr Spot spot(std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0,
                    std::uint64_t d = 0) {
  std::uint64_t value = 0x51ed270b0a1fULL;
  for (const std::uint64_t part : {a, b, c, d}) {
    value = (value ^ part) * 0xbf58476d1ce4e5b9ULL;
    value ^= value >> 29;
  }
  return value;
}

/// One that happened.
struct Struck {
  Mishap mishap;
  Spot spot;
  friend auto operator<=>(const Struck&, const Struck&) = default;
};

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : seed_(seed) {}

  /// How often, in a thousand. Zero: never.
  void set(Mishap mishap, std::uint32_t per_mille) { shares_[index(mishap)] = per_mille; }
  std::uint32_t share(Mishap mishap) const { return shares_[index(mishap)]; }
  /// These do not happen.
  void leave_out(const std::set<Struck>& what) { left_out_ = &what; }

  bool strikes(Mishap mishap, Spot where) { return strikes(mishap, where, share(mishap)); }
  bool strikes(Mishap mishap, Spot where, std::uint32_t per_mille);
  /// Throws that belong to the place: durations, choices.
  Dice dice(Spot where) const { return Dice(spot(seed_, where)); }

  const std::array<std::uint32_t, kMishaps>& counts() const { return counts_; }
  /// What happened, in order, each once.
  const std::vector<Struck>& struck() const { return struck_; }
  std::uint32_t total() const;

 private:
  static std::size_t index(Mishap mishap) { return static_cast<std::size_t>(mishap); }

  std::uint64_t seed_;
  std::array<std::uint32_t, kMishaps> shares_{};
  std::array<std::uint32_t, kMishaps> counts_{};
  std::vector<Struck> struck_;
  const std::set<Struck>* left_out_ = nullptr;
};

/// A seed's weather: each mishap often, seldom or never.
void make_weather(Chance& chance, Dice& dice);

}  // namespace sitewide::simulation
