#include "orchestrator/views/report_timeline.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "orchestrator/base/text.h"
#include "orchestrator/views/cells.h"

namespace sitewide {
namespace {

constexpr double kLabelWidth = 160, kWidth = 1100, kRow = 26, kBar = 18, kTop = 24;
constexpr double kCharacter = 6.6;  // width of one at the page's size, about
constexpr int kTicks = 5;

std::string html(std::string_view text) { return html_escaped(escaped(text)); }

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

std::string_view class_of(Stretch::Kind kind) {
  switch (kind) {
    case Stretch::Kind::wave:
      return "wave";
    case Stretch::Kind::soak:
      return "soak";
    case Stretch::Kind::approval:
      return "approval";
    case Stretch::Kind::check:
      return "check";
    case Stretch::Kind::site_step:
      return "site_step";
    case Stretch::Kind::rollback:
      return "rollback";
    case Stretch::Kind::paused:
      return "paused";
    case Stretch::Kind::no_controller:
      return "no_controller";
  }
  return "";
}

struct Row {
  std::string label;
  const std::vector<Stretch>* stretches;
};

class Drawing {
 public:
  Drawing(Timestamp begin, Timestamp end)
      : begin_(begin), end_(std::max(end, begin + Duration(1))) {}

  std::string bar(const Stretch& stretch, double y) const {
    const Timestamp end = stretch.end.value_or(end_);
    const double left = x(stretch.begin);
    const double width = std::max(x(end) - left, 2.0);
    const std::string label = html(stretch.label);
    const std::string title = label + ": " + format_timestamp(stretch.begin) + ", " +
                              describe_duration(end - stretch.begin) +
                              (stretch.end ? "" : " so far");
    std::string text = "<g><title>" + title + "</title><rect class=\"" +
                       std::string(class_of(stretch.kind)) + "\" x=\"" + number(left) + "\" y=\"" +
                       number(y) + "\" width=\"" + number(width) + "\" height=\"" + number(kBar) +
                       "\" rx=\"2\"/>";
    if (static_cast<double>(cells_of(label)) * kCharacter + 6 < width) {
      text += "<text class=\"in\" x=\"" + number(left + 4) + "\" y=\"" + number(y + 13) + "\">" +
              label + "</text>";
    }
    return text + "</g>\n";
  }

  std::string axis(double height) const {
    std::string text;
    for (int i = 0; i <= kTicks; ++i) {
      const Timestamp at = begin_ + (end_ - begin_) * i / kTicks;
      const std::string left = number(x(at));
      text += "<line class=\"grid\" x1=\"" + left + "\" x2=\"" + left + "\" y1=\"" +
              number(kTop - 4) + "\" y2=\"" + number(height) + "\"/>";
      const char* anchor = i == 0 ? "start" : i == kTicks ? "end" : "middle";
      const std::string stamp = format_timestamp(std::chrono::floor<std::chrono::seconds>(at));
      const bool same_day = std::chrono::floor<std::chrono::days>(begin_) ==
                            std::chrono::floor<std::chrono::days>(end_);
      const std::string shown = i == 0 || !same_day
                                    ? stamp.substr(0, 10) + " " + stamp.substr(11, 5)
                                    : stamp.substr(11, 8);
      text +=
          "<text x=\"" + left + "\" y=\"12\" text-anchor=\"" + anchor + "\">" + shown + "</text>\n";
    }
    return text;
  }

 private:
  double x(Timestamp at) const {
    const double part = static_cast<double>((std::clamp(at, begin_, end_) - begin_).count()) /
                        static_cast<double>((end_ - begin_).count());
    return kLabelWidth + part * (kWidth - kLabelWidth - 4);
  }
  Timestamp begin_, end_;
};

}  // namespace

std::string timeline_svg(const Schedule& schedule, const History& history, Timestamp until) {
  std::vector<Row> rows;
  for (std::size_t s = 0; s < schedule.sites.size(); ++s) {
    if (!history.site_stretches[s].empty())
      rows.push_back({"site " + schedule.sites[s].plan.name, &history.site_stretches[s]});
  }
  for (std::size_t g = 0; g < schedule.groups.size(); ++g) {
    rows.push_back({schedule.groups[g].plan.name, &history.groups[g]});
  }
  if (!history.rollout.empty()) rows.push_back({"rollout", &history.rollout});
  if (history.begin == Timestamp{} && history.end == Timestamp{}) return {};
  const Drawing drawing(history.begin, until);
  const double height = kTop + kRow * static_cast<double>(rows.size());
  std::string text = "<svg viewBox=\"0 0 " + number(kWidth) + " " + number(height + 4) +
                     "\" role=\"img\" aria-label=\"Timeline of sites, groups and waves; the event "
                     "log below has the same in words\">\n";
  text += drawing.axis(height);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double y = kTop + kRow * static_cast<double>(i);
    text += "<text x=\"0\" y=\"" + number(y + 13) + "\">" + html(fitted(rows[i].label, 22)) +
            "</text>\n";
    for (const Stretch& stretch : *rows[i].stretches) text += drawing.bar(stretch, y);
  }
  return text + "</svg>\n";
}

}  // namespace sitewide
