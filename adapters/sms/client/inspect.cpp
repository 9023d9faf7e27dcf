#include <utility>

#include "adapters/sms/client/proof.h"
#include "adapters/sms/client/steps.h"
#include "adapters/sms/signatures.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {

std::string leaving_words(const ClientState& client) {
  return told(Failure::client_removed,
              "SetupPhase is " + client.setup_phase_shown() + ": the client is leaving SMS");
}

Result<ClientState> require_client(Files& drive_c) {
  auto client = read_client_state(drive_c);
  if (!client) return client.error();
  if (!*client) return Error{ErrorKind::refused, "no Sms.ini: not an SMS client"};
  if (is_removed((*client)->phase)) {
    return Error{ErrorKind::refused, leaving_words(**client)};
  }
  return std::move(**client);
}

Result<Answer> inspect(const Work& work) {
  const auto client = require_client(*work.files);
  if (!client) return client.error();
  const std::string& expected_os = work.operation.client.os;
  if (!client->os.empty() && !expected_os.empty() &&
      !equals_ignoring_case(client->os, expected_os)) {
    return refused(told(Failure::other_system,
                        "Sms.ini says " + client->os + ", the inventory " + expected_os));
  }
  const auto files = planned_on_client(work, *client);
  if (!files) return files.error();
  if (files->empty() && work.operation.has_client_files) {
    return refused("no file of the hotfix is meant for this client");
  }
  const auto right = files_are_right(*work.files, *files);
  if (!right) return right.error();
  Answer answer = ok(facts_of(*client));
  // Without files there is nothing to tell by but the settings (configure.h).
  answer.outcome.on_target = *right || (files->empty() && !work.operation.parts.client.empty());
  return answer;
}

}  // namespace sitewide::sms
