#include "orchestrator/views/report_progress.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/views/client_course.h"
#include "orchestrator/views/report_axis.h"
#include "orchestrator/views/report_html.h"

namespace sitewide {
namespace {

constexpr double kWidth = 1100, kHeight = 300;
constexpr double kLeft = 64, kRight = 900, kTop = 26, kBottom = 284;
constexpr double kLine = 16;  // between two labels

std::uint32_t sum(const std::array<std::uint32_t, kClientStates>& counts,
                  std::initializer_list<ClientState> states) {
  std::uint32_t total = 0;
  for (const ClientState state : states) total += counts[static_cast<std::size_t>(state)];
  return total;
}

ProgressPoint point_of(const Rollout& rollout, Timestamp at) {
  const auto& counts = rollout.counts();
  return {at, sum(counts, {ClientState::upgraded, ClientState::already_current}),
          sum(counts, {ClientState::failed, ClientState::lost, ClientState::needs_hands,
                       ClientState::restoring, ClientState::restored})};
}

using Value = std::uint32_t ProgressPoint::*;

struct Chart {
  TimeAxis axis;
  double clients;

  double y(double count) const { return kBottom - count / clients * (kBottom - kTop); }

  // A line that goes in steps: it stays until the next point.
  std::string steps(const std::vector<ProgressPoint>& points, Value value) const {
    std::string path;
    for (const ProgressPoint& point : points) {
      const bool first = path.empty();
      path += (first ? "M" : "H") + html_number(axis.x(point.at));
      if (point.at > axis.end()) break;  // drawn to the edge, and no further
      path += (first ? " " : "V") + html_number(y(point.*value));
    }
    return path;
  }

  std::string scale() const {
    std::string text;
    for (const double part : {0.0, 0.5, 1.0}) {
      const double count = part * clients;
      if (count != static_cast<double>(static_cast<std::uint64_t>(count))) continue;
      const std::string height = html_number(y(count));
      text += "<line class=\"grid\" x1=\"" + html_number(kLeft) + "\" x2=\"" + html_number(kRight) +
              "\" y1=\"" + height + "\" y2=\"" + height + "\"/><text class=\"tick\" x=\"" +
              html_number(kLeft - 8) + "\" y=\"" + html_number(y(count) + 4) +
              "\" text-anchor=\"end\">" + with_separators(static_cast<std::uint64_t>(count)) +
              "</text>\n";
    }
    return text;
  }
};

struct Label {
  double y;
  std::string css, text;
};

// Labels stand at the ends of their lines, and give way to each other.
std::string labels_html(std::vector<Label> labels) {
  std::stable_sort(labels.begin(), labels.end(),
                   [](const Label& a, const Label& b) { return a.y < b.y; });
  for (std::size_t i = 1; i < labels.size(); ++i)
    labels[i].y = std::max(labels[i].y, labels[i - 1].y + kLine);
  double floor = kBottom + 4;
  for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
    label->y = std::min(label->y, floor);
    floor = label->y - kLine;
  }
  std::string text;
  for (const Label& label : labels) {
    text += "<text class=\"" + label.css + "\" x=\"" + html_number(kRight + 10) + "\" y=\"" +
            html_number(label.y + 4) + "\">" + label.text + "</text>\n";
  }
  return text;
}

std::string forecast_label(const std::vector<ProgressPoint>& planned) {
  const std::uint32_t most = planned.back().on_target;
  const auto done = std::find_if(planned.begin(), planned.end(), [&](const ProgressPoint& point) {
    return point.on_target == most;
  });
  return "┄ forecast: " + with_separators(most) + " after " +
         describe_duration(done->at - planned.front().at);
}

}  // namespace

std::vector<ProgressPoint> progress_of(const Schedule& schedule,
                                       std::span<const JournaledEvent> events, std::size_t limit) {
  std::vector<ProgressPoint> points;
  if (events.empty()) return points;
  const Timestamp begin = events.front().at;
  const Duration bin =
      (events.back().at - begin) / static_cast<Duration::rep>(std::max<std::size_t>(limit, 1));
  Rollout rollout(schedule);
  for (const JournaledEvent& event : events) {
    rollout.apply(event.event, event.at);
    const ProgressPoint point = point_of(rollout, event.at);
    if (points.empty()) {
      points.push_back(point);
      continue;
    }
    ProgressPoint& last = points.back();
    if (point.on_target == last.on_target && point.failed == last.failed) continue;
    // Of what happens within a bin, the end counts.
    if (points.size() > 1 && point.at - last.at < bin) {
      last.on_target = point.on_target;
      last.failed = point.failed;
    } else {
      points.push_back(point);
    }
  }
  ProgressPoint end = points.back();
  end.at = events.back().at;
  if (end.at > points.back().at) points.push_back(end);
  return points;
}

std::string progress_svg(std::uint32_t clients, const std::vector<ProgressPoint>& made,
                         const std::vector<ProgressPoint>& planned) {
  if (made.empty() || clients == 0) return {};
  const Chart chart{TimeAxis(made.front().at, made.back().at, kLeft, kRight),
                    static_cast<double>(clients)};
  const ProgressPoint& last = made.back();
  std::string text = "<svg viewBox=\"0 0 " + html_number(kWidth) + " " + html_number(kHeight) +
                     "\" role=\"img\" aria-label=\"Burn-up: " + with_separators(last.on_target) +
                     " of " + count_of(clients, "client") + " on target and " +
                     with_separators(last.failed) + " failed or put back at the end\">\n";
  text += chart.axis.grid(kTop, kBottom) + chart.scale();
  std::vector<Label> labels{
      {chart.y(last.on_target), "good", "━ on target " + with_separators(last.on_target)},
      {chart.y(last.failed), "bad", "╍ failed or put back " + with_separators(last.failed)}};
  if (planned.size() > 1) {
    text += "<path class=\"line planned\" d=\"" + chart.steps(planned, &ProgressPoint::on_target) +
            "\"/>\n";
    const auto beyond =
        std::upper_bound(planned.begin(), planned.end(), chart.axis.end(),
                         [](Timestamp at, const ProgressPoint& point) { return at < point.at; });
    const ProgressPoint& seen = beyond == planned.begin() ? *beyond : *std::prev(beyond);
    labels.push_back({chart.y(seen.on_target), "soft", html(forecast_label(planned))});
  }
  const std::string line = chart.steps(made, &ProgressPoint::on_target);
  text += "<path class=\"area\" d=\"" + line + "V" + html_number(kBottom) + "H" +
          html_number(kLeft) + "Z\"/>\n<path class=\"line on-target\" d=\"" + line +
          "\"/>\n<path class=\"line failed\" d=\"" + chart.steps(made, &ProgressPoint::failed) +
          "\"/>\n";
  return text + labels_html(std::move(labels)) + "</svg>\n";
}

}  // namespace sitewide
