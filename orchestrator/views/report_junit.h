// The report as JUnit XML, for pipelines that show test results: a suite a group with a case a
// client, and a suite `site steps` with a case a site. Pure but for the lookup it is given.
#pragma once

#include <span>
#include <string>

#include "orchestrator/views/report.h"

namespace sitewide {

/// XML 1.0 in UTF-8 whatever bytes clients and operators wrote. A client on target passes; one that
/// failed, was lost, put back or needs hands is a failure; one that was triggered and has no
/// outcome yet is an error, for nobody knows what it holds; all others, late ones too, are skipped.
/// Failures and errors carry what the last program printed, at most `output_limit` bytes each and
/// eight megabytes in all.
std::string junit_report(const Rollout& rollout, std::span<const JournaledEvent> events,
                         const OutputLookup& outputs, std::size_t output_limit = 2000);

}  // namespace sitewide
