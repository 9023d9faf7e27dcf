#include "adapters/run_words.h"

#include <cstring>
#include <string_view>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kLine = 200;

std::string_view last_line_of(std::string_view text) {
  text = trim(text);
  const std::size_t start = text.find_last_of("\r\n");
  return trim(start == std::string_view::npos ? text : text.substr(start + 1));
}

std::string with_last_line(std::string words, const Output& output) {
  const std::string line = last_line(output);
  return line.empty() ? words : words + ": " + line;
}

}  // namespace

std::string last_line(const Output& output) {
  std::string_view line = last_line_of(output.tail);
  if (line.empty()) line = last_line_of(output.head);
  return escaped(line, kLine);
}

std::string run_words(const RunResult& result) {
  switch (result.kind) {
    case RunResult::Kind::exited:
      if (result.exit_code == 0) return "";
      if (result.exit_code < 0) return result.reason;
      return with_last_line("exit " + std::to_string(result.exit_code), result.output);
    case RunResult::Kind::signalled: {
      const char* name = ::strsignal(result.signal);
      return with_last_line("ended by signal " + std::to_string(result.signal) + " (" +
                                (name == nullptr ? "?" : name) + ")",
                            result.output);
    }
    case RunResult::Kind::timed_out:
      return with_last_line(result.reason, result.output);
    case RunResult::Kind::unreachable:
      return result.reason;
  }
  return "";
}

}  // namespace sitewide
