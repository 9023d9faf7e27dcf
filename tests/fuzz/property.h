// What a fuzz target demands: holds() ends the program when a property does not hold, so that a
// fuzzer takes the input for a crash and keeps it. Input cuts an input into parts. Pure; shares no
// predicate with the code under test.
#pragma once

#include <cstdint>
#include <string_view>

namespace sitewide::fuzz {

/// Ends the program unless `condition` holds; `property` says what ought to be true, `about` what
/// it is not true of.
void holds(bool condition, const char* property, std::string_view about = {});

/// `text` may go to a screen, a log or a page as it is: UTF-8 without control characters and
/// without characters that turn the direction of writing or break the line.
void holds_safe(std::string_view text);
/// The same for each line of a text of several, which may also hold tabs.
void holds_safe_lines(std::string_view text);

/// Cuts an input into parts, in the order in which they are asked for; missing ones are empty.
class Input {
 public:
  explicit Input(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  /// Up to the next line end, without it.
  std::string_view line() {
    const std::size_t end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return line;
  }
  std::string_view rest() const { return rest_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace sitewide::fuzz
