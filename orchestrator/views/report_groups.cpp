#include "orchestrator/views/report_groups.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/core/gate.h"
#include "orchestrator/core/reconciliation.h"
#include "orchestrator/views/client_course.h"
#include "orchestrator/views/report_html.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

std::string percent(std::uint32_t part, std::uint32_t whole) {
  if (whole == 0) return {};
  return " (" + html_number(100.0 * part / whole) + "%)";
}

// How long its clients took from their first attempt to the end of their last one.
std::string lengths(const Rollout& rollout, const History& history, std::uint32_t group) {
  std::vector<Duration> took;
  const Range& clients = rollout.schedule().groups[group].clients;
  for (std::uint32_t c = clients.begin; c < clients.end; ++c) {
    const ClientCourse course = course_of(rollout, history, c);
    if (course.started && course.ended) took.push_back(*course.ended - *course.started);
  }
  if (took.empty()) return "none ended";
  std::sort(took.begin(), took.end());
  const auto at = [&](std::size_t part) {
    return describe_duration(took[std::min(took.size() * part / 100, took.size() - 1)]);
  };
  return "<span class=\"state\">median " + at(50) + "<br>95% " + at(95) + "<br>longest " +
         describe_duration(took.back()) + "</span>";
}

std::string waves_of(const ScheduledGroup& plan, const GroupSummary& row, GroupState state) {
  if (plan.waves.empty()) return "none: reached by an earlier group";
  std::string sizes;
  for (const Range& wave : plan.waves)
    sizes += (sizes.empty() ? "" : " + ") + with_separators(wave.size());
  const bool all = state == GroupState::passed;
  return "wave " + std::to_string(row.wave) + " of " + std::to_string(row.waves) +
         (all             ? ", all passed"
          : row.wave_open ? ", open"
                          : "") +
         "<br>" + sizes;
}

// One verdict in words, with a glyph: nothing depends on colour.
enum class Reached : std::uint8_t { held, broken, so_far, open, not_reached };

std::string reached_html(Reached verdict) {
  switch (verdict) {
    case Reached::held:
      return "<span class=\"state good\">✔&nbsp;held</span>";
    case Reached::broken:
      return "<span class=\"state bad\">✖&nbsp;broken</span>";
    case Reached::so_far:
      return "<span class=\"state busy\">◌&nbsp;holds so far</span>";
    case Reached::open:
      return "<span class=\"state warn\">◇&nbsp;waits</span>";
    case Reached::not_reached:
      break;
  }
  return "<span class=\"state\">○&nbsp;not reached</span>";
}

std::string goal_of(const Gate& gate) {
  return gate.kind == Gate::Kind::soak ? "soak for " + describe_duration(gate.soak)
                                       : html(describe_gate(gate));
}

class GateTable {
 public:
  explicit GateTable(const GroupFacts& facts) : facts_(facts) {}

  std::string html_text() {
    for (const GroupSummary& row : facts_.summary.groups) {
      const ScheduledGroup& plan = facts_.rollout.schedule().groups[row.index];
      for (std::uint32_t i = 0; i < plan.plan.before.size(); ++i)
        gate(row, {row.index, kNone, i}, "before the group");
      budgets(row);
      for (std::uint32_t w = 0; w < plan.waves.size(); ++w) {
        for (std::uint32_t i = 0; i < plan.plan.after_wave.size(); ++i)
          gate(row, {row.index, w, i}, "after wave " + std::to_string(w + 1));
      }
    }
    return table_.take();
  }

 private:
  void budgets(const GroupSummary& row) {
    const bool touched = row.state != GroupState::waiting || row.settled() > 0;
    const bool over = row.state == GroupState::passed || row.state == GroupState::skipped;
    const Reached holds = over ? Reached::held : touched ? Reached::so_far : Reached::not_reached;
    const auto budget = [&](std::string_view what, std::uint32_t reached, std::uint32_t tolerated,
                            const std::string& note) {
      table_.row(
          {html(row.name), std::string(what),
           "at most " + with_separators(tolerated) + " of " + with_separators(row.clients) + note,
           with_separators(reached) + percent(reached, row.clients),
           reached_html(reached > tolerated ? Reached::broken : holds)});
    };
    const std::string accepted =
        row.acknowledged == 0
            ? ""
            : "<br>" + with_separators(row.acknowledged) + " of them acknowledged";
    budget("failed", row.failed, row.tolerated_failed, accepted);
    budget("late", row.late, row.tolerated_late, "");
    const std::uint32_t good = row.on_target();
    table_.row(
        {html(row.name), "proof", "at least 1 client on target",
         with_separators(good) + percent(good, row.clients),
         reached_html(good > 0 ? (over ? Reached::held : Reached::so_far)
                      : row.state == GroupState::halted || row.state == GroupState::rolled_back
                          ? Reached::broken
                          : Reached::not_reached)});
  }

