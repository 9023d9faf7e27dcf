#include "adapters/attempt_verdict.h"

#include <charconv>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

/// A number as the shell prints it: digits, without a sign or zeros before them.
std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (std::to_string(number) != text) return std::nullopt;
  return number;
}

}  // namespace

std::optional<AttemptRecord> parse_record(std::string_view line) {
  AttemptRecord record;
  const auto words = split(line, ' ');
  if (words.size() == 1 && words[0] == "given-up") {
    record.kind = AttemptRecord::Kind::given_up;
    return record;
  }
  if (words.size() == 1 && words[0] == "interrupted") {
    record.kind = AttemptRecord::Kind::interrupted;
    return record;
  }
  const auto number = words.size() == 2 ? number_in(words[1]) : std::nullopt;
  if (!number || *number < 0) return std::nullopt;
  if (words[0] == "finished" && *number <= 255) {
    record.kind = AttemptRecord::Kind::finished;
    record.exit_code = *number;
    return record;
  }
  if (words[0] == "running") {
    record.kind = AttemptRecord::Kind::running;
    record.pid = std::string(words[1]);
    return record;
  }
  return std::nullopt;
}

}  // namespace sitewide
