#include "orchestrator/views/trouble.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

std::string words(std::string_view state, std::string_view note, std::size_t count) {
  if (note.starts_with(state)) note = trim(note.substr(state.size()));
  if (note.starts_with(':')) note = trim(note.substr(1));
  const bool plural = count > 1 && state == "needs hands";
  return (plural ? "need hands" : std::string(state)) + (note.empty() ? "" : ": ") + escaped(note);
}

bool is_part_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

}  // namespace

std::string nameless(std::string note, std::string_view name) {
  constexpr std::string_view kSomebody = "…";
  for (std::size_t at = note.find(name); at != std::string::npos && !name.empty();
       at = note.find(name, at)) {
    const std::size_t end = at + name.size();
    const bool begins = at == 0 || !is_part_of_word(note[at - 1]);
    const bool ends = end == note.size() || !is_part_of_word(note[end]);
    if (begins && ends) note.replace(at, name.size(), kSomebody);
    at += begins && ends ? kSomebody.size() : 1;
  }
  return note;
}

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

int urgency(ClientState state) {
  switch (state) {
    case ClientState::needs_hands:
      return 0;
    case ClientState::lost:
      return 1;
    case ClientState::failed:
      return 2;
    case ClientState::in_doubt:
      return 3;
    case ClientState::restoring:
      return 4;
    case ClientState::restored:
      return 5;
    case ClientState::late:
      return 6;
    case ClientState::triggered:
    case ClientState::converging:
    case ClientState::inspecting:
    case ClientState::backing_up:
      return 7;
    case ClientState::waiting:
      return 8;
    case ClientState::skipped:
      return 9;
    case ClientState::upgraded:
    case ClientState::already_current:
      return 10;
  }
  return 10;
}

std::vector<Cause> fold_trouble(const Rollout& rollout, std::span<const std::uint32_t> clients) {
  std::map<std::pair<int, std::string>, Cause> by_cause;
  for (const std::uint32_t client : clients) {
    const ClientState state = rollout.client(client).state;
    if (!is_trouble(state)) continue;
    const std::string_view name = rollout.schedule().clients.name(client);
    Cause& cause = by_cause[{urgency(state), nameless(rollout.note(client), name)}];
    cause.state = state;
    cause.clients.push_back(client);
  }
  std::vector<Cause> causes;
  for (auto& [key, cause] : by_cause) {
    cause.note = cause.clients.size() > 1 ? key.second : rollout.note(cause.clients.front());
    causes.push_back(std::move(cause));
  }
  std::stable_sort(causes.begin(), causes.end(), [](const Cause& a, const Cause& b) {
    if (a.state != b.state) return urgency(a.state) < urgency(b.state);
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
