#include "orchestrator/views/report_timeline.h"

#include <algorithm>
#include <map>

#include "orchestrator/base/text.h"
#include "orchestrator/views/cells.h"
#include "orchestrator/views/report_axis.h"
#include "orchestrator/views/report_html.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

constexpr double kLabelWidth = 150, kWidth = 1100, kTop = 26;
constexpr double kBar = 18, kRow = 22, kMarks = 14, kGap = 8;
constexpr double kCharacter = 6.4;  // width of one at the drawing's size, about
constexpr double kMarkWidth = 10;   // marks nearer than this are one
constexpr std::size_t kLabelCells = 22;

struct KindStyle {
  Stretch::Kind kind;
  std::string_view css, word;
};
// Each kind has a pattern of its own beside its colour.
constexpr KindStyle kStyles[] = {
    {Stretch::Kind::wave, "wave", "wave"},
    {Stretch::Kind::soak, "soak", "soak"},
    {Stretch::Kind::gate, "gate", "approval or other gate"},
    {Stretch::Kind::site_step, "site-step", "step of a site"},
    {Stretch::Kind::rollback, "rollback", "rollback"},
    {Stretch::Kind::paused, "paused", "paused"},
    {Stretch::Kind::halted, "halted", "halted"},
    {Stretch::Kind::no_controller, "no-controller", "no controller"},
};

std::string css_of(Stretch::Kind kind) {
  for (const KindStyle& style : kStyles) {
    if (style.kind == kind) return std::string(style.css);
  }
  return {};
}

// Lines of a colour over a lighter ground: kinds are told apart in grey, too.
constexpr std::string_view kPatterns = R"svg(<defs>
<pattern id="p-wave" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" class="g-busy"/></pattern>
<pattern id="p-soak" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" class="g-soak"/><circle cx="2" cy="2" r="1" class="s-soak"/></pattern>
<pattern id="p-gate" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" class="g-warn"/><rect width="2" height="8" class="s-warn"/></pattern>
<pattern id="p-site-step" width="8" height="6" patternUnits="userSpaceOnUse"><rect width="8" height="6" class="g-good"/><rect width="8" height="1" class="s-good"/></pattern>
<pattern id="p-rollback" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="8" height="8" class="g-bad"/><rect width="2" height="8" class="s-bad"/></pattern>
<pattern id="p-paused" width="6" height="8" patternUnits="userSpaceOnUse"><rect width="6" height="8" class="g-idle"/><rect width="1.5" height="8" class="s-idle"/></pattern>
<pattern id="p-halted" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" class="g-bad"/><path d="M0 0L8 8M8 0L0 8" class="l-bad"/></pattern>
<pattern id="p-no-controller" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" class="g-paper"/><path d="M0 8L8 0" class="l-idle"/></pattern>
</defs>
)svg";

std::string rect(std::string_view css, double x, double y, double width, double height) {
  return "<rect class=\"bar " + std::string(css) + "\" fill=\"url(#p-" + std::string(css) +
         ")\" x=\"" + html_number(x) + "\" y=\"" + html_number(y) + "\" width=\"" +
         html_number(width) + "\" height=\"" + html_number(height) + "\" rx=\"2\"/>";
}

// Cut to the width of a label.
std::string cut(std::string_view text) {
  const std::string safe = escaped(text);
  return cells_of(safe) > kLabelCells ? fitted(safe, kLabelCells) : safe;
}

struct Row {
  std::string label;
  std::vector<Stretch> stretches;
  std::vector<FailureMark> marks;
};

class Drawing {
 public:
  Drawing(Timestamp begin, Timestamp end) : axis_(begin, end, kLabelWidth, kWidth - 6) {}

  // Its waves or steps, then its gates and rollbacks, each in as many lines as keep bars apart,
  // then its marks.
  void add(const Row& row) {
    const double top = y_;
    add_bars(row.stretches, [](Stretch::Kind kind) { return !is_beside_waves(kind); });
    add_bars(row.stretches, is_beside_waves);
    if (row.stretches.empty()) y_ += kRow;
    add_marks(row.marks);
    text_ += "<text class=\"row\" x=\"0\" y=\"" + html_number(top + 13) + "\">" +
             html_escaped(cut(row.label)) + "</text>\n";
    y_ += kGap;
    text_ += "<line class=\"rule\" x1=\"0\" x2=\"" + html_number(kWidth) + "\" y1=\"" +
             html_number(y_ - kGap / 2) + "\" y2=\"" + html_number(y_ - kGap / 2) + "\"/>\n";
  }

  std::string take(const std::vector<Stretch>& rollout) {
    const double bottom = y_;
    std::string head = "<svg viewBox=\"0 0 " + html_number(kWidth) + " " + html_number(bottom + 2) +
                       "\" role=\"img\" aria-label=\"Timeline of sites, groups, waves and gates; "
                       "the events below say the same in words\">\n";
    head.append(kPatterns);
    for (const Stretch& stretch : rollout) {
      if (stretch.kind == Stretch::Kind::rollback) continue;
      const double left = axis_.x(stretch.begin);
      const double right = std::max(axis_.x(stretch.end.value_or(axis_.end())), left + 2);
      head += "<rect class=\"band " + css_of(stretch.kind) + "\" x=\"" + html_number(left) +
              "\" y=\"" + html_number(kTop) + "\" width=\"" + html_number(right - left) +
              "\" height=\"" + html_number(bottom - kTop) + "\"/>\n";
    }
    return head + axis_.grid(kTop, bottom) + text_ + "</svg>\n";
  }

