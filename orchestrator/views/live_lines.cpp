#include "orchestrator/views/live_lines.h"

#include <algorithm>
#include <cstdio>

#include "orchestrator/base/text.h"
#include "orchestrator/core/summary.h"
#include "orchestrator/core/why.h"
#include "orchestrator/views/approvals.h"
#include "orchestrator/views/cells.h"
#include "orchestrator/views/group_lines.h"
#include "orchestrator/views/wording.h"
#include "orchestrator/views/work_lines.h"

namespace sitewide {
namespace {

constexpr std::size_t kSitesShown = 3;
constexpr std::size_t kTroubleShown = 3;
constexpr std::size_t kWorkShown = 8;

std::string elapsed(Duration duration) {
  const long long seconds = std::max<long long>(0, duration.count() / 1000);
  char text[48];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60,
                seconds % 60);
  return text;
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

// `ends ~18:40 UTC, ~12m left`; when somebody has to approve or continue first, that instead. The
// longest that says it comes first.
std::vector<std::string> end_words(const LiveView& view) {
  if (!view.outlook.end) return {};
  const Timestamp end = *view.outlook.end;
  const std::string when = "ends " + describe_expected(end, view.now);
  if (!view.outlook.needs_somebody)
    return {when + ", " + describe_left(end, view.now) + " left", when};
  return {when + (view.rollout.paused() ? " if continued" : " if approved")};
}

Line header(const Summary& summary, const LiveView& view, std::size_t columns) {
  const bool utf8 = view.options.screen.charset == Charset::utf8;
  const std::string dot = utf8 ? " · " : " - ";
  const std::string name =
      std::string(glyph(summary.state, view.options.screen.charset)) + " " + escaped(summary.id);
  const std::string head =
      dot + spoken(name_of(summary.state)) + dot + elapsed(view.now - summary.created) + dot;
  const std::string done = with_separators(summary.on_target()) + " of ";
  const std::string whole = done + count_of(summary.clients, "client") + " on target";
  const std::string brief = done + with_separators(summary.clients) + " on target";
  std::vector<std::string> candidates;
  for (const std::string& end : end_words(view)) {
    if (columns < kNarrow) break;
    candidates.push_back(head + whole + dot + end);
    candidates.push_back(head + brief + dot + end);
  }
  candidates.push_back(head + whole);
  candidates.push_back(head + brief);
  candidates.push_back(dot + spoken(name_of(summary.state)) + dot + brief);
  candidates.push_back(dot + brief);
  const auto fits = [&](const std::string& candidate) {
    return cells_of(name) + cells_of(candidate) <= columns;
  };
  const auto first = std::find_if(candidates.begin(), candidates.end(), fits);
  const std::string text = first == candidates.end() ? candidates.back() : *first;
  return {{name, Style::bold},
          {text, summary.state == RolloutState::running ? Style::plain : Style::warn}};
}

// The keys that do something now, as far as they fit: the first ones matter most.
Line key_line(const LiveView& view, std::size_t columns) {
  const Rollout& rollout = view.rollout;
  std::vector<std::string> keys;
  const bool stands = rollout.paused() || rollout.halted();
  if (!view.options.leave.empty()) {
    const std::size_t awaited = awaited_approvals(rollout).size();
    if (awaited > 0)
      keys.push_back(awaited > 1 ? "a approve (" + std::to_string(awaited) + ")" : "a approve");
    keys.emplace_back(stands ? "c continue" : "p pause");
    if (view.activity.trouble_count() > 0) keys.emplace_back("f failures");
    keys.emplace_back("/ find");
    keys.emplace_back("? help");
    keys.push_back("q " + view.options.leave);
  }
  if (!view.options.hint.empty()) keys.push_back(view.options.hint);
  const std::string dot = view.options.screen.charset == Charset::utf8 ? " · " : " - ";
  std::string text;
  for (const std::string& key : keys) {
    const std::string piece = (text.empty() ? "" : dot) + key;
    if (cells_of(text) + cells_of(piece) > columns) break;
    text += piece;
  }
  return {{text, Style::dim}};
}

std::vector<Line> foot_of(const LiveView& view, const Summary& summary, const ScreenSize& size) {
  std::vector<Line> foot;
  WhyOptions why_options;
  why_options.controlled = view.options.controlled;
  const Style style = summary.state == RolloutState::halted ? Style::warn : Style::dim;
  const std::size_t most = size.rows > 14 ? 3 : 1;
  for (const std::string& piece :
       wrapped(why(view.rollout, Subject::rollout(), view.now, why_options), size.columns, most))
    foot.push_back({{piece, style}});
  foot.insert(foot.end(), view.foot.begin(), view.foot.end());
  const bool anything = !view.options.hint.empty() || !view.options.leave.empty();
  if (!view.asking && anything && size.rows > 7) foot.push_back(key_line(view, size.columns));
  return foot;
}

// How many lines each part gets when not all of them fit: the groups matter most, but not so much
// that nothing is seen of what goes wrong and what is under way.
struct Shares {
  std::size_t groups = 0, sites = 0, trouble = 0, work = 0;
};

Shares share_out(std::size_t room, const Shares& wanted) {
  Shares shares = wanted;
  const auto over = [&] {
    const std::size_t all = shares.groups + shares.sites + shares.trouble + shares.work;
    return all > room ? all - room : 0;
  };
  const auto shrink = [&](std::size_t& part, std::size_t least) {
    if (part > least) part -= std::min(part - least, over());
  };
  shrink(shares.work, 3);
  shrink(shares.groups, 5);
  shrink(shares.trouble, 1);
  shrink(shares.work, 0);
  shrink(shares.sites, 0);
  shrink(shares.trouble, 0);
  shrink(shares.groups, 0);
  return shares;
}

std::vector<Line> site_lines(const Summary& summary, Charset charset) {
  std::vector<Line> lines;
  for (const SiteSummary& row : summary.sites) {
    const bool busy =
        row.open_step || row.retry || row.needs_hands || row.phase == SiteRecord::Phase::failed;
    if (busy && lines.size() < kSitesShown) lines.push_back(site_line(row, charset));
  }
  return lines;
}

void append(std::vector<Line>& lines, std::vector<Line> more, std::size_t most) {
  if (more.size() > most) more.resize(most);
  for (Line& line : more) lines.push_back(std::move(line));
}

}  // namespace

std::vector<Line> live_lines(const LiveView& view, const ScreenSize& size) {
  const Summary summary = summarize(view.rollout, view.options.controlled);
  const std::size_t rows = size.rows > 1 ? size.rows - 1 : 1;
  std::vector<Line> foot = foot_of(view, summary, size);
  Shares wanted;
  wanted.groups = summary.groups.size();
  std::vector<Line> sites;
  if (size.columns >= kNarrow) {  // on a narrow screen only the groups
    sites = site_lines(summary, view.options.screen.charset);
    wanted.sites = sites.size();
    wanted.trouble = std::min(kTroubleShown, view.activity.trouble_count());
    wanted.work = std::min(kWorkShown, view.activity.open_count());
  }
  const std::size_t fixed = 1 + foot.size();
  const Shares shares = share_out(rows > fixed ? rows - fixed : 0, wanted);
  std::vector<Line> lines{header(summary, view, size.columns)};
  append(lines, group_lines(summary, view, shares.groups, size), shares.groups);
  append(lines, std::move(sites), shares.sites);
  append(lines, trouble_lines(view, shares.trouble, size), shares.trouble);
  append(lines, work_lines(view, shares.work, size), shares.work);
  append(lines, std::move(foot), rows - std::min(rows, lines.size()));
  return lines;
}

}  // namespace sitewide
