// What the report says of groups and sites: how each stands, what it had to reach and what it
// reached. Pure.
#pragma once

#include <string>

#include "orchestrator/core/summary.h"
#include "orchestrator/core/why.h"
#include "orchestrator/views/history.h"

namespace sitewide {

/// What the tables are made of; all outlive the calls.
struct GroupFacts {
  const Rollout& rollout;
  const Summary& summary;
  const History& history;
  Timestamp now;
  WhyOptions why;
};

/// A row a group.
std::string groups_html(const GroupFacts& facts);
/// A row a gate and a budget: what had to hold, what was reached, and the verdict.
std::string gates_html(const GroupFacts& facts);
/// A row a site; empty when the plan has none.
std::string sites_html(const GroupFacts& facts);
/// Where every client ended, each counted once.
std::string endings_html(const Rollout& rollout);

}  // namespace sitewide
