// Attempt records: only the script's own words are understood, and what a client printed last is
// safe to show.
#include "adapters/attempt_verdict.h"
#include "adapters/last_line.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

std::string printed(const AttemptRecord& record) {
  switch (record.kind) {
    case AttemptRecord::Kind::finished:
      return "finished " + std::to_string(record.exit_code);
    case AttemptRecord::Kind::running:
      return "running " + record.pid;
    case AttemptRecord::Kind::interrupted:
      return "interrupted";
    case AttemptRecord::Kind::given_up:
      return "given-up";
    case AttemptRecord::Kind::unknown:
      break;
  }
  return "";
}

}  // namespace

void attempt_record(std::string_view input) {
  if (const auto record = parse_record(input)) {
    holds(printed(*record) == input, "a record is the script's own words", input);
    holds(record->exit_code >= -1 && record->exit_code <= 255, "an exit code is a byte", input);
    holds(record->pid.find_first_not_of("0123456789") == std::string::npos, "a pid is a number",
          record->pid);
  }
  for (const std::size_t cut : {std::size_t{0}, input.size() / 2, input.size()}) {
    Output output;
    output.head = input.substr(0, cut);
    output.tail = input.substr(cut);
    const std::string line = last_line(output);
    holds_safe(line);
    holds(line.size() <= 203, "the last line is short", line);
  }
}

}  // namespace sitewide::fuzz