 private:
  static bool is_beside_waves(Stretch::Kind kind) {
    return kind == Stretch::Kind::soak || kind == Stretch::Kind::gate ||
           kind == Stretch::Kind::rollback;
  }

  void add_bars(const std::vector<Stretch>& stretches, bool (*is_wanted)(Stretch::Kind)) {
    std::vector<double> free;  // where each line is free again
    for (const Stretch& stretch : stretches) {
      if (!is_wanted(stretch.kind)) continue;
      const double left = axis_.x(stretch.begin);
      const double right = std::max(axis_.x(stretch.end.value_or(axis_.end())), left + 3);
      std::size_t line = 0;
      while (line < free.size() && free[line] > left + 0.5) ++line;
      if (line == free.size()) free.push_back(0);
      free[line] = right;
      bar(stretch, left, right, y_ + kRow * static_cast<double>(line));
    }
    y_ += kRow * static_cast<double>(free.size());
  }

  void bar(const Stretch& stretch, double left, double right, double y) {
    const std::string label = html(stretch.label);
    const Timestamp end = stretch.end.value_or(axis_.end());
    text_ += "<g><title>" + label + ": " + html_time(stretch.begin) + ", " +
             describe_duration(end - stretch.begin) + (stretch.end ? "" : " so far") + "</title>" +
             rect(css_of(stretch.kind), left, y, right - left, kBar);
    const std::string shown = cut(stretch.label);
    const double width = static_cast<double>(cells_of(shown)) * kCharacter + 8;
    if (width < right - left) {
      text_ += "<rect class=\"plate\" x=\"" + html_number(left + 2) + "\" y=\"" +
               html_number(y + 2) + "\" width=\"" + html_number(width - 2) + "\" height=\"" +
               html_number(kBar - 4) + "\"/><text class=\"in\" x=\"" + html_number(left + 5) +
               "\" y=\"" + html_number(y + 13) + "\">" + html_escaped(shown) + "</text>";
    }
    text_ += "</g>\n";
  }

  void add_marks(const std::vector<FailureMark>& marks) {
    if (marks.empty()) return;
    std::size_t i = 0;
    while (i < marks.size()) {
      const double left = axis_.x(marks[i].at);
      std::map<ClientState, std::size_t> counts;
      std::size_t next = i;
      for (; next < marks.size() && axis_.x(marks[next].at) < left + kMarkWidth; ++next)
        ++counts[marks[next].state];
      std::string title;
      for (const auto& [state, count] : counts) {
        title += (title.empty() ? "" : ", ") + std::to_string(count) + " " + spoken(name_of(state));
      }
      const ClientState worst = counts.size() == 1 && counts.begin()->first == ClientState::late
                                    ? ClientState::late
                                    : ClientState::failed;
      text_ += "<g><title>" + title + " at " + html_time(marks[i].at) +
               "</title><text class=\"mark " + std::string(tone_of(worst)) + "\" x=\"" +
               html_number(std::min(left, kWidth - 10)) + "\" y=\"" + html_number(y_ + 9) + "\">" +
               std::string(glyph(worst, Charset::utf8)) + "</text></g>\n";
      i = next;
    }
    y_ += kMarks;
  }

  TimeAxis axis_;
  double y_ = kTop + kGap / 2;
  std::string text_;
};

// What occurs, and what it looks like.
std::string key(const History& history) {
  std::string text = "<ul class=\"key\">\n";
  const auto has = [&](Stretch::Kind kind) {
    const auto in = [kind](const std::vector<Stretch>& stretches) {
      return std::any_of(stretches.begin(), stretches.end(),
                         [kind](const Stretch& stretch) { return stretch.kind == kind; });
    };
    return in(history.rollout) || std::any_of(history.groups.begin(), history.groups.end(), in) ||
           std::any_of(history.site_stretches.begin(), history.site_stretches.end(), in);
  };
  for (const KindStyle& style : kStyles) {
    if (!has(style.kind)) continue;
    text += "<li><svg class=\"swatch\" viewBox=\"0 0 28 14\" aria-hidden=\"true\">" +
            rect(style.css, 1, 1, 26, 12) + "</svg> " + std::string(style.word) + "</li>\n";
  }
  const auto is_late = [](const FailureMark& mark) { return mark.state == ClientState::late; };
  if (!std::all_of(history.marks.begin(), history.marks.end(), is_late))
    text += "<li><span class=\"bad\" aria-hidden=\"true\">✖</span> clients failed</li>\n";
  if (std::any_of(history.marks.begin(), history.marks.end(), is_late))
    text += "<li><span class=\"warn\" aria-hidden=\"true\">⊘</span> clients late</li>\n";
  return text + "</ul>\n";
}

}  // namespace

std::string timeline_html(const Schedule& schedule, const History& history, Timestamp until) {
  if (history.begin == Timestamp{} && history.end == Timestamp{}) return {};
  Drawing drawing(history.begin, until);
  if (!history.rollout.empty()) drawing.add({"rollout", history.rollout, {}});
  for (std::size_t s = 0; s < schedule.sites.size(); ++s) {
    if (!history.site_stretches[s].empty())
      drawing.add({"site " + schedule.sites[s].plan.name, history.site_stretches[s], {}});
  }
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    Row row{schedule.groups[g].plan.name, history.groups[g], {}};
    std::copy_if(history.marks.begin(), history.marks.end(), std::back_inserter(row.marks),
                 [g](const FailureMark& mark) { return mark.group == g; });
    drawing.add(row);
  }
  return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Timeline\">" +
         drawing.take(history.rollout) + "</div>\n" + key(history);
}

}  // namespace sitewide
