// The schedule codec: a text that is accepted can be used by a controller, and written again it is
// the same text for ever.
#include "orchestrator/core/schedule_codec.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/sample.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {

void schedule(std::string_view input) {
  const auto read = decode_schedule(input);
  if (!read) {
    holds(read.error().kind == ErrorKind::journal, "a schedule that cannot be read is refused",
          input);
    return;
  }
  holds(read->digest == sha256(input), "its digest is that of its text", input);
  const std::string written = encode_schedule(*read);
  const auto again = decode_schedule(written);
  holds(again.has_value(), "what is written can be read", written);
  holds(encode_schedule(*again) == written, "and is written as it was", written);
  use(*read);
}

}  // namespace sitewide::fuzz
