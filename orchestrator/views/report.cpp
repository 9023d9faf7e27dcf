#include "orchestrator/views/report.h"

#include <algorithm>
#include <deque>

#include "orchestrator/base/text.h"
#include "orchestrator/core/reconciliation.h"
#include "orchestrator/core/summary.h"
#include "orchestrator/core/why.h"
#include "orchestrator/views/history.h"
#include "orchestrator/views/report_clients.h"
#include "orchestrator/views/report_page.h"
#include "orchestrator/views/report_timeline.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

std::string html(std::string_view text) { return html_escaped(escaped(text)); }

std::string seconds(Timestamp at) {
  return format_timestamp(std::chrono::floor<std::chrono::seconds>(at));
}

std::string_view tone_of(RolloutState state) {
  switch (state) {
    case RolloutState::completed:
      return "good";
    case RolloutState::halted:
    case RolloutState::needs_hands:
      return "bad";
    case RolloutState::paused:
    case RolloutState::rolling_back:
    case RolloutState::interrupted:
    case RolloutState::completed_with_failures:
    case RolloutState::rolled_back:
    case RolloutState::aborted:
      return "warn";
    case RolloutState::running:
      break;
  }
  return "busy";
}

// One table: a header a column, cells that are HTML already. Columns that end in `#` are numbers.
class Table {
 public:
  explicit Table(const std::vector<std::string>& columns) {
    text_ = "<div class=\"scroll\"><table><thead><tr>";
    for (const std::string& column : columns) {
      const bool number = column.ends_with('#');
      numbers_.push_back(number);
      text_ += number ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">";
      text_ += html(number ? column.substr(0, column.size() - 1) : column) + "</th>";
    }
    text_ += "</tr></thead><tbody>\n";
  }
  void row(const std::vector<std::string>& cells, bool first_is_header = true) {
    text_ += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i == 0 && first_is_header) {
        text_ += "<th scope=\"row\">" + cells[i] + "</th>";
      } else {
        text_ += (i < numbers_.size() && numbers_[i] ? "<td class=\"number\">" : "<td>") +
                 cells[i] + "</td>";
      }
    }
    text_ += "</tr>\n";
  }
  std::string end() { return std::move(text_) + "</tbody></table></div>\n"; }

 private:
  std::string text_;
  std::vector<bool> numbers_;
};

struct Report {
  const Schedule& schedule;
  const Rollout& rollout;
  std::span<const JournaledEvent> events;
  const OutputLookup& outputs;
  const ReportFacts& facts;
  Summary summary;
  History history;

  WhyOptions why_options() const {
    WhyOptions options;
    options.controlled = facts.controlled;
    options.thorough = true;
    return options;
  }
  Timestamp now() const {
    return facts.written == Timestamp{} ? rollout.last_event() : facts.written;
  }
  std::string why_html(const Subject& subject) const {
    return html(why(rollout, subject, now(), why_options()));
  }

  std::string verdict() const {
    std::string text = "<div class=\"verdict " + std::string(tone_of(summary.state)) +
                       "\"><p><strong>" + std::string(glyph(summary.state, Charset::utf8)) + " " +
                       html(describe_result(summary)) + ".</strong></p>";
    if (!rollout.ended()) text += "<p>" + why_html(Subject::rollout()) + ".</p>";
    return text + "</div>\n";
  }

