#include "adapters/sms/client/site_originals.h"

#include <utility>

#include "adapters/sms/site/steps.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {

Result<std::vector<ExpectedFile>> originals_on_client(const Work& work, const ClientState& client,
                                                      const std::optional<ClientManifest>& own) {
  const auto site = site_manifest(work);
  if (!site) return site.error();
  std::vector<ExpectedFile> files;
  for (const PlannedFile& planned : work.operation.files) {
    if (planned.on_client.empty()) continue;
    auto path = path_on_client(client, planned.on_client, work.operation.values);
    if (!path) return path.error();
    ExpectedFile file{planned.name, std::move(*path), {}, true};
    const FileRecord* before = own ? find_record(own->files, file.path) : nullptr;
    const FileRecord* staged = *site ? find_record((*site)->files, planned.on_site) : nullptr;
    if (before != nullptr && before->original) file.accepted.push_back(before->original->digest);
    if (staged != nullptr && staged->original) file.accepted.push_back(staged->original->digest);
    if (before != nullptr && !before->original) {
      const auto there = work.files->exists(file.path);
      if (!there) return there.error();
      if (!*there) continue;  // it was not there before, and is not there now
    }
    if (!file.accepted.empty()) files.push_back(std::move(file));
  }
  return files;
}

Result<std::string> missing_originals(const Work& work, const ClientState& client) {
  const auto files = originals_on_client(work, client, std::nullopt);
  if (!files) return files.error();
  const auto sight = look_at_client(work, client, *files, false, work.now);
  if (!sight) return sight.error();
  return what_is_missing(*sight);
}

Result<Answer> tell_what_stays(const Work& work, const ClientState& client, Answer answer) {
  const auto site = site_manifest(work);
  if (!site) return site.error();
  std::vector<std::string> names;
  for (const PlannedFile& planned : work.operation.files) {
    const FileRecord* staged = *site ? find_record((*site)->files, planned.on_site) : nullptr;
    if (planned.on_client.empty() || (staged != nullptr && staged->original)) continue;
    const auto path = path_on_client(client, planned.on_client, work.operation.values);
    if (!path) return path.error();
    const auto there = work.files->state(*path);
    if (!there) return there.error();
    if (*there && (*there)->digest == planned.digest) names.push_back(planned.name);
  }
  if (names.empty()) return answer;
  answer.outcome.reason = "stays, for nothing was kept of this client: " + join(names, ", ");
  answer.outcome.facts["warning"] = answer.outcome.reason;
  return answer;
}

}  // namespace sitewide::sms
