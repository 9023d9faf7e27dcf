// ClientCourse: one client's way through a rollout in a line: when it was begun, triggered and
// proven, its last attempt and its reason. What tables of clients are made of. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "orchestrator/core/rollout.h"
#include "orchestrator/views/history.h"

namespace sitewide {

struct ClientCourse {
  std::size_t attempts = 0;               ///< of all its steps, those of a rollback included
  const AttemptHistory* last = nullptr;   ///< the latest attempt; null when none was made
  std::optional<Timestamp> started;       ///< its first attempt began
  std::optional<Timestamp> ended;         ///< its last attempt ended; nothing while one is open
  std::optional<Timestamp> triggered_at;  ///< its first trigger or upgrade began, or the force that
                                          ///< reached it
  std::optional<Timestamp> proven_at;     ///< of clients on target alone: its files were last seen
};

/// `history` outlives what is returned.
ClientCourse course_of(const Rollout& rollout, const History& history, std::uint32_t client);

/// Why the client is not on target; empty when it is, or when nobody said.
std::string reason_of(const Rollout& rollout, const History& history, std::uint32_t client);

}  // namespace sitewide
