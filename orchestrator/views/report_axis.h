// The time axis that the report's two drawings share: from instants to places, and round times as
// its ticks. Pure.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/core/time.h"

namespace sitewide {

class TimeAxis {
 public:
  /// Draws [begin, end] between the coordinates `left` and `right`. An empty stretch becomes one of
  /// a millisecond.
  TimeAxis(Timestamp begin, Timestamp end, double left, double right);

  Timestamp begin() const { return begin_; }
  Timestamp end() const { return end_; }
  /// Where an instant lies; what is outside lies at the nearer end.
  double x(Timestamp at) const;
  /// Grid lines from `top` to `bottom` at round times, each with its time above `top`; days are
  /// named where they begin.
  std::string grid(double top, double bottom) const;
  /// The step between two ticks: a round number of seconds, minutes, hours or days.
  Duration step() const { return step_; }

 private:
  Timestamp begin_, end_;
  double left_, right_;
  Duration step_;
};

}  // namespace sitewide
