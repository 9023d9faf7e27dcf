// What the report begins and ends with: the outcome in a sentence, its numbers as cards, the facts
// that name the rollout. Pure.
#pragma once

#include <string>

#include "orchestrator/views/report.h"
#include "orchestrator/views/report_groups.h"

namespace sitewide {

/// The outcome, and what can be done about it.
std::string verdict_html(const GroupFacts& group, const ReportFacts& facts);
/// Plan, who, when, how long, exit code.
std::string header_facts_html(const GroupFacts& group, const ReportFacts& facts);
/// How many clients are where.
std::string cards_html(const GroupFacts& group);
/// Digests, files, controllers and the journal: what an auditor compares.
std::string record_html(const GroupFacts& group, const ReportFacts& facts, std::size_t events);
/// The plan's bytes as they were; empty when they are not known.
std::string plan_html(const Schedule& schedule, const ReportFacts& facts);

}  // namespace sitewide
