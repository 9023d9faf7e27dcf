// Dice: chance from a seed. The same seed gives the same throws on every machine.
#pragma once

#include <cstdint>

#include "orchestrator/core/time.h"

namespace sitewide::simulation {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}

  std::uint64_t next() {
    std::uint64_t value = state_ += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
  }
  /// From 0 to count - 1.
  std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>(next() % count); }
  /// From `low` to `high`, both included.
  std::uint32_t between(std::uint32_t low, std::uint32_t high) {
    return low + below(high - low + 1);
  }
  /// True this often in a thousand.
  bool per_mille(std::uint32_t share) { return below(1000) < share; }
  bool half() { return per_mille(500); }
  Duration up_to(Duration most) {
    return Duration(
        static_cast<Duration::rep>(next() % static_cast<std::uint64_t>(most.count() + 1)));
  }

 private:
  std::uint64_t state_;
};

}  // namespace sitewide::simulation
