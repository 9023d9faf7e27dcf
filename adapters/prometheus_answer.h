// What Prometheus answers to an instant query (its HTTP API, `/api/v1/query`): JSON with a vector
// of series, or one scalar. The text comes from outside and is judged strictly. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/core/outcome.h"
#include "orchestrator/core/plan.h"

namespace sitewide {

/// One series of the result, at the time of the query.
struct Sample {
  std::string series;  ///< `up{instance="a:1",job="tills"}`; empty for a scalar. Not escaped
  double value = 0;    ///< may be infinite or no number (NaN)
};

/// The samples of an answer's body; none: the result is empty. An error says in words what is wrong
/// with it: not JSON, not a query's answer, Prometheus' own error, a result that is no vector or
/// scalar.
Result<std::vector<Sample>> parse_prometheus(std::string_view body);

/// What the samples say of the bounds: ok, failed with the worst of those outside, or inconclusive
/// (none, where that does not fail, or one that is no number).
Outcome judge_samples(const std::vector<Sample>& samples, const Inquiry& inquiry);

/// The body of the request, a form: `query=`, and every byte that could mean something else written
/// as `%XX`.
std::string query_form(std::string_view query);

}  // namespace sitewide
