#include "orchestrator/views/report_log.h"

#include <deque>

#include "orchestrator/base/text.h"
#include "orchestrator/views/report_html.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

// The event's sentence without who and why, which have columns of their own.
std::string sentence_without_actor(const Schedule& schedule, Event event) {
  std::visit(
      []<class Kind>(Kind& e) {
        if constexpr (requires { e.by.user; }) e.by = {};
      },
      event);
  return sentence(schedule, event);
}

std::string level_html(Level level) {
  switch (level) {
    case Level::error:
      return "<span class=\"state bad\">✖&nbsp;error</span>";
    case Level::warning:
      return "<span class=\"state warn\">⚠&nbsp;warning</span>";
    case Level::info:
    case Level::debug:
      break;
  }
  return std::string(name_of(level));
}

}  // namespace

std::string actions_html(const Schedule& schedule, const History& history) {
  if (history.actions.empty()) return "<p>No operator gave an order.</p>\n";
  HtmlTable table("Orders and approvals", {"when", "who", "what", "why"});
  for (const JournaledEvent& event : history.actions) {
    const Actor& by = *actor_of(event.event);
    table.row(
        {html_time(event.at), html(by.host.empty() ? by.user : by.user + " on " + by.host),
         html(sentence_without_actor(schedule, event.event)),
         by.reason.empty() ? "<span class=\"soft\">no reason given</span>" : html(by.reason)});
  }
  return table.take();
}

std::string events_html(const Schedule& schedule, std::span<const JournaledEvent> events,
                        std::size_t shown) {
  std::deque<const JournaledEvent*> last;
  std::uint64_t left_out = 0;
  for (const JournaledEvent& event : events) {
    if (level_of(event.event) == Level::debug) continue;
    last.push_back(&event);
    if (last.size() <= shown) continue;
    last.pop_front();
    ++left_out;
  }
  HtmlTable table("Events", {"seq#", "when", "level", "event"}, false);
  for (const JournaledEvent* event : last) {
    table.row({std::to_string(event->seq), html_time(event->at), level_html(level_of(event->event)),
               html(sentence(schedule, event->event))});
  }
  const std::string note =
      left_out == 0 ? "" : count_of(left_out, "earlier event") + " of that kind left out. ";
  return "<details><summary>" + count_of(last.size(), "event") +
         " that a person would follow</summary>\n<p>" + note +
         "Single attempts of clients stand with each client; `sitewide log` shows all.</p>\n" +
         table.take() + "</details>\n";
}

}  // namespace sitewide
