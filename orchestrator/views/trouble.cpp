#include "orchestrator/views/trouble.h"

#include <algorithm>
#include <map>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

// What a person must see to comes first.
int weight(ClientState state) {
  if (state == ClientState::needs_hands) return 0;
  if (state == ClientState::failed) return 1;
  if (state == ClientState::lost) return 2;
  if (state == ClientState::in_doubt) return 3;
  return state == ClientState::late ? 5 : 4;
}

std::string words(std::string_view state, std::string_view note, std::size_t count) {
  if (note.starts_with(state)) note = trim(note.substr(state.size()));
  if (note.starts_with(':')) note = trim(note.substr(1));
  const bool plural = count > 1 && state == "needs hands";
  return (plural ? "need hands" : std::string(state)) + (note.empty() ? "" : ": ") + escaped(note);
}

}  // namespace

bool is_trouble(ClientState state) {
  switch (state) {
    case ClientState::late:
    case ClientState::in_doubt:
    case ClientState::failed:
    case ClientState::lost:
    case ClientState::restoring:
    case ClientState::restored:
    case ClientState::needs_hands:
      return true;
    case ClientState::waiting:
    case ClientState::inspecting:
    case ClientState::backing_up:
    case ClientState::triggered:
    case ClientState::converging:
    case ClientState::upgraded:
    case ClientState::already_current:
    case ClientState::skipped:
      return false;
  }
  return false;
}

std::vector<Cause> fold_trouble(const Rollout& rollout, std::span<const std::uint32_t> clients) {
  std::map<std::pair<int, std::string>, Cause> by_cause;
  for (const std::uint32_t client : clients) {
    const ClientState state = rollout.client(client).state;
    if (!is_trouble(state)) continue;
    Cause& cause = by_cause[{weight(state), rollout.note(client)}];
    cause.state = state;
    cause.clients.push_back(client);
  }
  std::vector<Cause> causes;
  for (auto& [key, cause] : by_cause) {
    cause.note = key.second;
    causes.push_back(std::move(cause));
  }
  std::stable_sort(causes.begin(), causes.end(), [](const Cause& a, const Cause& b) {
    if (a.state != b.state) return weight(a.state) < weight(b.state);
    return a.clients.size() > b.clients.size();
  });
  return causes;
}

std::string describe_trouble(std::string_view state, std::string_view note, std::size_t count) {
  return count_of(count, "client") + " " + words(state, note, count);
}

std::string describe(const Cause& cause) {
  return describe_trouble(spoken(name_of(cause.state)), cause.note, cause.clients.size());
}

std::string describe_trouble(const Rollout& rollout, std::uint32_t client) {
  return words(spoken(name_of(rollout.client(client).state)), rollout.note(client), 1);
}

}  // namespace sitewide
