#include <algorithm>
#include <utility>

#include "adapters/sms/payload_check.h"
#include "adapters/sms/signatures.h"
#include "adapters/sms/site/signatures.h"
#include "adapters/sms/site/steps.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr std::size_t kMostServersNamed = 3;
constexpr std::size_t kMostFilesNamed = 3;

/// A file that every logon server must hold.
struct Wanted {
  std::string name;
  std::string path;  ///< below the share
  Digest digest;
  bool original = false;  ///< what stood there before is waited for
};

/// The first few of `things`, and how many more there are.
std::string first_of(std::vector<std::string> things, std::size_t most,
                     std::string_view separator) {
  const std::size_t more = things.size() > most ? things.size() - most : 0;
  things.resize(things.size() - more);
  return join(things, separator) + (more == 0 ? "" : " and " + std::to_string(more) + " more");
}

/// What one logon server lacks, for a person; empty: nothing. `lone` becomes the file that alone is
/// not right there.
std::string lacks(const Share& share, const std::vector<Wanted>& files, std::string& lone) {
  std::vector<std::string> lacking;
  for (const Wanted& file : files) {
    const auto there = share.files->state(file.path);
    if (!there) return share.server + " cannot be reached: " + escaped(there.error().message, 120);
    if (!*there) lacking.push_back(file.name + " missing");
    if (*there && (*there)->digest != file.digest) {
      lacking.push_back(file.name + (file.original ? " still new" : " still old"));
      lone = file.name;
    }
  }
  if (lacking.empty()) return {};
  if (lacking.size() > 1 || files.size() == 1) lone.clear();
  return share.server + ": " + first_of(std::move(lacking), kMostFilesNamed, ", ");
}

Answer ready(const Work& work) {
  Answer answer = ok({{"logon_servers", std::to_string(work.shares.size())}});
  const std::string warning = server_warning(work);
  if (!warning.empty()) answer.outcome.facts["warning"] = warning;
  return answer;
}

Answer wait_for(const Work& work, const std::vector<Wanted>& files) {
  if (work.shares.empty())
    return refused("site " + work.operation.site.name + " has no logon server");
  std::vector<std::string> lacking;
  std::string stuck;  // a file that alone stays behind on its server
  for (const Share& share : work.shares) {
    std::string lone;
    std::string lack = lacks(share, files, lone);
    if (!lone.empty() && stuck.empty()) stuck = lone_file_words(lone, share.server);
    if (!lack.empty()) lacking.push_back(std::move(lack));
  }
  if (lacking.empty()) return ready(work);
  const std::string counts = std::to_string(work.shares.size() - lacking.size()) + " of " +
                             count_of(work.shares.size(), "logon server") + " ready; ";
  std::string hint = maintenance_hint(work);
  if (hint.empty() && waited_long(work)) hint = stuck;
  return pending(counts + first_of(std::move(lacking), kMostServersNamed, "; ") +
                 (hint.empty() ? "" : "; " + hint));
}

/// The first file that the site itself no longer holds; empty: it holds all.
Result<std::string> no_longer_staged(const Work& work) {
  for (const PlannedFile& planned : work.operation.files) {
    if (planned.on_site.empty()) continue;
    const auto there = work.files->state(planned.on_site);
    if (!there) return there.error();
    if (!*there || (*there)->digest != planned.digest) return display_name(planned);
  }
  return std::string();
}

/// Service packs put old files back (Q197141).
Error put_back_by_others(const std::string& name) {
  return {ErrorKind::refused,
          told(Failure::put_back, "needs hands: changed by someone else: " + name)};
}

std::vector<Wanted> hotfix_on_servers(const Work& work) {
  std::vector<Wanted> files;
  for (const PlannedFile& planned : work.operation.files) {
    if (planned.on_logon_server.empty()) continue;
    files.push_back({display_name(planned), planned.on_logon_server, planned.digest, false});
  }
  return files;
}

}  // namespace

Result<> is_still_replicated(const Work& work) {
  const auto changed = no_longer_staged(work);
  if (!changed) return changed.error();
  if (!changed->empty()) return put_back_by_others(*changed);
  const auto files = hotfix_on_servers(work);
  for (const Share& share : work.shares) {
    for (const Wanted& file : files) {
      const auto there = share.files->state(file.path);
      if (!there) return there.error();
      if (!*there || (*there)->digest != file.digest)
        return Error{ErrorKind::io, share.server + " no longer holds " + file.name};
    }
  }
  return {};
}

Result<Answer> replicate(const Work& work) {
  Answer answer = wait_for(work, hotfix_on_servers(work));
  if (answer.kind != Answer::Kind::pending) return answer;
  // Waiting for copies of what is no longer there would be in vain; a site that cannot be looked at
  // says nothing.
  const auto changed = no_longer_staged(work);
  if (!changed || changed->empty()) return answer;
  return refused(put_back_by_others(*changed).message);
}

Result<Answer> replicate_originals(const Work& work) {
  const auto manifest = site_manifest(work);
  if (!manifest) return manifest.error();
  if (!*manifest) return ok();
  std::vector<Wanted> files;
  for (const PlannedFile& planned : work.operation.files) {
    const FileRecord* record = find_record((*manifest)->files, planned.on_site);
    if (planned.on_logon_server.empty() || record == nullptr || !record->original) continue;
    files.push_back(
        {display_name(planned), planned.on_logon_server, record->original->digest, true});
  }
  return wait_for(work, files);
}

}  // namespace sitewide::sms
