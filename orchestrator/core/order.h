// Orders: what an operator says to a rollout, from any terminal. An order is a small text that lies
// in the rollout's orders/ until its controller turns it into an event, or refuses it with the
// reason. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/core/rollout.h"
#include "orchestrator/core/subject_index.h"

namespace sitewide {

struct Order {
  std::string verb;  ///< pause, continue, abort, approve, skip, retry, acknowledge, rollback
  /// A group, `group/wave` (counted from 1) or client, by name; empty: the rollout. Where a group
  /// and a client may have one name, `group/NAME` and `client/NAME` say which.
  std::string subject;
  std::string name;         ///< approve: the approval's name; abort: the policy (AbortPolicy)
  std::uint32_t count = 0;  ///< acknowledge: how many
  Actor by;
  friend bool operator==(const Order&, const Order&) = default;
};

/// How long the rollout has been paused or halted and that was not counted yet.
Duration idle_time(const Rollout& rollout, Timestamp now);

std::string encode_order(const Order& order);
Result<Order> decode_order(std::string_view text);

/// What the order does to the rollout as it stands: the event to journal, or why it does not apply.
/// An order that is carried out already (pause while paused) answers no event: it is done.
Result<std::vector<Event>> to_events(const Rollout& rollout, const SubjectIndex& subjects,
                                     const Order& order, Timestamp now);

/// The one group or client, with `sites` also site, that the word of an order or a person means:
/// a name, or `client/NAME` and the like. Refused when there is none, and when there are several,
/// with what to say instead.
Result<Subject> subject_meant(const SubjectIndex& subjects, const std::string& word,
                              bool sites = false);

/// Whether an order to retry everything would find a client: after a site's step has failed there
/// may be none, and going on is all that it takes.
bool has_something_to_retry(const Rollout& rollout);

}  // namespace sitewide
