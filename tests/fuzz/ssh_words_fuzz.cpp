// What ssh prints, with banners that a server chose: a fault is told when anything stands there, in
// words that are safe to show, and the name of the host is in them.
#include "adapters/openssh/messages.h"
#include "orchestrator/base/text.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {

void ssh_words(std::string_view input) {
  const auto fault = openssh::fault_in(input, "pc1");
  if (!fault) {
    const bool silent = trim(input).empty();
    const bool accepted = input.find("Warning: Permanently added") != input.npos;
    holds(silent || accepted, "nothing is passed over", input);
    return;
  }
  holds_safe(fault->reason);
  holds(fault->reason.starts_with("pc1: "), "it says of which host", fault->reason);
  const bool knows_start = fault->kind == ssh::Fault::Kind::unreachable;
  const bool says_connect = input.find("connect") != input.npos ||
                            input.find("resolve") != input.npos ||
                            input.find("exchange") != input.npos;
  holds(!knows_start || says_connect, "only words of connecting say that nothing began", input);
}

}  // namespace sitewide::fuzz
