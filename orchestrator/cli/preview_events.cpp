#include "orchestrator/cli/preview_events.h"

#include "orchestrator/base/text.h"
#include "orchestrator/views/json_lines.h"
#include "orchestrator/views/wording.h"

namespace sitewide {

std::string preview_events_text(const Schedule& schedule, const Forecast& forecast) {
  std::string text = "\nexpected events:\n";
  for (const JournaledEvent& event : forecast.events)
    text += "  " + format_timestamp(event.at) + "  " + sentence(schedule, event.event) + "\n";
  return text;
}

std::string preview_events_json(const Schedule& schedule, const Forecast& forecast) {
  std::string text;
  for (const JournaledEvent& event : forecast.events) {
    const std::string line = json_event(schedule, event);  // ends in a line feed
    text += R"({"v":1,"type":"preview.event","event":)" + line.substr(0, line.size() - 1) + "}\n";
  }
  return text;
}

}  // namespace sitewide
