// Who holds a lock, as its file says: an owner has one text, and is safe to show.
#include "orchestrator/journal/owner.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {

void owner(std::string_view input) {
  const auto read = parse_owner(input);
  if (!read) return;
  holds(encode_owner(*read) == input, "an owner is written as it was read", input);
  const std::string words = describe(*read);
  holds_safe(words);
  holds(words.size() <= 250, "it is described in a few words", words);
}

}  // namespace sitewide::fuzz