  void gate(const GroupSummary& row, const GateId& id, const std::string& where) {
    const Gate& plan = gate_at(facts_.rollout.schedule(), id.group, id.wave, id.position);
    const GateHistory* seen = nullptr;  // the last time it was reached
    for (const GateHistory& gate : facts_.history.gates) {
      if (gate.gate == id) seen = &gate;
    }
    std::string reached;
    Reached verdict = Reached::not_reached;
    if (seen != nullptr) {
      verdict = seen->passed ? Reached::held : Reached::open;
      reached = seen->passed ? "after " + describe_duration(*seen->passed - seen->opened) + ", " +
                                   html_time(*seen->passed)
                             : "since " + html_time(seen->opened);
    }
    if (plan.kind == Gate::Kind::approval) {
      const std::string by = approved_by(id, plan.approval);
      if (!by.empty()) reached += (seen == nullptr ? "given early " : "<br>") + by;
    }
    const AskingRecord& asking = facts_.rollout.group(row.index).asking;
    if (plan.asks() && verdict == Reached::open && asking.answer_at != Timestamp{}) {
      reached += "<br>" + html(asking.answer);
      if (asking.last == OutcomeKind::failed) verdict = Reached::broken;
    }
    table_.row({html(row.name), where, goal_of(plan), reached, reached_html(verdict)});
  }

  std::string approved_by(const GateId& id, const std::string& name) const {
    for (const JournaledEvent& event : facts_.history.actions) {
      const auto* approved = std::get_if<Approved>(&event.event);
      if (approved == nullptr || approved->group != id.group || approved->wave != id.wave ||
          approved->name != name)
        continue;
      const std::string reason = approved->by.reason.empty() ? "" : ": " + approved->by.reason;
      return "by " + html(approved->by.user + reason);
    }
    return {};
  }

  const GroupFacts& facts_;
  HtmlTable table_{"What each group had to reach", {"group", "gate", "goal", "reached", "verdict"}};
};

std::string attempts_of(const std::vector<AttemptHistory>& attempts) {
  std::string text;
  for (const AttemptHistory& attempt : attempts) {
    std::string line = spoken(name_of(attempt.step)) + " " + std::to_string(attempt.attempt) + ": ";
    if (attempt.ended) {
      line += spoken(name_of(attempt.outcome)) + (attempt.recovered ? " (recovered)" : "") +
              " after " + describe_duration(*attempt.ended - attempt.begun);
    } else {
      line += "not ended";
    }
    text += (text.empty() ? "" : "<br>") +
            html(line + (attempt.reason.empty() ? "" : ": " + attempt.reason));
  }
  return text;
}

}  // namespace

std::string groups_html(const GroupFacts& facts) {
  HtmlTable table("Groups", {"group", "state", "method", "waves", "clients#", "on target#",
                             "by state", "its clients took", "where it stands"});
  for (const GroupSummary& row : facts.summary.groups) {
    const ScheduledGroup& plan = facts.rollout.schedule().groups[row.index];
    table.row({html(row.name), state_html(row.state), html(spoken(name_of(plan.plan.method))),
               waves_of(plan, row, row.state), with_separators(row.clients),
               with_separators(row.on_target()) + percent(row.on_target(), row.clients),
               html(describe_counts(row.counts)), lengths(facts.rollout, facts.history, row.index),
               html(why(facts.rollout, Subject::group(row.index), facts.now, facts.why))});
  }
  return table.take();
}

std::string gates_html(const GroupFacts& facts) { return GateTable(facts).html_text(); }

std::string sites_html(const GroupFacts& facts) {
  if (facts.summary.sites.empty()) return {};
  HtmlTable table("Sites", {"site", "state", "where it stands", "attempts"});
  for (const SiteSummary& row : facts.summary.sites) {
    table.row({html(row.name),
               "<span class=\"state\">" + std::string(glyph(row.phase, Charset::utf8)) + "&nbsp;" +
                   std::string(name_of(row.phase)) + "</span>",
               html(why(facts.rollout, Subject::site(row.index), facts.now, facts.why)),
               attempts_of(facts.history.sites[row.index])});
  }
  return table.take();
}

std::string endings_html(const Rollout& rollout) {
  const Reconciliation all = reconcile(rollout);
  HtmlTable table("Where every client ended", {"ended as", "clients#"});
  for (std::size_t i = 0; i < kEndings; ++i) {
    if (all.lists[i].empty()) continue;
    table.row(
        {html(spoken(name_of(static_cast<Ending>(i)))), with_separators(all.lists[i].size())});
  }
  table.row({"together", with_separators(all.clients)});
  return table.take();
}

}  // namespace sitewide
