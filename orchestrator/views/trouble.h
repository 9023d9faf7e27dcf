// Trouble: the clients that did not end well, with equal reasons folded into one cause, in the
// words that the end of a run and the screen of failures share. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/core/rollout.h"

namespace sitewide {

/// A state that is bad, or may be: failed, lost, late, in doubt, restoring, restored, needs hands.
bool is_trouble(ClientState state);

/// What a person should look at first is 0; clients on target come last.
int urgency(ClientState state);

/// The note without the client's own name, so that what differs in nothing else is one cause.
std::string nameless(std::string note, std::string_view name);

struct Cause {
  ClientState state = ClientState::failed;
  std::string note;  ///< not escaped; of several clients, `…` where each was named itself
  std::vector<std::uint32_t> clients;
};

/// The causes of those of `clients` that are in trouble: what needs a person first, and of equal
/// states the one that concerns most clients.
std::vector<Cause> fold_trouble(const Rollout& rollout, std::span<const std::uint32_t> clients);

/// `2 clients late: off`, `1 client needs hands: …`, `2 clients need hands: …`; a reason that
/// begins with the state says it once. Escaped.
std::string describe(const Cause& cause);
/// The same of `count` clients in a state, or in a list of the reconciliation, as it is spoken.
std::string describe_trouble(std::string_view state, std::string_view note, std::size_t count);
/// `failed: exit 41`: the same of one client, without its name.
std::string describe_trouble(const Rollout& rollout, std::uint32_t client);

}  // namespace sitewide
