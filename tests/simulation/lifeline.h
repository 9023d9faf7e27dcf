// Lifeline: how long a controller lives, counted in touches: each call between it and anything
// outside (a commit, a start, an answer, an order) is one, before and after. At zero it is dead:
// nothing that it does reaches anything any more. Plain value.
#pragma once

#include <cstdint>

namespace sitewide::simulation {

class Lifeline {
 public:
  void dies_after(std::uint32_t touches) { left_ = touches, counts_ = true; }
  void die() { dead_ = true; }
  bool dead() const { return dead_; }
  /// False when the controller is dead.
  bool touch() {
    if (!dead_ && counts_ && left_-- == 0) dead_ = true;
    return !dead_;
  }

 private:
  std::uint32_t left_ = 0;
  bool counts_ = false;
  bool dead_ = false;
};

}  // namespace sitewide::simulation
