#include "orchestrator/cli/advice.h"

#include <algorithm>
#include <array>

namespace sitewide {
namespace {

bool is_bad(ClientState state) {
  return state == ClientState::failed || state == ClientState::lost ||
         state == ClientState::needs_hands || state == ClientState::restored;
}

// A client whose events a person reads first: one that needs hands, else one that failed, be it
// restored by now.
std::string first_to_look_at(const Rollout& rollout) {
  std::string found;
  for (std::uint32_t c = 0; c < rollout.schedule().clients.size(); ++c) {
    const ClientState state = rollout.client(c).state;
    const bool worst = state == ClientState::needs_hands;
    const bool bad = state == ClientState::failed || state == ClientState::lost ||
                     (state == ClientState::restored && !rollout.note(c).empty());
    if (worst || (bad && found.empty())) found = rollout.schedule().clients.name(c);
    if (worst) break;
  }
  return found;
}

template <class Words>
bool holds_any(std::string_view reason, const Words& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return reason.find(word) != reason.npos; });
}

// What shells say of a program that is not there or cannot be run. A client's folder that is not
// there is no mistake of the plan: the client is off.
constexpr std::array<std::string_view, 4> kOfClients = {"exit 126", "exit 127", "not found",
                                                        "no file of the hotfix"};
constexpr std::array<std::string_view, 3> kOfSites = {"No such file or directory", "not found",
                                                      "Permission denied"};

}  // namespace

bool looks_like_the_plan(const Rollout& rollout) {
  for (std::uint32_t c = 0; c < rollout.schedule().clients.size(); ++c) {
    const ClientRecord& client = rollout.client(c);
    if (is_bad(client.state) &&
        (client.last == OutcomeKind::refused || holds_any(rollout.note(c), kOfClients)))
      return true;
  }
  for (std::uint32_t s = 0; s < rollout.schedule().sites.size(); ++s) {
    const SiteRecord& site = rollout.site(s);
    const bool bad = site.phase == SiteRecord::Phase::failed || site.failed_attempt;
    if (bad && (site.last == OutcomeKind::refused || holds_any(site.note, kOfSites))) return true;
  }
  return false;
}

std::string next_commands(const Rollout& rollout, const std::string& id) {
  if (!rollout.ended() && !rollout.halted()) return "  continue:  sitewide resume " + id + "\n";
  const std::string client = first_to_look_at(rollout);
  std::string text = client.empty() ? "" : "  look:      sitewide log " + id + " " + client + "\n";
  if (rollout.ended()) {
    text += "  report:    sitewide report " + id + " --html " + id + ".html\n";
  } else {
    text += "  why:       sitewide why " + id + "\n  mend it, then:  sitewide resume " + id +
            " --retry-failed\n";
  }
  if (!looks_like_the_plan(rollout)) return text;
  return text + "  is it the plan?  this rollout keeps the one it was made from; to change it:\n" +
         (rollout.ended() ? "             edit the plan, then run it anew\n"
                          : "             sitewide abort " + id +
                                " (or rollback), edit the plan, " + "then run it anew\n");
}

}  // namespace sitewide
