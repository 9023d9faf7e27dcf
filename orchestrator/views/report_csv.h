// The report as a table for spreadsheets and scripts: one row a client, in the order of the plan's
// groups and waves. views/README.md has the columns. Pure.
#pragma once

#include <span>
#include <string>

#include "orchestrator/core/rollout.h"
#include "orchestrator/views/reporter.h"

namespace sitewide {

/// CSV as RFC 4180 has it: a header row, CRLF line ends, UTF-8 without a byte-order mark. What came
/// from clients and operators is escaped, and a cell that a spreadsheet would take for a formula
/// begins with an apostrophe. `events`: the whole journal; `rollout` has all of them applied.
std::string csv_report(const Rollout& rollout, std::span<const JournaledEvent> events);

}  // namespace sitewide
