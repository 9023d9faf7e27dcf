// The event codec: a row that is accepted is an event of the schedule; written again it is the same
// row for ever. Input: kind, subject, step, attempt, outcome, a line each; then the detail.
#include <charconv>

#include "orchestrator/core/event_codec.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/sample.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

Record record_from(std::string_view input) {
  Input parts(input);
  Record record;
  record.seq = 7;
  record.kind = parts.line();
  record.subject = parts.line();
  record.step = parts.line();
  const std::string_view attempt = parts.line();
  std::from_chars(attempt.data(), attempt.data() + attempt.size(), record.attempt);
  record.outcome = parts.line();
  record.detail = parts.rest();
  return record;
}

}  // namespace

void event(std::string_view input) {
  const Schedule& schedule = sample_schedule();
  static const SubjectIndex subjects(schedule);
  const Record record = record_from(input);
  const auto read = decode(subjects, record);
  if (!read) {
    holds(read.error().kind == ErrorKind::journal, "a row that cannot be read is the journal's",
          input);
    return;
  }
  holds(kind_of(*read) == record.kind, "an event keeps its kind", input);
  const Record written = encode(schedule, *read, record.at);
  holds(written.subject == record.subject, "an event keeps its subject", input);
  const auto again = decode(subjects, written);
  holds(again.has_value(), "what is written can be read", written.detail);
  holds(encode(schedule, *again, record.at) == written, "and is written as it was", written.detail);
}

}  // namespace sitewide::fuzz
