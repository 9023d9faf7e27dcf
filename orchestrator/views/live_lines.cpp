#include "orchestrator/views/live_lines.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "orchestrator/base/text.h"
#include "orchestrator/core/summary.h"
#include "orchestrator/core/why.h"
#include "orchestrator/views/cells.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

constexpr std::size_t kNarrow = 60;  // below: no bars
constexpr std::size_t kNameWidthMax = 24;
constexpr std::size_t kBarWidthMax = 24;
constexpr std::size_t kSitesShown = 3;

std::string elapsed(Duration duration) {
  const long long seconds = std::max<long long>(0, duration.count() / 1000);
  char text[48];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60,
                seconds % 60);
  return text;
}

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
// colour.
Line bar(const GroupSummary& row, std::size_t width, Charset charset) {
  const std::uint64_t total = std::max<std::uint32_t>(row.clients, 1);
  const std::uint32_t ended = row.settled() - row.on_target();
  const std::uint32_t busy = row.clients - row.settled() - row.count(ClientState::waiting);
  std::size_t left = width;
  const auto share = [&](std::uint32_t count) {
    std::size_t cells = static_cast<std::size_t>(std::uint64_t{count} * width / total);
    if (count > 0) cells = std::max<std::size_t>(cells, 1);
    cells = std::min(cells, left);
    left -= cells;
    return cells;
  };
  const bool utf8 = charset == Charset::utf8;
  const std::size_t bad = share(ended);  // never squeezed out by the others
  const std::size_t good = share(row.on_target());
  const std::size_t going = share(busy);
  return {{repeated(utf8 ? "█" : "#", good), Style::good},
          {repeated(utf8 ? "▓" : "x", bad), Style::bad},
          {repeated(utf8 ? "▒" : ">", going), Style::busy},
          {repeated(utf8 ? "░" : ".", left), Style::dim}};
}

struct Layout {
  std::size_t name_width = 0, count_width = 0, bar_width = 0;
};

Line group_line(const GroupSummary& row, const Pace* pace, const Layout& layout, Charset charset) {
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
  std::string tail;
  if (row.waves > 1 && row.state != GroupState::passed)
    tail += "  wave " + std::to_string(row.wave) + "/" + std::to_string(row.waves);
  if (const std::string counts = glyph_counts(row.counts, charset); !counts.empty())
    tail += "  " + counts;
  if (row.state != GroupState::running && row.state != GroupState::passed &&
      row.state != GroupState::waiting) {
    tail += "  " + spoken(name_of(row.state));
  }
  if (pace != nullptr && row.wave_open && row.state == GroupState::running) {
    if (const auto rate = pace->per_second()) tail += "  " + describe_rate(*rate);
    if (const auto rest = pace->time_for(row.wave_clients - row.wave_settled)) {
      tail += (row.waves > 1 ? "  wave ETA " : "  ETA ") + describe_duration(*rest);
    }
  }
  line.push_back({tail, Style::plain});
  return line;
}

Line site_line(const SiteSummary& row, Charset charset) {
  const bool bad = row.phase == SiteRecord::Phase::failed || row.needs_hands;
  std::string text =
      "site " + escaped(row.name) + "  " +
      (row.open_step ? spoken(name_of(*row.open_step)) : std::string(name_of(row.phase)));
  if (row.in_doubt) text += " in doubt";
  if (row.needs_hands) text += ", needs hands";
  if (!row.note.empty()) text += ": " + escaped(row.note, 200);
  return {{std::string(glyph(row.phase, charset)) + " ", bad ? Style::bad : Style::busy},
          {text, bad ? Style::bad : Style::plain}};
}

Line header(const Summary& summary, Timestamp now, Charset charset) {
  const std::string dot = charset == Charset::utf8 ? " · " : " - ";
  return {{std::string(glyph(summary.state, charset)) + " " + escaped(summary.id), Style::bold},
          {dot + spoken(name_of(summary.state)) + dot + elapsed(now - summary.created) + dot +
               with_separators(summary.on_target()) + " of " + count_of(summary.clients, "client") +
               " on target",
           Style::plain}};
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

std::vector<Line> group_lines(const Summary& summary, const std::vector<Pace>& paces,
                              std::size_t room, const ScreenSize& size, Charset charset) {
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
      lines.push_back(group_line(row, i < paces.size() ? &paces[i] : nullptr, layout, charset));
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

}  // namespace

std::vector<Line> live_lines(const Rollout& rollout, Timestamp now, const std::vector<Pace>& paces,
                             const TerminalOptions& options, const ScreenSize& size) {
  const Charset charset = options.screen.charset;
  const Summary summary = summarize(rollout, options.controlled);
  const std::size_t rows = size.rows > 1 ? size.rows - 1 : 1;
  std::vector<Line> sites;
  if (size.columns >= kNarrow) {  // on a narrow screen only the groups
    for (const SiteSummary& row : summary.sites) {
      const bool busy =
          row.open_step || row.retry || row.needs_hands || row.phase == SiteRecord::Phase::failed;
      if (busy && sites.size() < kSitesShown) sites.push_back(site_line(row, charset));
    }
  }
  std::vector<Line> last;
  WhyOptions why_options;
  why_options.controlled = options.controlled;
  last.push_back({{why(rollout, Subject::rollout(), now, why_options),
                   summary.state == RolloutState::halted ? Style::warn : Style::dim}});
  if (!options.hint.empty() && rows > 6) last.push_back({{options.hint, Style::dim}});
  if (rows <= 2 + last.size() + sites.size()) sites.clear();
  const std::size_t fixed = 1 + last.size() + sites.size();
  std::vector<Line> lines{header(summary, now, charset)};
  if (rows > fixed) {
    for (Line& line : group_lines(summary, paces, rows - fixed, size, charset))
      lines.push_back(std::move(line));
  }
  for (Line& line : sites) lines.push_back(std::move(line));
  for (Line& line : last) {
    if (lines.size() < rows) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace sitewide
