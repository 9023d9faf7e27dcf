// Pace: how fast something goes and when it will be done, from its count now and then. Plain value;
// constant cost.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "orchestrator/core/time.h"

namespace sitewide {

class Pace {
 public:
  /// Remembers the count. A count that falls begins a new measurement.
  void look(Timestamp now, std::uint32_t done);
  /// Begins a new measurement.
  void reset() { size_ = 0; }
  /// Counts a second, over the last minute or however long it took for some to come; nothing while
  /// too little was seen to tell.
  std::optional<double> per_second() const;
  /// How long `remaining` more will take at this pace.
  std::optional<Duration> time_for(std::uint32_t remaining) const;

 private:
  struct Sample {
    Timestamp at{};
    std::uint32_t done = 0;
  };
  const Sample& reference() const;

  static constexpr std::size_t kSamples = 32;
  std::array<Sample, kSamples>
      samples_{};  // oldest first, `size_` of them, thinner towards the past
  std::size_t size_ = 0;
  Sample last_;
};

/// `3.1/s`, `12/min`, `4.0/h`: the unit in which the number reads well.
std::string describe_rate(double per_second);

}  // namespace sitewide
