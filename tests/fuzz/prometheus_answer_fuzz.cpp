// What a server answers to a query: whatever it is, it is judged, and no evidence never passes.
#include "adapters/prometheus_answer.h"
#include "orchestrator/base/text.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {

void prometheus_answer(std::string_view input) {
  const auto samples = parse_prometheus(input);
  if (!samples) {
    const std::string& why = samples.error().message;
    holds(!why.empty() && !has_control_character(why), "a refusal says why, escaped", input);
    return;
  }
  Inquiry inquiry;
  inquiry.at_least = "0.5";
  inquiry.at_most = "1";
  const Outcome outcome = judge_samples(*samples, inquiry);
  holds(!outcome.reason.empty() && !has_control_character(outcome.reason),
        "a verdict says why, escaped", input);
  bool within = !samples->empty();
  for (const Sample& sample : *samples) within = within && sample.value >= 0.5 && sample.value <= 1;
  holds((outcome.kind == OutcomeKind::ok) == within, "it passes if each value is within", input);
}

}  // namespace sitewide::fuzz
