// What an adapter is asked to do and what it answers, as plain values that could travel: Subject,
// Action, Outcome, Answer. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>

#include "orchestrator/core/step.h"
#include "orchestrator/core/time.h"

namespace sitewide {

/// What an event is about. `index` counts in the schedule; for a wave, `wave` counts from 0 in
/// group `index`; a gate is the `position`-th after that wave, or before the group when `wave` is
/// UINT32_MAX.
struct Subject {
  enum class Kind : std::uint8_t { rollout, site, group, wave, client, gate };
  Kind kind = Kind::rollout;
  std::uint32_t index = 0;
  std::uint32_t wave = 0;
  std::uint32_t position = 0;

  friend auto operator<=>(const Subject&, const Subject&) = default;

  static Subject rollout() { return {}; }
  static Subject site(std::uint32_t index) { return {Kind::site, index, 0}; }
  static Subject group(std::uint32_t index) { return {Kind::group, index, 0}; }
  static Subject wave_of(std::uint32_t group, std::uint32_t wave) {
    return {Kind::wave, group, wave};
  }
  static Subject client(std::uint32_t index) { return {Kind::client, index, 0}; }
  static Subject gate(std::uint32_t group, std::uint32_t wave, std::uint32_t position) {
    return {Kind::gate, group, wave, position};
  }
};

/// Why an action is launched.
enum class Purpose : std::uint8_t {
  execute,  ///< do the step
  poll,     ///< look once whether a watch step (is_watch) holds; read-only
  recover,  ///< the attempt is in doubt: find out what became of it; changes nothing
  abandon,  ///< as recover, but the deadline is over: make sure the attempt can no longer start,
            ///< then say what it did
};

/// One call of an adapter. The same subject, step and attempt name the same attempt, whatever the
/// purpose.
struct Action {
  Subject subject;
  Step step = Step::inspect;
  std::uint32_t attempt = 1;
  Purpose purpose = Purpose::execute;
  Timestamp deadline = kNever;

  friend bool operator==(const Action&, const Action&) = default;
};

/// What a program printed: the first 8 KiB and the last 56 KiB of stdout and stderr together.
struct Output {
  std::string head;
  std::string tail;               ///< empty unless something was left out or the head was full
  std::uint64_t total_bytes = 0;  ///< what the program really wrote
};

/// How an attempt ended, and why.
struct Outcome {
  OutcomeKind kind = OutcomeKind::ok;
  /// For a person, escaped already or escaped by the view; empty when there is nothing to say.
  std::string reason;
  /// The program's own code; -1 when none ran or it was ended by a signal. Never mapped onto ours.
  int exit_code = -1;
  /// inspect: every planned file is in place already.
  bool on_target = false;
  /// ok, but found on looking back: the attempt itself never reported.
  bool recovered = false;
  /// What was learnt, by name: `copy_list_version`, `setup_phase`, `orphans`, `written` … Small.
  std::map<std::string, std::string> facts;
};

/// An adapter's answer to one Action.
struct Answer {
  enum class Kind : std::uint8_t {
    done,       ///< the attempt ended: see outcome
    pending,    ///< poll: does not hold yet. recover: still running. outcome.reason says what it
                ///< waits for
    in_doubt,   ///< execute: it may or may not have taken effect (timed out, connection lost in the
                ///< middle); recover: still cannot tell, usually because the subject cannot be
                ///< reached
    no_effect,  ///< recover, abandon: it did not take effect and never will
  };
  Kind kind = Kind::done;
  Outcome outcome;
  /// pending: do not ask again before this; zero (the epoch) means the step's own poll interval.
  Timestamp ask_again{};
  Output output;
};

}  // namespace sitewide
