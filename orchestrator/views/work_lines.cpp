#include "orchestrator/views/work_lines.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/views/cells.h"
#include "orchestrator/views/trouble.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

constexpr std::size_t kNameWidthMax = 24;
// Times stand there even on wide screens, near enough to their line's beginning.
constexpr std::size_t kTimesAt = 96;
constexpr std::size_t kTimeWidth = 8;

std::string name_of_client(const Rollout& rollout, std::uint32_t client) {
  return escaped(rollout.schedule().clients.name(client));
}

// `upgrade, attempt 2`, `converge: waits for log-on`.
std::string doing(const Rollout& rollout, const Activity::Work& work) {
  std::string text = spoken(name_of(work.step));
  if (work.attempt > 1) text += ", attempt " + std::to_string(work.attempt);
  const bool doubtful = rollout.in_doubt(Subject::client(work.client));
  if (doubtful) text += ", in doubt";
  const std::string& note = rollout.note(work.client);
  if ((is_watch(work.step) || doubtful) && !note.empty()) text += ": " + escaped(note, 200);
  return text;
}

// In whole seconds.
std::string time_since(Timestamp since, const LiveView& view) {
  return describe_duration(
      std::chrono::floor<std::chrono::seconds>(std::max(Duration{}, view.now - since)));
}

// A line of two columns and a time at its right.
Line row(const Span& mark, const std::string& name, std::size_t name_width, const std::string& text,
         const std::string& time, const LiveView& view, const ScreenSize& size) {
  const std::string_view ellipsis = view.options.screen.charset == Charset::utf8 ? "…" : "~";
  const std::size_t right = std::min(size.columns, kTimesAt);
  const std::size_t used = 4 + name_width + 2 + 1 + kTimeWidth;
  const std::size_t room = right > used ? right - used : 0;
  const std::string padded =
      std::string(kTimeWidth - std::min(kTimeWidth, time.size()), ' ') + time;
  return {
      {"  ", Style::plain},
      {mark.text + " ", mark.style},
      {fitted(name, name_width, ellipsis) + "  ", Style::plain},
      {fitted(text, room, ellipsis) + " ", mark.style == Style::bad ? Style::bad : Style::plain},
      {padded, Style::dim}};
}

std::size_t name_width_of(const Rollout& rollout, const std::vector<std::uint32_t>& clients) {
  std::size_t width = 0;
  for (const std::uint32_t client : clients)
    width = std::max(width, cells_of(name_of_client(rollout, client)));
  return std::min(width, kNameWidthMax);
}

}  // namespace

std::vector<Line> work_lines(const LiveView& view, std::size_t most, const ScreenSize& size) {
  const Rollout& rollout = view.rollout;
  const std::size_t open = view.activity.open_count();
  const std::size_t rows = open > most && most > 0 ? most - 1 : most;
  const std::vector<Activity::Work> works = view.activity.slowest(rollout, rows);
  std::vector<std::uint32_t> clients;
  clients.reserve(works.size());
  for (const Activity::Work& work : works) clients.push_back(work.client);
  const std::size_t width = name_width_of(rollout, clients);
  std::vector<Line> lines;
  for (const Activity::Work& work : works) {
    const ClientState state = rollout.client(work.client).state;
    const Span mark{std::string(glyph(state, view.options.screen.charset)), Style::busy};
    lines.push_back(row(mark, name_of_client(rollout, work.client), width, doing(rollout, work),
                        time_since(work.since, view), view, size));
  }
  if (open > works.size() && !works.empty())
    lines.push_back(
        {{"    and " + with_separators(open - works.size()) + " more under way", Style::dim}});
  return lines;
}

std::vector<Line> trouble_lines(const LiveView& view, std::size_t most, const ScreenSize& size) {
  const Rollout& rollout = view.rollout;
  // Those in doubt are under way, and stand there.
  std::vector<std::uint32_t> clients = view.activity.latest_trouble(rollout, 4 * most);
  std::erase_if(clients, [&](std::uint32_t client) {
    return rollout.client(client).state == ClientState::in_doubt;
  });
  clients.resize(std::min(clients.size(), most));
  const std::size_t width = name_width_of(rollout, clients);
  std::vector<Line> lines;
  for (const std::uint32_t client : clients) {
    const ClientState state = rollout.client(client).state;
    const bool mild = state == ClientState::late || state == ClientState::restoring;
    const Span mark{std::string(glyph(state, view.options.screen.charset)),
                    mild ? Style::warn : Style::bad};
    lines.push_back(row(mark, name_of_client(rollout, client), width,
                        describe_trouble(rollout, client),
                        time_since(view.activity.trouble_since(client), view), view, size));
  }
  return lines;
}

}  // namespace sitewide
