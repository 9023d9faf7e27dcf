#include "orchestrator/views/terminal.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/core/summary.h"
#include "orchestrator/views/live_lines.h"
#include "orchestrator/views/plain.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

// Twelve repaints a second at most; once a second when nothing happens, for the clock.
constexpr Duration kBetweenPaints = std::chrono::milliseconds(84);
constexpr Duration kClock = std::chrono::seconds(1);
constexpr Duration kAnswerStands = std::chrono::seconds(8);

Style style_of(Level level) {
  switch (level) {
    case Level::debug:
    case Level::info:
      return Style::plain;
    case Level::warning:
      return Style::warn;
    case Level::error:
      return Style::bad;
  }
  return Style::plain;
}

Line scrolled(const JournaledEvent& journaled, const Schedule& schedule, Charset charset) {
  const Event& event = journaled.event;
  const Level level = level_of(event);
  Style style = style_of(level);
  std::string mark = level == Level::error     ? std::string(glyph(ClientState::failed, charset))
                     : level == Level::warning ? "!"
                                               : " ";
  if (const auto* settled = std::get_if<ClientSettled>(&event)) {
    mark = glyph(settled->state, charset);
    if (level == Level::info) style = Style::good;
  }
  const std::string at = format_timestamp(std::chrono::floor<std::chrono::seconds>(journaled.at));
  return {{at.substr(11) + " ", Style::dim},
          {mark + " ", style},
          {sentence(schedule, event), level == Level::info ? Style::plain : style}};
}

}  // namespace

Terminal::Terminal(Sink& sink, TerminalOptions options, Activity past)
    : options_(std::move(options)),
      region_(sink, options_.screen, options_.size),
      activity_(std::move(past)) {}

void Terminal::report(std::span<const JournaledEvent> events, const Rollout& rollout) {
  if (events.empty()) return;
  for (const JournaledEvent& event : events) {
    activity_.note(event.event, event.seq, event.at);
    if (!is_notable(event.event, rollout, told_late_, options_.client_lines_max)) continue;
    region_.scroll(scrolled(event, rollout.schedule(), options_.screen.charset));
  }
  stale_ = true;
  repaint(events.back().at, rollout);
}

void Terminal::tick(Timestamp now, const Rollout& rollout) {
  if (!answer_.text.empty() && now >= answer_.until) {
    answer_.text.clear();
    stale_ = true;
  }
  repaint(now, rollout);
}

void Terminal::repaint(Timestamp now, const Rollout& rollout) {
  const Duration since = now >= painted_ ? now - painted_ : painted_ - now;
  if (held_ || since < (stale_ ? kBetweenPaints : kClock)) return;
  paint(now, rollout);
}

std::vector<Line> Terminal::foot() const {
  const ScreenSize size = region_.size();
  std::vector<Line> lines = controls_.question(size.rows > 6 ? size.rows - 5 : 1);
  if (!lines.empty() || answer_.text.empty()) return lines;
  return {{{answer_.text, style_of(answer_.level)}}};
}

template <class Use>
auto Terminal::with_view(Timestamp now, const Rollout& rollout, const std::vector<Line>& foot,
                         Use use) {
  const bool asking = controls_.asking();
  return use(LiveView{rollout, now, options_, paces_, activity_, outlook_, foot, asking});
}

void Terminal::paint(Timestamp now, const Rollout& rollout) {
  const std::uint32_t groups = static_cast<std::uint32_t>(rollout.schedule().groups.size());
  paces_.resize(groups);
  waves_.resize(groups);
  for (std::uint32_t g = 0; g < groups; ++g) {
    const GroupSummary row = summarize_group(rollout, g);
    if (waves_[g] != row.wave) paces_[g].reset();
    waves_[g] = row.wave;
    if (row.wave_open) paces_[g].look(now, row.wave_settled);
  }
  painted_ = now;
  const ScreenSize size = region_.size();
  stale_ = !with_view(now, rollout, foot(), [&](const LiveView& view) {
    if (Pane* pane = controls_.pane())
      return region_.paint(pane->lines(view, size), LiveRegion::Extent::whole);
    return region_.paint(live_lines(view, size));
  });
}

Wish Terminal::press(const Key& key, Timestamp now, const Rollout& rollout) {
  Wish wish = with_view(now, rollout, {}, [&](const LiveView& view) {
    return controls_.press(key, view, region_.size());
  });
  if (wish.kind == Wish::Kind::redraw) refresh();
  if (wish.kind == Wish::Kind::remark) answer(wish.remark, Level::warning, now);
  paint(now, rollout);
  return wish;
}

void Terminal::say(const std::string& text) {
  region_.scroll({{text, Style::bold}});
  stale_ = true;
}

void Terminal::hint(const std::string& text) {
  options_.hint = text;
  stale_ = true;
}

void Terminal::answer(const std::string& text, Level level, Timestamp now) {
  answer_ = {text, level, now + kAnswerStands};
  stale_ = true;
}

void Terminal::expect(Outlook outlook) {
  outlook_ = std::move(outlook);
  stale_ = true;
}

void Terminal::refresh() {
  region_.distrust();
  stale_ = true;
  painted_ = {};
}

void Terminal::finish(const Rollout& rollout) {
  controls_ = {};
  answer_ = {};
  outlook_ = {};
  options_.hint.clear();
  options_.leave.clear();
  const Timestamp now = std::max(painted_, rollout.last_event());
  with_view(now, rollout, {},
            [&](const LiveView& view) { return region_.paint(live_lines(view, region_.size())); });
  region_.close();
}

}  // namespace sitewide
