#include "adapters/output_buffer.h"

#include <algorithm>
#include <utility>

namespace sitewide {

void OutputBuffer::append(std::string_view bytes) {
  output_.total_bytes += bytes.size();
  const std::size_t first = std::min(bytes.size(), head_limit_ - output_.head.size());
  output_.head.append(bytes.substr(0, first));
  bytes.remove_prefix(first);
  if (bytes.size() > tail_limit_) bytes.remove_prefix(bytes.size() - tail_limit_);
  output_.tail.append(bytes);
  // Cutting at twice the limit keeps the cost of a byte constant however small the pieces are.
  if (output_.tail.size() >= 2 * tail_limit_ && tail_limit_ > 0) {
    output_.tail.erase(0, output_.tail.size() - tail_limit_);
  }
}

Output OutputBuffer::take() {
  if (output_.tail.size() > tail_limit_) {
    output_.tail.erase(0, output_.tail.size() - tail_limit_);
  }
  return std::exchange(output_, Output{});
}

}  // namespace sitewide
