// The report: one HTML file about one rollout that needs no network and can be mailed. Plain HTML
// for what everybody reads; the clients lie in embedded JSON that a script shows, filters and
// sorts. Pure but for the lookup it is given.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "orchestrator/core/outcome.h"
#include "orchestrator/views/report_progress.h"
#include "orchestrator/views/reporter.h"

namespace sitewide {

/// What the program of the attempt that event `seq` ended printed; nothing when nothing was
/// captured.
using OutputLookup = std::function<std::optional<Output>(std::int64_t seq)>;

/// What the report says beside the rollout itself. Empty fields are left out.
struct ReportFacts {
  std::string version;                 ///< of the program that writes the report
  Digest chain_head;                   ///< all zero: unknown
  Timestamp written{};                 ///< when the report is made
  bool controlled = false;             ///< a controller drives the rollout at present
  std::optional<int> exit_code;        ///< of `status`
  std::string exit_meaning;            ///< that code in words
  std::string plan_text;               ///< the plan's bytes when the rollout was created
  std::vector<ProgressPoint> planned;  ///< what a preview foresees, from the first event on
  std::size_t output_limit = 2000;     ///< bytes of output shown an attempt
  std::size_t events_shown = 1000;     ///< the last so many notable events
};

/// `events`: the whole journal in order; `rollout` has all of them applied. `outputs` may be empty.
std::string html_report(const Schedule& schedule, const Rollout& rollout,
                        std::span<const JournaledEvent> events, const OutputLookup& outputs,
                        const ReportFacts& facts);

}  // namespace sitewide
