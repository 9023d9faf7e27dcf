#include "orchestrator/views/report_axis.h"

#include <algorithm>

#include "orchestrator/views/report_html.h"

namespace sitewide {
namespace {

constexpr int kTicksMax = 7;
constexpr double kCharacter = 6.2;  // width of one at the size of a tick, about

using namespace std::chrono_literals;

// From a tenth of a second to a year in steps that a person counts in.
constexpr Duration kSteps[] = {100ms, 500ms, 1s,    2s,    5s,    10s,  15s,  30s,   1min,
                               2min,  5min,  10min, 15min, 30min, 1h,   2h,   3h,    6h,
                               12h,   24h,   48h,   96h,   168h,  336h, 672h, 2160h, 8760h};

Duration round_step(Duration length) {
  for (const Duration step : kSteps) {
    if (length / step <= kTicksMax) return step;
  }
  return length;
}

}  // namespace

TimeAxis::TimeAxis(Timestamp begin, Timestamp end, double left, double right)
    : begin_(begin),
      end_(std::max(end, begin + Duration(1))),
      left_(left),
      right_(right),
      step_(round_step(end_ - begin_)) {}

double TimeAxis::x(Timestamp at) const {
  const double part = static_cast<double>((std::clamp(at, begin_, end_) - begin_).count()) /
                      static_cast<double>((end_ - begin_).count());
  return left_ + part * (right_ - left_);
}

std::string TimeAxis::grid(double top, double bottom) const {
  std::string text;
  std::chrono::sys_days day{};
  double free = 0;  // where the last tick's time ends
  const Timestamp zero{};
  Timestamp at = zero + ((begin_ - zero + step_ - Duration(1)) / step_) * step_;
  for (; at <= end_; at += step_) {
    const std::string left = html_number(x(at));
    const auto today = std::chrono::floor<std::chrono::days>(at);
    std::string stamp = format_timestamp(at);  // 2026-11-22T23:01:02.345Z
    const std::string date = stamp.substr(0, 10);
    std::string shown = stamp.substr(11, step_ < 1s ? 10 : step_ < 1min ? 8 : 5);
    if (step_ >= 24h) shown.clear();
    if (today != day) shown = shown.empty() ? date : date + " " + shown;
    day = today;
    text += "<line class=\"grid\" x1=\"" + left + "\" x2=\"" + left + "\" y1=\"" +
            html_number(top) + "\" y2=\"" + html_number(bottom) + "\"/>\n";
    const double width = static_cast<double>(shown.size()) * kCharacter;
    const double from = std::clamp(x(at) - width / 2, left_, std::max(left_, right_ + 4 - width));
    if (from < free) continue;
    free = from + width + kCharacter;
    text += "<text class=\"tick\" x=\"" + html_number(from) + "\" y=\"" + html_number(top - 6) +
            "\">" + shown + "</text>\n";
  }
  return text;
}

}  // namespace sitewide
