#include "adapters/run_words.h"

#include <cstring>

namespace sitewide {
namespace {

std::string with_last_line(const std::string& words, const Output& output) {
  const std::string line = last_line(output);
  return line.empty() ? words : words + ": " + line;
}

}  // namespace

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
    case RunResult::Kind::denied:
      return result.reason;
    case RunResult::Kind::lost:
      if (!result.reason.empty()) return with_last_line(result.reason, result.output);
      return with_last_line("not reached: exit " + std::to_string(result.exit_code), result.output);
  }
  return "";
}

}  // namespace sitewide
