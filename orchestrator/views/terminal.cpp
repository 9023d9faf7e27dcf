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

Terminal::Terminal(Sink& sink, TerminalOptions options)
    : options_(std::move(options)), region_(sink, options_.screen, options_.size) {}

void Terminal::report(std::span<const JournaledEvent> events, const Rollout& rollout) {
  if (events.empty()) return;
  for (const JournaledEvent& event : events) {
    if (!is_notable(event.event, rollout, told_late_, options_.client_lines_max)) continue;
    region_.scroll(scrolled(event, rollout.schedule(), options_.screen.charset));
  }
  stale_ = true;
  repaint(events.back().at, rollout);
}

void Terminal::tick(Timestamp now, const Rollout& rollout) { repaint(now, rollout); }

void Terminal::repaint(Timestamp now, const Rollout& rollout) {
  const Duration since = now >= painted_ ? now - painted_ : painted_ - now;
  if (since < (stale_ ? kBetweenPaints : kClock)) return;
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
  stale_ = !region_.paint(live_lines(rollout, now, paces_, options_, region_.size()));
}

void Terminal::say(const std::string& text, const std::string& hint) {
  region_.scroll({{text, Style::bold}});
  options_.hint = hint;
  stale_ = true;
}

void Terminal::finish(const Rollout& rollout) {
  options_.hint.clear();
  region_.paint(live_lines(rollout, rollout.last_event(), paces_, options_, region_.size()));
  region_.close();
}

}  // namespace sitewide
