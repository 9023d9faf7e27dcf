#include "orchestrator/views/report.h"

#include "orchestrator/base/text.h"
#include "orchestrator/views/history.h"
#include "orchestrator/views/report_causes.h"
#include "orchestrator/views/report_clients.h"
#include "orchestrator/views/report_groups.h"
#include "orchestrator/views/report_head.h"
#include "orchestrator/views/report_html.h"
#include "orchestrator/views/report_log.h"
#include "orchestrator/views/report_page.h"
#include "orchestrator/views/report_timeline.h"

namespace sitewide {
namespace {

struct Section {
  std::string id, title, body;
};

std::string navigation(const std::vector<Section>& sections) {
  std::string text = "<nav aria-label=\"Sections\"><ul>\n";
  for (const Section& section : sections)
    text += "<li><a href=\"#" + section.id + "\">" + section.title + "</a></li>\n";
  return text + "</ul></nav>\n";
}

std::string clients_body(const Rollout& rollout, const History& history, const ClientData& data,
                         const ReportFacts& facts) {
  const std::string rule =
      "Output of programs is shown to " + with_separators(facts.output_limit) +
      " bytes an attempt, beginning and end, and to " +
      std::to_string(kOutputBytesMax / 1024 / 1024) + " MB in all; clients in need come first." +
      (data.output_left_out ? " That limit was reached: `sitewide log` has the rest." : "");
  return "<div id=\"clients-table\"></div>\n<p class=\"screen soft\">" + rule +
         "</p>\n<noscript><p>This page's script does not run: what follows is the plain "
         "list.</p></noscript>\n<div class=\"paper\">" +
         plain_client_table(rollout, history) + "</div>\n";
}

std::string progress_body(const Rollout& rollout, std::span<const JournaledEvent> events,
                          const ReportFacts& facts) {
  const std::string note =
      facts.planned.empty()
          ? ""
          : "<p class=\"soft\">The forecast is what `sitewide preview` would have said when the "
            "rollout was created: nothing goes wrong, and approvals are given at once.</p>\n";
  return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Burn-up chart\">" +
         progress_svg(rollout.schedule().clients.size(), progress_of(rollout.schedule(), events),
                      facts.planned) +
         "</div>\n" + note;
}

}  // namespace

std::string html_report(const Schedule& schedule, const Rollout& rollout,
                        std::span<const JournaledEvent> events, const OutputLookup& outputs,
                        const ReportFacts& facts) {
  const Summary summary = summarize(rollout, facts.controlled);
  const History history = fold_history(schedule, events);
  const std::vector<Reason> causes = causes_of(rollout, history);
  const ClientData data = client_data(rollout, history, causes, outputs, facts.output_limit);
  const Timestamp now = facts.written == Timestamp{} ? rollout.last_event() : facts.written;
  WhyOptions why;
  why.controlled = facts.controlled;
  why.thorough = true;
  const GroupFacts group{rollout, summary, history, now, why};

  std::vector<Section> sections{
      {"groups", "Groups",
       groups_html(group) + "<h3>What each had to reach</h3>\n" + gates_html(group)},
      {"timeline", "Timeline",
       timeline_html(schedule, history, facts.controlled ? now : history.end)},
      {"progress", "Progress", progress_body(rollout, events, facts)},
      {"endings", "Every client, once", endings_html(rollout)},
      {"causes", "What went wrong",
       causes_html(rollout, history, causes, outputs, facts.output_limit)},
      {"clients", "Clients", clients_body(rollout, history, data, facts)},
      {"actions", "Orders and approvals", actions_html(schedule, history)},
      {"events", "Events", events_html(schedule, events, facts.events_shown)},
      {"record", "Record", record_html(group, facts, events.size()) + plan_html(schedule, facts)}};
  if (!schedule.sites.empty())
    sections.insert(sections.begin() + 1, {"sites", "Sites", sites_html(group)});

  const std::string name = html(summary.id.empty() ? schedule.name : summary.id);
  std::string page =
      page_begin("Rollout " + name + ": " + html(spoken(name_of(summary.state))) + " · Sitewide");
  page += "<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header>\n<h1>Rollout " + name +
          "</h1>\n" + verdict_html(group, facts) + header_facts_html(group, facts) + "</header>\n" +
          navigation(sections) + "<main id=\"main\">\n" + cards_html(group);
  for (const Section& section : sections)
    page += html_section(section.id, section.title, section.body);
  page += "</main>\n<footer>Times are UTC. Written " + html_time(now) +
          (facts.version.empty() ? "" : " by sitewide " + html(facts.version)) + ".</footer>\n";
  return page + page_end(data.json);
}

}  // namespace sitewide
