// OutputBuffer: keeps the first and the last bytes of what a program prints and counts the rest, in
// bounded memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "orchestrator/core/outcome.h"

namespace sitewide {

inline constexpr std::size_t kOutputHead = std::size_t{8} << 10;
inline constexpr std::size_t kOutputTail = std::size_t{56} << 10;

class OutputBuffer {
 public:
  explicit OutputBuffer(std::size_t head = kOutputHead, std::size_t tail = kOutputTail)
      : head_limit_(head), tail_limit_(tail) {}

  void append(std::string_view bytes);
  /// What was kept; afterwards the buffer is empty.
  Output take();

 private:
  std::size_t head_limit_;
  std::size_t tail_limit_;
  Output output_;  // its tail may grow to twice the limit before it is cut
};

}  // namespace sitewide