  std::string fact_list() const {
    std::string text = "<dl>";
    const auto add = [&](std::string_view name, std::string_view value, bool code = false) {
      if (value.empty()) return;
      text += "<dt>" + html(name) + "</dt><dd>" + (code ? "<code>" : "") + html(value) +
              (code ? "</code>" : "") + "</dd>";
    };
    add("plan", schedule.name + (schedule.description.empty() ? "" : ": " + schedule.description));
    add("plan file", schedule.plan_path, true);
    add("plan digest", schedule.plan_digest == Digest{} ? "" : schedule.plan_digest.hex(), true);
    add("schedule digest", schedule.digest == Digest{} ? "" : schedule.digest.hex(), true);
    add("hotfix", schedule.hotfix.id);
    for (const PlannedFile& file : schedule.hotfix.files) {
      add("file",
          file.name + (file.platform.empty() ? "" : " (" + file.platform + ")") + " sha256 " +
              file.digest.hex(),
          true);
    }
    if (history.created) {
      const auto& created = std::get<RolloutCreated>(history.created->event);
      add("created", seconds(history.created->at) + phrase_tail(created.by));
      add("created with", created.engine.empty() ? "" : "sitewide " + created.engine);
    }
    for (const JournaledEvent& event : history.controllers) {
      const auto& controller = std::get<ControllerStarted>(event.event);
      const std::string version =
          controller.engine.empty() ? "" : ", sitewide " + controller.engine;
      const std::string user = controller.user.empty() ? "" : ", user " + controller.user;
      add("controller " + std::to_string(controller.fence),
          seconds(event.at) + (controller.host.empty() ? "" : ", host " + controller.host) +
              ", process " + std::to_string(controller.pid) + user + version);
    }
    add("last event", seconds(history.end) + ", " + describe_duration(history.end - history.begin) +
                          " after the first");
    add("journal", count_of(events.size(), "event"));
    add("chain head", facts.chain_head == Digest{} ? "" : facts.chain_head.hex(), true);
    return text + "</dl>\n";
  }

  static std::string phrase_tail(const Actor& by) {
    std::string text = by.user.empty() ? "" : " by " + by.user;
    if (!by.host.empty()) text += " on " + by.host;
    return by.reason.empty() ? text : text + ": " + by.reason;
  }

  std::string groups() const {
    Table table({"group", "state", "method", "waves", "clients#", "on target#", "failed", "late",
                 "by state", "where it stands"});
    for (const GroupSummary& row : summary.groups) {
      const ScheduledGroup& plan = schedule.groups[row.index];
      std::string waves;
      for (const Range& wave : plan.waves)
        waves += (waves.empty() ? "" : " + ") + std::to_string(wave.size());
      table.row(
          {html(row.name), state_cell(row.state), html(spoken(name_of(plan.plan.method))),
           waves.empty() ? "none: reached by an earlier group" : waves,
           with_separators(row.clients), with_separators(row.on_target()),
           std::to_string(row.failed) + " of " + std::to_string(row.tolerated_failed) +
               " tolerated" +
               (row.acknowledged > 0 ? " (" + std::to_string(row.acknowledged) + " acknowledged)"
                                     : "") +
               "<br>" + html(describe_budget(row.tolerated_failed, row.clients)),
           std::to_string(row.late) + " of " + std::to_string(row.tolerated_late) + " tolerated",
           html(describe_counts(row.counts)), why_html(Subject::group(row.index))});
    }
    return table.end();
  }

  static std::string state_cell(GroupState state) {
    return std::string(glyph(state, Charset::utf8)) + "&nbsp;" + spoken(name_of(state));
  }

  std::string reconciliation() const {
    const Reconciliation all = reconcile(rollout);
    Table table({"ended as", "clients#"});
    for (std::size_t i = 0; i < kEndings; ++i) {
      if (all.lists[i].empty()) continue;
      table.row(
          {html(spoken(name_of(static_cast<Ending>(i)))), with_separators(all.lists[i].size())});
    }
    table.row({"together", with_separators(all.clients)});
    return table.end();
  }

  std::string sites() const {
    if (schedule.sites.empty()) return {};
    Table table({"site", "state", "where it stands", "attempts"});
    for (const SiteSummary& row : summary.sites) {
      std::string attempts;
      for (const AttemptHistory& attempt : history.sites[row.index]) {
        attempts +=
            html(spoken(name_of(attempt.step)) + " " + std::to_string(attempt.attempt) + ": " +
                 (attempt.ended ? spoken(name_of(attempt.outcome)) +
                                      (attempt.recovered ? " (recovered)" : "") + " after " +
                                      describe_duration(*attempt.ended - attempt.begun)
                                : "not ended") +
                 (attempt.reason.empty() ? "" : ": " + attempt.reason)) +
            "<br>";
      }
      table.row(
          {html(row.name),
           std::string(glyph(row.phase, Charset::utf8)) + " " + std::string(name_of(row.phase)),
           why_html(Subject::site(row.index)), attempts});
    }
    return "<h2>Sites</h2>\n" + table.end();
  }

