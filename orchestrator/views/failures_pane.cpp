#include "orchestrator/views/failures_pane.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/core/why.h"
#include "orchestrator/views/cells.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

constexpr std::size_t kNameWidth = 24;
constexpr std::size_t kHeadAndFoot = 2;
// States change without an event that the activity counts, as when a late client is tried again.
constexpr Duration kLookAgain = std::chrono::seconds(2);

std::size_t page_of(const ScreenSize& size) {
  return size.rows > kHeadAndFoot + 2 ? size.rows - 1 - kHeadAndFoot : 1;
}

bool is_mild(ClientState state) {
  return state == ClientState::late || state == ClientState::in_doubt ||
         state == ClientState::restoring;
}

}  // namespace

bool FailuresPane::press(const Key& key, const LiveView&, const ScreenSize& size) {
  if (scroll_.press(key, page_of(size))) return true;
  if (key.kind == Key::Kind::text && key.text == " ")
    return scroll_.press({Key::Kind::page_down, {}, false}, page_of(size));
  const bool closes = key.kind == Key::Kind::escape || key.kind == Key::Kind::enter ||
                      (key.kind == Key::Kind::text && (key.text == "q" || key.text == "f"));
  return !closes;
}

void FailuresPane::look(const LiveView& view) {
  const bool new_ones = version_ != view.activity.trouble_version();
  if (looked_ != Timestamp{} && !new_ones && view.now - looked_ < kLookAgain) return;
  if (looked_ != Timestamp{} && causes_.size() + entries_.size() > 10'000 &&
      view.now - looked_ < kLookAgain)
    return;
  version_ = view.activity.trouble_version();
  looked_ = view.now;
  causes_ = fold_trouble(view.rollout, view.activity.latest_trouble(view.rollout, SIZE_MAX));
  entries_.clear();
  for (std::size_t c = 0; c < causes_.size(); ++c) {
    entries_.push_back({c});
    for (std::size_t i = 0; i < causes_[c].clients.size(); ++i) entries_.push_back({c, i});
  }
}

Line FailuresPane::line_of(const Entry& entry, const LiveView& view, const ScreenSize& size) const {
  const Cause& cause = causes_[entry.cause];
  const Charset charset = view.options.screen.charset;
  if (entry.client == SIZE_MAX) {
    return {{std::string(glyph(cause.state, charset)) + " " + describe(cause),
             is_mild(cause.state) ? Style::warn : Style::bad}};
  }
  const std::uint32_t client = cause.clients[entry.client];
  const Rollout& rollout = view.rollout;
  const Schedule& schedule = rollout.schedule();
  const ScheduledGroup& group = rollout.owner_plan(client);
  std::string where = escaped(group.plan.name);
  if (group.waves.size() > 1) where += " wave " + std::to_string(schedule.wave_of(client) + 1);
  const Timestamp retry = rollout.retry_at(client);
  std::string when = "since " + describe_moment(view.activity.trouble_since(client), view.now);
  if (retry < kNever) when += ", tried again " + describe_moment(retry, view.now);
  const std::string_view ellipsis = charset == Charset::utf8 ? "…" : "~";
  const std::size_t width = std::min(kNameWidth, size.columns / 3);
  return {{"    " + fitted(escaped(schedule.clients.name(client)), width, ellipsis) + "  ",
           Style::plain},
          {where + "  " + when, Style::dim}};
}

std::vector<Line> FailuresPane::lines(const LiveView& view, const ScreenSize& size) {
  look(view);
  const bool utf8 = view.options.screen.charset == Charset::utf8;
  const std::string dot = utf8 ? " · " : " - ";
  const std::size_t page = page_of(size);
  const std::size_t first = scroll_.first(entries_.size(), page);
  const std::size_t last = std::min(entries_.size(), first + page);
  std::size_t clients = 0;
  for (const Cause& cause : causes_) clients += cause.clients.size();
  std::vector<Line> lines;
  std::string range;
  if (entries_.size() > page)
    range = dot + "lines " + std::to_string(first + 1) + " to " + std::to_string(last) + " of " +
            with_separators(entries_.size());
  lines.push_back({{escaped(view.rollout.id()) + dot + count_of(clients, "client") +
                        " not on target, by reason" + range,
                    Style::bold}});
  for (std::size_t i = first; i < last; ++i) lines.push_back(line_of(entries_[i], view, size));
  if (entries_.empty()) lines.push_back({{"  nobody failed, is late or in doubt", Style::good}});
  const std::string arrows = utf8 ? "↑ ↓ PgUp PgDn" : "arrows PgUp PgDn";
  lines.push_back(
      {{(entries_.size() > page ? arrows + " scroll" + dot : "") + "esc back", Style::dim}});
  return lines;
}

}  // namespace sitewide
