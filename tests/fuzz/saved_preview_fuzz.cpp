// The reader of saved previews, which `run` acts upon. Any bytes as they are, and, so that the
// digest does not keep the fuzzer out, as a content with the digest that fits it: what is accepted
// fits together, can be run by a controller, and is read again as it is written.
#include "orchestrator/preview/drift.h"
#include "orchestrator/preview/saved_preview.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/sample.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

void check_refusal(const Error& error) {
  holds(error.kind == ErrorKind::invalid, "what is no preview is invalid", error.message);
  holds_safe(error.message);
}

// Compared with a world in which everything is gone: every item's words go to a screen.
void check_drift(const SavedPreview& preview) {
  PresentState nothing;
  nothing.plan_trouble = "gone";
  for (const DriftItem& item : drift_since(preview, nothing)) holds_safe(item.words);
}

void check(const SavedPreview& preview) {
  holds(sha256(preview.plan) == preview.schedule.plan_digest, "the plan is the schedule's");
  holds(!preview.clients || preview.clients->size() == preview.schedule.clients.size(),
        "as many clients were seen as there are");
  SavedPreview copy = preview;
  const std::string written = encode_saved_preview(copy);
  const auto again = decode_saved_preview(written);
  holds(again.has_value(), "what is written can be read", written);
  SavedPreview last = *again;
  holds(encode_saved_preview(last) == written, "and is written as it was", written);
  use(preview.schedule);
  check_drift(preview);
}

void feed(std::string_view text) {
  const auto read = decode_saved_preview(text);
  if (read) {
    check(*read);
  } else {
    check_refusal(read.error());
  }
}

}  // namespace

void saved_preview(std::string_view input) {
  feed(input);
  std::string text = "{\"sitewide_preview\":1,\"sha256\":\"" + sha256(input).hex();
  text += "\",\"content\":";
  text += input;
  text += "}\n";
  feed(text);
}

}  // namespace sitewide::fuzz
