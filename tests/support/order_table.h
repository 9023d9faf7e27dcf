// The table of orchestrator/README.md: every order in every state of a rollout. Tests bring a
// rollout into each state, give each order, and compare the README with this.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "orchestrator/core/order.h"

namespace sitewide {

/// A column.
enum class Situation : std::uint8_t {
  running,
  soaking,
  awaiting_approval,
  paused,
  halted,
  acknowledged,
  halted_after_rollback,
  rolling_back,
  aborting,
  aborting_with_rollback,
  interrupted,
  completed,
  completed_with_failures,
  rolled_back,
  needs_hands,
  aborted,
};
inline constexpr std::size_t kSituations = 16;

inline constexpr std::array<std::string_view, kSituations> kSituationNames = {
    "running",
    "soaking",
    "awaiting approval",
    "paused",
    "halted",
    "halted, acknowledged",
    "halted after a rollback",
    "rolling back",
    "aborting",
    "aborting with rollback",
    "interrupted",
    "completed",
    "completed with failures",
    "rolled back",
    "needs hands",
    "aborted",
};

/// A row. `cells`: `yes`, `so` (it is so already), a letter of kReasons, and for an interrupted
/// rollout `waits` (until somebody resumes it) or `resumes` (it starts a controller itself).
struct OrderRow {
  std::string_view words;  ///< as a person types it
  std::string_view name;   ///< in the names of tests
  std::string_view verb, subject, approval_or_policy;
  std::array<std::string_view, kSituations> cells;
};

/// Why an order is refused: what the refusal says, in the README's words and as a part of the
/// message.
struct Reason {
  std::string_view letter, words, part;
};

inline constexpr std::array kReasons = {
    Reason{"a", "the rollout is halted", "the rollout is halted"},
    Reason{"b", "the rollout is rolling back", "the rollout is rolling back"},
    Reason{"c", "the rollout is being aborted", "the rollout is being aborted"},
    Reason{"d", "the rollout has ended, and how", "the rollout has ended: "},
    Reason{"e", "the group's failures are over its budget: retry or acknowledge them first",
           "1 failed, 0 tolerated; retry or acknowledge them first"},
    Reason{"f", "no client failed, was lost, restored or late, or needs hands",
           "there is nothing to try again"},
    Reason{"g", "no failures are beyond the budget", "no failures beyond the budget"},
    Reason{"h", "another rollback is running", "a rollback is running"},
    Reason{"i", "nothing there was triggered and not yet put back",
           "there is nothing to roll back"},
    Reason{"k", "nothing drives the rollout: `sitewide resume` does", "has no controller"},
};

// Of groups `a` (three clients, one at a time), `b` (after it and an approval, not begun) and `c`
// (one client, upgraded). Halts are for a failure of `a` that is over its budget.
inline constexpr std::array kOrderTable = {
    OrderRow{"pause",
             "Pause",
             "pause",
             "",
             "",
             {"yes", "yes", "yes", "so", "a", "a", "a", "b", "c", "c", "waits", "d", "d", "d", "d",
              "d"}},
    OrderRow{
        "continue",
        "Continue",
        "continue",
        "",
        "",
        {"so", "so", "so", "yes", "e", "yes", "e", "b", "c", "c", "k", "d", "d", "d", "d", "d"}},
    OrderRow{"abort",
             "Abort",
             "abort",
             "",
             "drain",
             {"yes", "yes", "yes", "yes", "yes", "yes", "yes", "yes", "so", "yes", "waits", "d",
              "d", "d", "d", "d"}},
    OrderRow{"abort --policy cancel",
             "AbortCancel",
             "abort",
             "",
             "cancel",
             {"yes", "yes", "yes", "yes", "yes", "yes", "yes", "yes", "yes", "yes", "waits", "d",
              "d", "d", "d", "d"}},
    OrderRow{"abort --policy rollback",
             "AbortRollback",
             "abort",
             "",
             "rollback",
             {"yes", "yes", "yes", "yes", "yes", "yes", "yes", "yes", "yes", "so", "waits", "d",
              "d", "d", "d", "d"}},
    OrderRow{"approve GROUP NAME",
             "Approve",
             "approve",
             "b",
             "board",
             {"yes", "yes", "yes", "yes", "yes", "yes", "yes", "yes", "c", "c", "waits", "d", "d",
              "d", "d", "d"}},
    OrderRow{"skip GROUP",
             "SkipGroup",
             "skip",
             "b",
             "",
             {"yes", "yes", "yes", "yes", "yes", "yes", "yes", "yes", "c", "c", "waits", "d", "d",
              "d", "d", "d"}},
    OrderRow{"skip CLIENT",
             "SkipClient",
             "skip",
             "b1",
             "",
             {"yes", "yes", "yes", "yes", "yes", "yes", "yes", "yes", "c", "c", "waits", "d", "d",
              "d", "d", "d"}},
    OrderRow{
        "retry",
        "Retry",
        "retry",
        "",
        "",
        {"f", "f", "f", "f", "yes", "yes", "yes", "b", "c", "c", "waits", "d", "d", "d", "d", "d"}},
    OrderRow{
        "acknowledge",
        "Acknowledge",
        "acknowledge",
        "",
        "",
        {"g", "g", "g", "g", "yes", "g", "yes", "yes", "c", "c", "waits", "d", "d", "d", "d", "d"}},
    OrderRow{"rollback",
             "Rollback",
             "rollback",
             "",
             "",
             {"yes", "yes", "yes", "yes", "yes", "yes", "yes", "h", "c", "so", "resumes", "yes",
              "yes", "i", "yes", "yes"}},
    OrderRow{"rollback --group GROUP",
             "RollbackGroup",
             "rollback",
             "c",
             "",
             {"yes", "yes", "yes", "yes", "yes", "yes", "yes", "h", "c", "h", "resumes", "yes",
              "yes", "i", "yes", "yes"}},
    OrderRow{"rollback --client CLIENT",
             "RollbackClient",
             "rollback",
             "c1",
             "",
             {"yes", "yes", "yes", "yes", "yes", "yes", "yes", "h", "c", "h", "resumes", "yes",
              "yes", "i", "yes", "yes"}},
};

inline Order order_of(const OrderRow& row) {
  return {std::string(row.verb),
          std::string(row.subject),
          std::string(row.approval_or_policy),
          0,
          {"ann", "desk", "because"}};
}

}  // namespace sitewide
