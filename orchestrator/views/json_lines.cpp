#include "orchestrator/views/json_lines.h"

#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/core/event_codec.h"
#include "orchestrator/core/summary.h"
#include "orchestrator/core/why.h"
#include "orchestrator/views/json_text.h"
#include "orchestrator/views/reconciled.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

namespace json = boost::json;

constexpr Duration kPatience = std::chrono::seconds(5);

json::object object(std::string_view type) {
  json::object line;
  line["v"] = 1;
  line["type"] = type;
  return line;
}

std::string end_line(const json::object& line) { return json_text(line) + "\n"; }

// The journal keeps instants and durations as milliseconds; readers of a stream get them in words
// of their own.
json::object readable(const std::string& journal_detail) {
  json::object detail;
  if (journal_detail.empty()) return detail;
  boost::system::error_code error;
  const json::value parsed = json::parse(journal_detail, error);
  if (error || !parsed.is_object()) return detail;
  for (const auto& [key, value] : parsed.as_object()) {
    const bool instant = key == "deadline" || key == "due";
    const bool duration = key == "idle" || key == "by";
    if (instant && value.is_int64()) {
      detail[key] = format_timestamp(Timestamp(Duration(value.as_int64())));
    } else if (duration && value.is_int64()) {
      detail[std::string(key) + "_ms"] = value;
    } else {
      detail[key] = value;
    }
  }
  return detail;
}

json::object counts_object(const StateCounts& counts) {
  json::object object;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) object[name_of(static_cast<ClientState>(i))] = counts[i];
  }
  return object;
}

void add_subject(json::object& line, const Schedule& schedule, const Event& event) {
  const Subject subject = subject_of(event);
  line["subject"] = json_string(subject_name(schedule, subject));
  const auto add_group = [&](std::uint32_t g) {
    if (g != kNone) line["group"] = json_string(schedule.groups[g].plan.name);
  };
  switch (subject.kind) {
    case Subject::Kind::rollout:
      break;
    case Subject::Kind::site:
      line["site"] = json_string(schedule.sites[subject.index].plan.name);
      break;
    case Subject::Kind::group:
      add_group(subject.index);
      break;
    case Subject::Kind::wave:
      add_group(subject.index);
      line["wave"] = subject.wave + 1;
      break;
    case Subject::Kind::client:
      add_group(schedule.lanes[schedule.owner_lane(subject.index)].group);
      line["client"] = json_string(schedule.clients.name(subject.index));
      break;
    case Subject::Kind::gate:
      add_group(subject.index);
      if (subject.wave != kNone) line["wave"] = subject.wave + 1;
      break;
  }
}

json::object group_object(const GroupSummary& row, const std::string& why_text) {
  json::object group;
  group["group"] = json_string(row.name);
  group["state"] = name_of(row.state);
  group["clients"] = row.clients;
  group["wave"] = row.wave;
  group["waves"] = row.waves;
  group["failed"] = row.failed;
  group["tolerated_failed"] = row.tolerated_failed;
  group["late"] = row.late;
  group["tolerated_late"] = row.tolerated_late;
  group["unproven"] = row.unproven;
  group["in_doubt"] = row.in_doubt;
  if (row.rechecks_due + row.rechecked + row.not_rechecked + row.withdrawn > 0) {
    group["recheck"] = json::object{{"due", row.rechecks_due},
                                    {"proven", row.rechecked},
                                    {"missed", row.not_rechecked},
                                    {"withdrawn", row.withdrawn}};
  }
  group["counts"] = counts_object(row.counts);
  group["why"] = json_string(why_text);
  return group;
}

json::object site_object(const SiteSummary& row, const std::string& why_text) {
  json::object site;
  site["site"] = json_string(row.name);
  site["phase"] = name_of(row.phase);
  if (row.open_step) site["step"] = name_of(*row.open_step);
  if (row.in_doubt) site["in_doubt"] = true;
  if (row.needs_hands) site["needs_hands"] = true;
  if (!row.note.empty()) site["note"] = json_string(row.note);
  site["why"] = json_string(why_text);
  return site;
}

}  // namespace

