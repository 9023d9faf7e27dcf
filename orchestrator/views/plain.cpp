#include "orchestrator/views/plain.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/core/summary.h"
#include "orchestrator/core/why.h"
#include "orchestrator/views/cells.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

constexpr std::size_t kScopeWidthMax = 24;

std::string_view tag_of(Level level) {
  switch (level) {
    case Level::debug:
    case Level::info:
      return "info";
    case Level::warning:
      return "WARN";
    case Level::error:
      return "FAIL";
  }
  return {};
}

std::string timestamp(Timestamp at) {
  return format_timestamp(std::chrono::floor<std::chrono::seconds>(at));
}

std::size_t widest_scope(const Schedule& schedule) {
  std::size_t width = std::string_view("rollout").size();
  for (const ScheduledGroup& group : schedule.groups)
    width = std::max(width, cells_of(escaped(group.plan.name)));
  for (const ScheduledSite& site : schedule.sites)
    width = std::max(width, cells_of("site " + escaped(site.plan.name)));
  return std::min(width, kScopeWidthMax);
}

}  // namespace

bool is_notable(const Event& event, const Rollout& rollout, std::set<std::uint32_t>& late,
                std::uint32_t client_lines_max) {
  if (level_of(event) == Level::debug) return false;
  if (const auto* step = std::get_if<StepFinished>(&event);
      step != nullptr && step->subject.kind == Subject::Kind::client) {
    // An attempt after which its client failed is told with the client.
    const bool restoring = step->step == Step::restore || step->step == Step::converge_originals;
    return restoring || !rollout.client(step->subject.index).counted_failed;
  }
  const auto* settled = std::get_if<ClientSettled>(&event);
  if (settled == nullptr) return true;
  if (settled->state == ClientState::late)
    return late.insert(settled->client).second || settled->final;
  const bool good =
      settled->state == ClientState::upgraded || settled->state == ClientState::already_current;
  return !good || rollout.schedule().clients.size() <= client_lines_max ||
         late.contains(settled->client);
}

Plain::Plain(Sink& sink, PlainOptions options) : sink_(sink), options_(options) {}

void Plain::report(std::span<const JournaledEvent> events, const Rollout& rollout) {
  if (events.empty()) return;
  const Schedule& schedule = rollout.schedule();
  if (beats_.empty()) {
    beats_.resize(schedule.groups.size());
    scope_width_ = widest_scope(schedule);
    next_beat_ = events.front().at + options_.heartbeat;
  }
  for (const JournaledEvent& event : events) {
    if (!is_notable(event.event, rollout, told_late_, options_.client_lines_max)) continue;
    put(event.at, scope_of(schedule, event.event), tag_of(level_of(event.event)),
        phrase(schedule, event.event));
  }
  tick(events.back().at, rollout);
}

void Plain::tick(Timestamp now, const Rollout& rollout) {
  if (beats_.empty() || now < next_beat_) return;
  next_beat_ = now + options_.heartbeat;
  for (std::uint32_t g = 0; g < beats_.size(); ++g) beat(now, rollout, g);
}

void Plain::beat(Timestamp now, const Rollout& rollout, std::uint32_t g) {
  Beat& beat = beats_[g];
  const GroupSummary row = summarize_group(rollout, g);
  const bool going = row.state == GroupState::running || row.state == GroupState::rolling_back;
  if (!going || rollout.ended()) return;
  if (beat.wave != row.wave) beat.pace.reset();
  beat.wave = row.wave;
  beat.pace.look(now, row.wave_settled);
  const std::string wave =
      row.waves > 1 ? "wave " + std::to_string(row.wave) + " of " + std::to_string(row.waves) + ", "
                    : "";
  std::string text = "progress: " + wave + with_separators(row.settled()) + " of " +
                     count_of(row.clients, "client") + " settled (" + describe_counts(row.counts) +
                     ")";
  if (text == beat.last) {
    if (now - beat.said < options_.still_heartbeat) return;
    beat.said = now;
    put(now, row.name, "info", why(rollout, Subject::group(g), now));
    return;
  }
  beat.last = text;
  beat.said = now;
  if (const auto rate = beat.pace.per_second()) text += "; " + describe_rate(*rate);
  if (const auto rest = beat.pace.time_for(row.wave_clients - row.wave_settled)) {
    text +=
        ", about " + describe_duration(*rest) + " to go" + (row.waves > 1 ? " in this wave" : "");
  }
  put(now, row.name, "info", text);
}

void Plain::put(Timestamp at, std::string_view scope, std::string_view tag, std::string_view text) {
  if (dropped_ > 0) {
    const std::string gap = timestamp(at) + " " + fitted("rollout", scope_width_) + " WARN " +
                            count_of(dropped_, "line") + " left out: the reader was too slow\n";
    if (sink_.write(gap)) dropped_ = 0;
  }
  write(timestamp(at) + " " + fitted(scope, scope_width_) + " " + std::string(tag) + " " +
        std::string(text) + "\n");
}

void Plain::write(const std::string& line) {
  if (!sink_.write(options_.charset == Charset::ascii ? ascii_text(line) : line)) ++dropped_;
}

}  // namespace sitewide
