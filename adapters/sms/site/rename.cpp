#include "adapters/sms/site/rename.h"

#include <algorithm>
#include <utility>

#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

std::string record_name(const Work& work) { return "renamed/" + work.operation.site.name; }

std::string name_in(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

std::string new_path(const SitePart& part) {
  return part.path.substr(0, part.path.rfind('/') + 1) + part.to;
}

/// What stood under the old name; nothing when there was no such file, or nothing is on record.
Result<std::optional<FileState>> original_of(const Work& work, std::string_view path) {
  const auto text = work.originals->manifest(record_name(work));
  if (!text) return text.error();
  if (!*text) return std::optional<FileState>();
  const auto manifest = decode_site_manifest(**text);
  if (!manifest) return manifest.error();
  const FileRecord* record = find_record(manifest->files, path);
  return record == nullptr ? std::optional<FileState>() : record->original;
}

/// What stands under both names now, and stood before.
struct Sight {
  std::optional<FileState> original, old_name, new_name;

  bool is_aside() const { return new_name && new_name->digest == original->digest; }
  bool is_back() const { return old_name && old_name->digest == original->digest; }
};

Result<Sight> look(const Work& work, const SitePart& part) {
  const auto original = original_of(work, part.path);
  if (!original) return original.error();
  const auto old_name = work.files->state(part.path);
  if (!old_name) return old_name.error();
  const auto new_name = work.files->state(new_path(part));
  if (!new_name) return new_name.error();
  return Sight{*original, *old_name, *new_name};
}

Error changed(const std::string& name) {
  return {ErrorKind::refused, "needs hands: changed by someone else: " + name};
}

/// An earlier rollout put the old file aside: what stands under its name is the hotfix's already.
bool is_of_hotfix(const Work& work, std::string_view path, const std::optional<FileState>& there) {
  const auto& files = work.operation.files;
  return there && std::any_of(files.begin(), files.end(), [&](const PlannedFile& planned) {
           return equals_ignoring_case(planned.on_site, path) && planned.digest == there->digest;
         });
}

}  // namespace

Result<> record_renames(const Work& work) {
  SiteManifest manifest;
  for (const SitePart& part : work.operation.parts.site) {
    if (part.kind != SitePart::Kind::rename) continue;
    const auto there = work.files->state(part.path);
    if (!there) return there.error();
    const auto taken = work.files->state(new_path(part));
    if (!taken) return taken.error();
    const auto original = original_of(work, part.path);
    if (!original) return original.error();
    if (!*original && *taken && is_of_hotfix(work, part.path, *there)) {
      manifest.files.push_back({part.path, Digest(), std::nullopt});
      continue;
    }
    const auto& expected = *original ? *original : *there;
    if (expected && *taken && (*taken)->digest != expected->digest) {
      return Error{ErrorKind::refused, part.to + " is there already, with other content"};
    }
    manifest.files.push_back({part.path, Digest(), *there});
  }
  if (manifest.files.empty()) return {};
  const auto text = work.originals->put_manifest(record_name(work), encode(manifest));
  if (!text) return text.error();
  return {};
}

Result<bool> is_renamed(const Work& work, const SitePart& part) {
  const auto sight = look(work, part);
  if (!sight) return sight.error();
  return !sight->original || sight->is_aside();
}

Result<> rename_file(const Work& work, const SitePart& part) {
  const auto sight = look(work, part);
  if (!sight) return sight.error();
  if (!sight->original || sight->is_aside()) return {};
  if (!sight->is_back()) return changed(name_in(part.path));
  if (sight->new_name) {
    return Error{ErrorKind::refused, part.to + " is there already, with other content"};
  }
  return work.files->rename(part.path, part.to, sight->original->digest);
}

Result<bool> is_renamed_back(const Work& work, const SitePart& part) {
  const auto sight = look(work, part);
  if (!sight) return sight.error();
  return !sight->original || !sight->is_aside();
}

Result<> rename_back(const Work& work, const SitePart& part) {
  const auto sight = look(work, part);
  if (!sight) return sight.error();
  if (!sight->original || !sight->is_aside()) return {};
  if (!sight->old_name) {
    return work.files->rename(new_path(part), name_in(part.path), sight->original->digest);
  }
  if (!sight->is_back()) return changed(name_in(part.path));
  return work.files->remove(new_path(part), sight->original->digest);
}

Result<bool> was_put_aside(const Work& work, std::string_view path) {
  for (const SitePart& part : work.operation.parts.site) {
    if (part.kind != SitePart::Kind::rename || !equals_ignoring_case(part.path, path)) continue;
    const auto sight = look(work, part);
    if (!sight) return sight.error();
    return !sight->old_name && sight->original && sight->is_aside();
  }
  return false;
}

}  // namespace sitewide::sms