std::string json_header(std::string_view rollout_id, std::string_view version) {
  json::object line = object("stream");
  line["schema"] = kStreamSchema;
  line["sitewide"] = json_string(version);
  if (!rollout_id.empty()) line["rollout"] = json_string(rollout_id);
  return end_line(line);
}

std::string json_event(const Schedule& schedule, const JournaledEvent& journaled) {
  const Record record = encode(schedule, journaled.event, journaled.at);
  json::object line;
  line["v"] = 1;
  line["seq"] = journaled.seq;
  line["ts"] = format_timestamp(journaled.at);
  line["type"] = record.kind;
  line["level"] = name_of(level_of(journaled.event));
  line["msg"] = json_string(sentence(schedule, journaled.event));
  add_subject(line, schedule, journaled.event);
  if (!record.step.empty()) line["step"] = record.step;
  if (record.attempt > 0) line["attempt"] = record.attempt;
  if (!record.outcome.empty()) line["outcome"] = record.outcome;
  json::object detail = readable(record.detail);
  if (!detail.empty()) line["detail"] = std::move(detail);
  return end_line(line);
}

std::string json_summary(const Rollout& rollout, Timestamp now, int exit_code, bool controlled) {
  const Summary summary = summarize(rollout, controlled);
  WhyOptions options;
  options.controlled = controlled;
  json::object line = object("summary");
  line["ts"] = format_timestamp(now);
  line["level"] = name_of(exit_code == 0 ? Level::info : Level::warning);
  line["msg"] = json_string(describe_result(summary));
  line["rollout"] = json_string(summary.id);
  line["plan"] = json_string(summary.plan);
  line["state"] = name_of(summary.state);
  line["exit_code"] = exit_code;
  if (!summary.halt_reason.empty()) line["halt_reason"] = json_string(summary.halt_reason);
  line["why"] = json_string(why(rollout, Subject::rollout(), now, options));
  line["clients"] = summary.clients;
  line["on_target"] = summary.on_target();
  line["counts"] = counts_object(summary.counts);
  json::array groups;
  for (const GroupSummary& row : summary.groups) {
    groups.push_back(group_object(row, why(rollout, Subject::group(row.index), now, options)));
  }
  line["groups"] = std::move(groups);
  json::array sites;
  for (const SiteSummary& row : summary.sites) {
    sites.push_back(site_object(row, why(rollout, Subject::site(row.index), now, options)));
  }
  line["sites"] = std::move(sites);
  line["reconciliation"] = reconciliation_json(rollout);
  return end_line(line);
}

JsonLines::JsonLines(Sink& sink, std::string version) : sink_(sink), version_(std::move(version)) {}

void JsonLines::begin(const Rollout& rollout) {
  if (begun_) return;
  begun_ = true;
  put(json_header(rollout.id(), version_));
}

void JsonLines::report(std::span<const JournaledEvent> events, const Rollout& rollout) {
  begin(rollout);
  for (const JournaledEvent& event : events) put(json_event(rollout.schedule(), event));
}

void JsonLines::finish(const Rollout& rollout, int exit_code) {
  begin(rollout);
  sink_.drain(kPatience);
  put(json_summary(rollout, rollout.last_event(), exit_code));
  sink_.drain(kPatience);
}

void JsonLines::put(const std::string& line) {
  if (dropped_ > 0) {
    json::object gap = object("dropped");
    gap["level"] = name_of(Level::warning);
    gap["msg"] = json_string(count_of(dropped_, "line") +
                             " left out: the reader was too slow; the journal has them");
    gap["count"] = dropped_;
    if (sink_.write(end_line(gap))) dropped_ = 0;
  }
  if (dropped_ > 0 || !sink_.write(line)) ++dropped_;
}

}  // namespace sitewide
