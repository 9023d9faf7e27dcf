#include <algorithm>
#include <utility>

#include "adapters/sms/client/proof.h"
#include "adapters/sms/client/signatures.h"
#include "adapters/sms/client/site_originals.h"
#include "adapters/sms/client/steps.h"
#include "adapters/sms/signatures.h"
#include "adapters/sms/site/steps.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

/// The client as a watch sees it; an answer instead when it has left SMS for good (Q154752).
Result<std::optional<ClientState>> still_a_client(const Work& work, Answer& gone) {
  auto client = read_client_state(*work.files);
  if (!client) return client.error();
  if (!*client) {
    gone = failed(
        told(Failure::client_removed, "no Sms.ini any more: the client was removed from SMS"));
  }
  if (*client && is_removed((*client)->phase)) {
    gone = failed(leaving_words(**client));
    return std::optional<ClientState>();
  }
  return client;
}

/// Looks for signatures, or says what was said before of the very same state.
std::string clue(const Work& work, const ClientState& client, const Sight& sight,
                 const std::string& missing, Timestamp since) {
  const std::string found = client.ini_digest.hex() + missing;
  if (work.recall && !work.at_deadline()) {
    if (auto said = work.recall->said(work.operation.key, found, work.now)) return *said;
  }
  std::string words = request_clue(work, client, sight.request);
  const std::string more = client_clue(work, client, since);
  if (!more.empty()) words += (words.empty() ? "" : "; ") + more;
  if (work.recall) work.recall->keep(work.operation.key, found, words, work.now);
  return words;
}

/// What the upgrade took out of Sms.ini; nothing when the one of before cannot be had.
std::string lost_by_upgrade(const Work& work, const ClientState& client,
                            const std::optional<ClientManifest>& manifest) {
  if (!manifest || manifest->ini_digest == client.ini_digest) return {};
  auto before = work.originals->get(manifest->ini_digest);
  return before ? lost_settings(SmsIni(std::move(*before)), client.ini) : std::string();
}

Result<Answer> judge(const Work& work, const ClientState& client,
                     const std::vector<ExpectedFile>& files, Timestamp since) {
  const auto sight = look_at_client(work, client, files, work.operation.forced, since);
  if (!sight) return sight.error();
  const std::string missing = what_is_missing(*sight);
  if (missing.empty()) {
    if (work.recall) work.recall->forget(work.operation.key);
    return ok(facts_of(client));
  }
  const std::string words = clue(work, client, *sight, missing, since);
  return pending(words.empty() ? missing : missing + "; " + words);
}

/// Files of a client that was proven and that are not what they were then; two at most are named.
std::string changed_files(const Sight& sight) {
  std::vector<std::string> words;
  for (const FileSight& file : sight.files) {
    if (file.content == FileSight::Content::right || words.size() == 2) continue;
    const bool gone = file.content == FileSight::Content::missing;
    words.push_back("file " + file.name + (gone ? " is gone" : " has other bytes"));
  }
  return join(words, "; ");
}

/// What a proof looks at: a client that still is one, and the files that it must hold.
struct Candidate {
  std::optional<ClientState> client;  ///< nothing: it is none any more, and `gone` is the answer
  std::vector<ExpectedFile> files;
  Answer gone;
};

Result<Candidate> candidate(const Work& work) {
  Candidate found;
  auto client = still_a_client(work, found.gone);
  if (!client) return client.error();
  found.client = std::move(*client);
  if (!found.client) return found;
  auto files = planned_on_client(work, *found.client);
  if (!files) return files.error();
  found.files = std::move(*files);
  return found;
}

}  // namespace

Result<Answer> converge(const Work& work) {
  const auto found = candidate(work);
  if (!found) return found.error();
  const auto& [client, files, gone] = *found;
  if (!client) return gone;
  if (files.empty() && work.operation.has_client_files) {
    return refused("no file of the hotfix is meant for this client");
  }
  const auto manifest = client_manifest(work);
  if (!manifest) return manifest.error();
  auto answer = judge(work, *client, files, *manifest ? (*manifest)->at : Timestamp());
  if (!answer || answer->kind != Answer::Kind::done) return answer;
  const std::string lost = lost_by_upgrade(work, *client, *manifest);
  if (!lost.empty()) answer->outcome.facts["warning"] = lost;
  return answer;
}

Result<Answer> recheck(const Work& work) {
  const auto found = candidate(work);
  if (!found) return found.error();
  const auto& [client, files, gone] = *found;
  if (!client) return gone;
  const auto sight = look_at_client(work, *client, files, false, work.now);
  if (!sight) return sight.error();
  const std::string missing = what_is_missing(*sight);
  if (missing.empty()) return ok(facts_of(*client));
  const std::string changed = changed_files(*sight);
  const bool at_work = sight->phase != SetupPhase::installed && !work.at_deadline();
  return changed.empty() || at_work ? pending(missing) : failed(changed);
}

Result<Answer> converge_originals(const Work& work) {
  Answer gone;
  const auto client = still_a_client(work, gone);
  if (!client) return client.error();
  if (!*client) return gone;
  const auto manifest = client_manifest(work);
  if (!manifest) return manifest.error();
  const auto files = originals_on_client(work, **client, *manifest);
  if (!files) return files.error();
  auto answer = judge(work, **client, *files, *manifest ? (*manifest)->at : Timestamp());
  if (!answer || answer->kind != Answer::Kind::done || *manifest) return answer;
  return tell_what_stays(work, **client, std::move(*answer));
}

}  // namespace sitewide::sms
