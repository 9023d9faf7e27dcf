#include "orchestrator/views/group_lines.h"

#include <algorithm>
#include <map>
#include <utility>

#include "orchestrator/base/text.h"
#include "orchestrator/views/cells.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

constexpr std::size_t kNameWidthMax = 24;
constexpr std::size_t kBarWidthMax = 24;

Style style_of(GroupState state) {
  switch (state) {
    case GroupState::waiting:
    case GroupState::skipped:
      return Style::dim;
    case GroupState::running:
    case GroupState::soaking:
    case GroupState::checking:
      return Style::busy;
    case GroupState::awaiting_approval:
      return Style::warn;
    case GroupState::passed:
      return Style::good;
    case GroupState::halted:
    case GroupState::rolling_back:
    case GroupState::rolled_back:
      return Style::bad;
  }
  return Style::plain;
}

bool is_active(const GroupSummary& row) {
  return row.state != GroupState::waiting && row.state != GroupState::passed &&
         row.state != GroupState::skipped;
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

// On target, ended otherwise, under way, waiting: each part in its share, in a form that needs no
// colour. What ended otherwise is never squeezed out, and what is left by rounding is the others'.
Line bar(const GroupSummary& row, std::size_t width, Charset charset) {
  const std::uint64_t total = std::max<std::uint32_t>(row.clients, 1);
  const std::uint32_t ended = row.settled() - row.on_target();
  const std::uint32_t to_come = row.count(ClientState::waiting);
  const std::uint32_t busy = row.clients - row.settled() - to_come;
  std::size_t left = width;
  const auto share = [&](std::uint32_t count) {
    std::size_t cells = static_cast<std::size_t>(std::uint64_t{count} * width / total);
    if (count > 0) cells = std::max<std::size_t>(cells, 1);
    cells = std::min(cells, left);
    left -= cells;
    return cells;
  };
  const bool utf8 = charset == Charset::utf8;
  const std::size_t bad = share(ended);
  std::size_t good = share(row.on_target());
  std::size_t going = share(busy);
  if (to_come == 0) (busy > 0 ? going : good) += std::exchange(left, 0);
  return {{repeated(utf8 ? "█" : "#", good), Style::good},
          {repeated(utf8 ? "▓" : "x", bad), Style::bad},
          {repeated(utf8 ? "▒" : ">", going), Style::busy},
          {repeated(utf8 ? "░" : ".", left), Style::dim}};
}

struct Layout {
  std::size_t name_width = 0, count_width = 0, bar_width = 0;
};

// What stands behind the count, and how soon it is left out when there is no room.
struct Piece {
  std::string text;
  int worth = 0;
};

std::string joined(std::vector<Piece> pieces, std::size_t room) {
  for (;;) {
    std::string text;
    for (const Piece& piece : pieces) text += piece.text.empty() ? "" : "  " + piece.text;
    const auto least = std::min_element(pieces.begin(), pieces.end(),
                                        [](auto& a, auto& b) { return a.worth < b.worth; });
    if (cells_of(text) <= room || least == pieces.end() || least->worth > 2) return text;
    pieces.erase(least);
  }
}

std::string left_of(const GroupSummary& row, const Pace* pace, const LiveView& view) {
  if (row.state == GroupState::passed || row.state == GroupState::skipped) return {};
  const auto& groups = view.outlook.groups;
  if (row.index < groups.size() && groups[row.index])
    return describe_left(*groups[row.index], view.now) + " left";
  if (pace == nullptr || !row.wave_open || row.state != GroupState::running) return {};
  const auto rest = pace->time_for(row.wave_clients - row.wave_settled);
  if (!rest) return {};
  return describe_left(view.now + *rest, view.now) +
         (row.waves > 1 ? " left of the wave" : " left");
}

std::string tail_of(const GroupSummary& row, const LiveView& view, std::size_t room) {
  const bool done = row.state == GroupState::passed;
  const Pace* pace = row.index < view.paces.size() ? &view.paces[row.index] : nullptr;
  std::vector<Piece> pieces;
  if (row.waves > 1 && !done)
    pieces.push_back({"wave " + std::to_string(row.wave) + "/" + std::to_string(row.waves), 1});
  pieces.push_back({glyph_counts(row.counts, view.options.screen.charset), 4});
  if (row.state != GroupState::running && !done && row.state != GroupState::waiting)
    pieces.push_back({spoken(name_of(row.state)), 3});
  if (pace != nullptr && row.wave_open && row.state == GroupState::running) {
    if (const auto rate = pace->per_second()) pieces.push_back({describe_rate(*rate), 0});
  }
  pieces.push_back({left_of(row, pace, view), 2});
  return joined(std::move(pieces), room);
}

Line group_line(const GroupSummary& row, const LiveView& view, const Layout& layout,
                std::size_t columns) {
  const Charset charset = view.options.screen.charset;
  const std::string_view ellipsis = charset == Charset::utf8 ? "…" : "~";
  Line line{{std::string(glyph(row.state, charset)) + " ", style_of(row.state)},
            {fitted(escaped(row.name), layout.name_width, ellipsis) + " ", Style::plain}};
  if (layout.bar_width > 0) {
    for (Span& span : bar(row, layout.bar_width, charset)) line.push_back(std::move(span));
    line.push_back({" ", Style::plain});
  }
  std::string count = with_separators(row.settled()) + "/" + with_separators(row.clients);
  count.insert(0, layout.count_width - std::min(layout.count_width, count.size()), ' ');
  line.push_back({count, Style::plain});
  const std::size_t taken = cells_of(line);
  line.push_back({tail_of(row, view, columns > taken ? columns - taken : 0), Style::plain});
  return line;
}

// The rows there is room for, in order: those in which something goes on before the others.
std::vector<bool> chosen(const std::vector<GroupSummary>& groups, std::size_t room) {
  std::vector<bool> shown(groups.size(), false);
  for (const bool active : {true, false}) {
    for (std::size_t i = 0; i < groups.size() && room > 0; ++i) {
      if (is_active(groups[i]) != active) continue;
      shown[i] = true;
      --room;
    }
  }
  return shown;
}

}  // namespace

std::vector<Line> group_lines(const Summary& summary, const LiveView& view, std::size_t room,
                              const ScreenSize& size) {
  Layout layout;
  for (const GroupSummary& row : summary.groups) {
    layout.name_width = std::max(layout.name_width, cells_of(escaped(row.name)));
    layout.count_width = std::max(layout.count_width, 2 * with_separators(row.clients).size() + 1);
  }
  layout.name_width =
      std::min({layout.name_width, kNameWidthMax, std::max<std::size_t>(size.columns / 3, 4)});
  if (size.columns >= kNarrow) layout.bar_width = std::min(kBarWidthMax, size.columns / 5);
  const bool all = summary.groups.size() <= room;
  const std::vector<bool> shown =
      chosen(summary.groups, all ? room : room - std::min<std::size_t>(room, 1));
  std::vector<Line> lines;
  std::map<GroupState, std::uint64_t> hidden;
  for (std::size_t i = 0; i < summary.groups.size(); ++i) {
    const GroupSummary& row = summary.groups[i];
    if (shown[i]) {
      lines.push_back(group_line(row, view, layout, size.columns));
    } else {
      ++hidden[row.state];
    }
  }
  if (all || room == 0) return lines;
  std::string more;
  for (const auto& [state, count] : hidden)
    more += (more.empty() ? "" : ", ") + std::to_string(count) + " " + spoken(name_of(state));
  lines.push_back({{"  more groups: " + more, Style::dim}});
  return lines;
}

}  // namespace sitewide
