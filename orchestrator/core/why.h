// Why: for anything that waits, one sentence with its numbers and the next event. Pure: the time is
// passed in. Every view shows these sentences, so that they say the same everywhere.
//
// Names and reasons in them are escaped. Costs O(groups + sites) unless `thorough` is asked for.
#pragma once

#include <string>

#include "orchestrator/core/rollout.h"

namespace sitewide {

struct WhyOptions {
  /// Whether a controller drives the rollout at present.
  bool controlled = true;
  /// Look at each client of a big group too, to say what those that converge wait for: O(clients of
  /// the group). Small waves are looked at anyway.
  bool thorough = false;
};

/// What the rollout, site, group, wave or client waits for, and what happens next; when it waits
/// for nothing, where it stands. Never empty; no full stop at the end.
std::string why(const Rollout& rollout, const Subject& subject, Timestamp now,
                const WhyOptions& options = {});

/// What an operator can do about a rollout that is paused, halted or interrupted, as commands;
/// empty when nothing is to be done.
std::string what_to_do(const Rollout& rollout, const WhyOptions& options = {});

/// An instant as a person near it in time reads it: `14:00:05 UTC` within the hour, `14:00 UTC` on
/// the same day, else `2026-11-24 14:00 UTC`.
std::string describe_moment(Timestamp at, Timestamp now);

}  // namespace sitewide