  std::string actions() const {
    if (history.actions.empty()) return "<p>No operator gave an order.</p>\n";
    Table table({"when", "what"});
    for (const JournaledEvent& event : history.actions) {
      table.row({seconds(event.at), html(sentence(schedule, event.event))}, false);
    }
    return table.end();
  }

  std::string log() const {
    std::deque<const JournaledEvent*> shown;
    std::uint64_t left_out = 0;
    for (const JournaledEvent& event : events) {
      if (level_of(event.event) == Level::debug) continue;
      shown.push_back(&event);
      if (shown.size() <= facts.events_shown) continue;
      shown.pop_front();
      ++left_out;
    }
    Table table({"seq#", "when", "level", "event"});
    for (const JournaledEvent* event : shown) {
      const Level level = level_of(event->event);
      const std::string tone = level == Level::error     ? "bad"
                               : level == Level::warning ? "warn"
                                                         : "";
      table.row({std::to_string(event->seq), seconds(event->at),
                 "<span class=\"" + tone + "\">" + std::string(name_of(level)) + "</span>",
                 html(sentence(schedule, event->event))},
                false);
    }
    const std::string note = left_out == 0 ? ""
                                           : "<p>" + count_of(left_out, "earlier event") +
                                                 " left out; `sitewide log` shows all.</p>\n";
    return note + table.end();
  }

  std::string page() const {
    const std::string title = html(summary.id.empty() ? schedule.name : summary.id);
    std::string text = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    text +=
        "<meta http-equiv=\"Content-Security-Policy\" content=\"" + std::string(kPolicy) + "\">\n";
    text +=
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n<title>Rollout " +
        title + "</title>\n";
    text.append("<style>")
        .append(report_style())
        .append("</style>\n</head>\n<body>\n<main>\n<h1>Rollout ")
        .append(title)
        .append("</h1>\n");
    text += verdict() + fact_list();
    text += "<h2>Groups</h2>\n" + groups() + sites();
    text += "<h2>Timeline</h2>\n" +
            timeline_svg(schedule, history, facts.controlled ? now() : history.end);
    text += "<h2>Every client, once</h2>\n" + reconciliation();
    text += "<h2>What went wrong</h2>\n" + failure_table(rollout, history);
    text +=
        "<h2>Clients</h2>\n<p>A client's name opens its attempts.</p>\n<div "
        "id=\"clients\"></div>\n<noscript>" +
        plain_client_table(rollout, history) + "</noscript>\n";
    text += "<h2>Operator actions</h2>\n" + actions();
    text += "<h2>Events</h2>\n" + log();
    text += "</main>\n<footer>Times are UTC. Written " + seconds(now()) +
            (facts.version.empty() ? "" : " by sitewide " + html(facts.version)) + ".</footer>\n";
    text += "<script type=\"application/json\" id=\"data\">" +
            client_data(rollout, history, outputs, facts.output_limit) + "</script>\n";
    text.append("<script>").append(report_script()).append("</script>\n</body>\n</html>\n");
    return text;
  }
};

}  // namespace

std::string html_report(const Schedule& schedule, const Rollout& rollout,
                        std::span<const JournaledEvent> events, const OutputLookup& outputs,
                        const ReportFacts& facts) {
  const Report report{schedule,
                      rollout,
                      events,
                      outputs,
                      facts,
                      summarize(rollout, facts.controlled),
                      fold_history(schedule, events)};
  return report.page();
}

}  // namespace sitewide
