#include <algorithm>
#include <utility>

#include "adapters/sms/payload_check.h"
#include "adapters/sms/site/rename.h"
#include "adapters/sms/site/steps.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

/// One file that goes back to what it was; `there` is what stands there now.
struct Undo {
  const PlannedFile* planned = nullptr;
  const FileRecord* record = nullptr;
  std::optional<FileState> there;
  bool aside = false;  ///< a rename took it away, and gives it back

  bool is_original() const {
    return there.has_value() == record->original.has_value() &&
           (!there || there->digest == record->original->digest);
  }
  bool is_ours() const { return there && there->digest == planned->digest; }
};

Result<std::vector<Undo>> look(const Work& work, const SiteManifest& manifest) {
  std::vector<Undo> files;
  for (const PlannedFile& planned : work.operation.files) {
    const FileRecord* record = find_record(manifest.files, planned.on_site);
    if (planned.on_site.empty() || record == nullptr) continue;
    auto there = work.files->state(planned.on_site);
    if (!there) return there.error();
    const auto aside = was_put_aside(work, planned.on_site);
    if (!aside) return aside.error();
    files.push_back({&planned, record, *there, *aside});
  }
  return files;
}

Result<> put_back(const Work& work, const Undo& undo) {
  const auto& original = undo.record->original;
  if (!original) return work.files->remove(undo.record->path, undo.planned->digest);
  const auto bytes = work.originals->get(original->digest);
  if (!bytes) return bytes.error();
  return work.files->write(undo.record->path, undo.planned->digest, *bytes, original->modified);
}

/// Copies of new files that stay behind on logon servers; an unreachable server says nothing.
std::string left_behind(const Work& work, const std::vector<Undo>& files) {
  std::vector<std::string> left;
  for (const Undo& undo : files) {
    if (undo.record->original || undo.planned->on_logon_server.empty()) continue;
    for (const Share& share : work.shares) {
      const auto there = share.files->modified(undo.planned->on_logon_server);
      if (there && *there) left.push_back(share.server + ": " + undo.planned->on_logon_server);
    }
  }
  return join(left, ", ");
}

}  // namespace

Result<bool> is_unstaged(const Work& work) {
  const auto manifest = site_manifest(work);
  if (!manifest) return manifest.error();
  if (!*manifest) return true;  // stage never got as far as writing
  const auto files = look(work, **manifest);
  if (!files) return files.error();
  return std::all_of(files->begin(), files->end(),
                     [](const Undo& undo) { return undo.is_original(); });
}

Result<> prepare_unstage(const Work& work) {
  const auto map = map_can_go_back(work);
  if (!map) return map.error();
  const auto manifest = site_manifest(work);
  if (!manifest) return manifest.error();
  if (!*manifest) return {};
  const auto files = look(work, **manifest);
  if (!files) return files.error();
  for (const Undo& undo : *files) {
    if (undo.is_original() || undo.is_ours() || undo.aside) continue;
    return Error{ErrorKind::refused,
                 "needs hands: changed by someone else: " + display_name(*undo.planned)};
  }
  return {};
}

Result<Answer> unstage(const Work& work) {
  if (work.looks_back()) {
    const auto unstaged = is_unstaged(work);
    if (!unstaged) return unstaged.error();
    return *unstaged ? recovered() : no_effect();
  }
  const auto prepared = prepare_unstage(work);
  if (!prepared) return prepared.error();
  const auto manifest = site_manifest(work);
  if (!manifest) return manifest.error();
  if (!*manifest) return ok();
  const auto files = look(work, **manifest);
  if (!files) return files.error();
  int written = 0;
  for (const Undo& undo : *files) {
    if (undo.is_original() || undo.aside) continue;
    const auto done = put_back(work, undo);
    if (!done) return done.error();
    ++written;
  }
  std::map<std::string, std::string> facts{{"written", std::to_string(written)}};
  const std::string left = left_behind(work, *files);
  if (!left.empty()) facts["left_on_logon_servers"] = escaped(left, 400);
  return ok(std::move(facts));
}

}  // namespace sitewide::sms
