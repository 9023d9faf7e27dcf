#include "orchestrator/cli/preview_page.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/part_words.h"
#include "orchestrator/cli/preview_clients.h"
#include "orchestrator/cli/preview_parts.h"
#include "orchestrator/cli/preview_sites.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/preview_timeline.h"
#include "orchestrator/cli/preview_warnings.h"
#include "orchestrator/cli/what_if_text.h"
#include "orchestrator/views/report_page.h"

namespace sitewide {
namespace {

constexpr std::size_t kMostRows = 2000;  // of one table; a browser still opens it at once

std::string safe(std::string_view text) { return html_escaped(escaped(text)); }

std::string seconds(Timestamp at) {
  return format_timestamp(std::chrono::floor<std::chrono::seconds>(at));
}

// A table that is read row by row, with its columns' heads and how many rows were left out.
class Table {
 public:
  Table(std::string_view caption, const std::vector<std::string_view>& heads) {
    text_ = "<div class=\"scroll\"><table><caption>" + safe(caption) + "</caption><thead><tr>";
    for (const std::string_view head : heads) text_ += "<th scope=\"col\">" + safe(head) + "</th>";
    text_ += "</tr></thead><tbody>\n";
  }
  void row(const std::vector<std::string>& cells) {
    if (++rows_ > kMostRows) return;
    text_ += "<tr>";
    for (const std::string& cell : cells) text_ += "<td>" + safe(cell) + "</td>";
    text_ += "</tr>\n";
  }
  std::string end() && {
    text_ += "</tbody></table></div>\n";
    if (rows_ > kMostRows)
      text_ += "<p>… " + count_of(rows_ - kMostRows, "further row") + "; --json has all</p>\n";
    return std::move(text_);
  }

 private:
  std::string text_;
  std::size_t rows_ = 0;
};

std::string list_of(std::string_view head, const std::vector<std::string>& items) {
  if (items.empty()) return {};
  std::string text = "<h2>" + safe(head) + "</h2>\n<ul>\n";
  for (const std::string& item : items) text += "<li>" + safe(item) + "</li>\n";
  return text + "</ul>\n";
}

template <class Part>
std::vector<std::string> words_of_all(const std::vector<Part>& parts) {
  std::vector<std::string> words;
  words.reserve(parts.size());
  for (const Part& part : parts) words.push_back(words_of(part));
  return words;
}

std::string sites(const PreviewFacts& facts) {
  const Schedule& schedule = facts.plan.compiled.schedule;
  std::string text;
  if (!facts.probe.writes.empty()) {
    Table table("Files on the sites, as they are and as staging leaves them",
                {"Site", "File", "Now", "Then"});
    for (const PlannedWrite& write : facts.probe.writes) {
      const PlannedFile& file = *write.file;
      const FileState then{file.digest, file.size, file.date.value_or(Timestamp{})};
      table.row({schedule.sites[write.site].plan.name, file.on_site,
                 write.present ? state_in_words(*write.present) : "no file",
                 write.same() ? "already there" : state_in_words(then)});
    }
    text += "<h2>Writes on the sites</h2>\n" + std::move(table).end();
  }
  text += list_of("Steps on each site", words_of_all(schedule.hotfix.parts.site));
  for (const PlannedMapEdit& edit : facts.probe.map_edits) {
    text += "<h2>System.map of " + safe(schedule.sites[edit.site].plan.name) + "</h2>\n<pre>";
    for (const std::string& line : edit.diff) text += html_escaped(line) + "\n";
    text += std::string(edit.diff.empty() ? "already there" : "") + "</pre>\n";
  }
  return text + list_of("Settings of each client, once it is proven",
                        words_of_all(schedule.hotfix.parts.client));
}

std::string groups(const PreviewFacts& facts) {
  Table table("In the order of the plan",
              {"Group", "Method", "Clients", "Waves", "Budget", "At a time", "After"});
  for (const ScheduledGroup& group : facts.plan.compiled.schedule.groups) {
    std::string waves;
    for (const Range& wave : group.waves)
      waves += (waves.empty() ? "" : ", ") + std::to_string(wave.size());
    table.row({group.plan.name, std::string(name_of(group.plan.method)),
               std::to_string(group.clients.size()), waves, budget_in_words(group),
               std::to_string(group.plan.in_flight), join(group.plan.after, ", ")});
  }
  return "<h2>Groups</h2>\n" + std::move(table).end();
}

std::string clients(const PreviewFacts& facts) {
  if (facts.clients == nullptr) return {};
  const Schedule& schedule = facts.plan.compiled.schedule;
  Table counts(probe_in_words(*facts.clients),
               {"Group", "Clients", "To upgrade", "Already current", "Unreachable", "Unknown"});
  for (const StandingRow& row : standing_rows(schedule, *facts.clients)) {
    if (row.all() == 0) continue;
    std::vector<std::string> cells = {row.group.empty() ? "(in no group)" : row.group,
                                      std::to_string(row.all())};
    for (const std::uint32_t count : row.counts) cells.push_back(std::to_string(count));
    counts.row(cells);
  }
  Table silent("Clients that did not say what they hold", {"Client", "State", "Why"});
  bool any = false;
  for (std::uint32_t c = 0; c < schedule.clients.size(); ++c) {
    const SavedClient& seen = facts.clients->clients[c];
    const bool said =
        seen.standing == ClientStanding::to_upgrade || seen.standing == ClientStanding::current;
    if (said) continue;
    any = true;
    silent.row(
        {std::string(schedule.clients.name(c)), std::string(name_of(seen.standing)), seen.why});
  }
  return "<h2>Clients</h2>\n" + std::move(counts).end() + (any ? std::move(silent).end() : "");
}

std::string reach(const PreviewFacts& facts) {
  if (facts.plan.compiled.blast_radius.empty()) return {};
  return "<h2>Reach of the forces</h2>\n<pre>" + html_escaped(reach_in_words(facts.plan.compiled)) +
         "</pre>\n";
}

std::string supposed(const PreviewFacts& facts) {
  if (facts.what_if == nullptr) return {};
  const WhatIf& played = *facts.what_if;
  Table table("What stopped it, in how many of " + with_separators(played.seeds) + " seeds",
              {"Stopped at", "Because", "Seeds", "Clients touched: median", "Worst", "Worst seed"});
  for (const WhatIfStop& stop : played.stops) {
    table.row({stop.where, stop.why, with_separators(stop.seeds),
               with_separators(stop.median_touched), with_separators(stop.worst_touched),
               std::to_string(stop.worst_seed)});
  }
  return "<h2>What if " + safe(shares_in_words(played.shares)) + "</h2>\n<p>It completes in " +
         with_separators(played.completed) + " of " + with_separators(played.seeds) +
         " seeds.</p>\n" + (played.stops.empty() ? "" : std::move(table).end());
}

std::string verdict(const PreviewFacts& facts) {
  const Forecast& forecast = facts.forecast;
  const bool good = forecast.result == RolloutState::completed;
  return "<section class=\"verdict " + std::string(good ? "good" : "warn") +
         "\" aria-label=\"Verdict\"><p>If all goes well and things last as assumed: <strong>" +
         safe(spoken(name_of(forecast.result))) + "</strong> at " + seconds(forecast.end) + ", " +
         describe_duration(forecast.end - forecast.start) + " after it begins.</p>\n<p>" +
         "Nothing was changed to find this out.</p></section>\n";
}

}  // namespace

std::string preview_page(const PreviewFacts& facts) {
  const Schedule& schedule = facts.plan.compiled.schedule;
  const std::string title = "Preview of " + safe(schedule.name);
  std::vector<std::string> warnings;
  if (const auto refused = refusal(facts.plan))
    warnings.push_back("run will refuse: " + refused->message);
  for (const Problem& problem : facts.plan.problems) warnings.push_back(problem.message);
  for (std::string& warning : warnings_of(facts)) warnings.push_back(std::move(warning));
  std::string page =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<title>" +
      title + "</title>\n<style>" + std::string(report_style()) + std::string(timeline_style()) +
      "</style></head>\n<body><main>\n<h1>" + title +
      "</h1>\n<p>sitewide " SITEWIDE_VERSION ", plan " + safe(schedule.plan_path) + " (sha256 " +
      schedule.plan_digest.brief() + "), " + count_of(schedule.clients.size(), "client") + ", " +
      count_of(schedule.sites.size(), "site") + "; looked at " + seconds(facts.forecast.start) +
      "</p>\n";
  page += verdict(facts) + list_of("Warnings", warnings);
  page += groups(facts) + clients(facts) + sites(facts);
  page += list_of("Notes of " + schedule.hotfix.catalogue, article_notes(schedule));
  page += reach(facts) + timeline_section(facts) + supposed(facts);
  return page + "</main></body></html>\n";
}

}  // namespace sitewide
