#include <utility>

#include "adapters/sms/client/proof.h"
#include "adapters/sms/client/steps.h"

namespace sitewide::sms {
namespace {

std::string manifest_name(const Work& work) { return "client/" + work.operation.client.name; }

/// Keeps one file as it stands; the digest and size are those of the bytes kept.
Result<FileRecord> keep(const Work& work, const ExpectedFile& file) {
  FileRecord record{file.path, file.accepted.front(), std::nullopt};
  const auto modified = work.files->modified(file.path);
  const bool timeless = !modified && modified.error().kind == ErrorKind::refused;  // e.g. ExecFiles
  if (!modified && !timeless) return modified.error();
  const auto bytes = work.files->read(file.path, kMostFileBytes);
  if (!bytes) return bytes.error();
  if (!*bytes) return record;
  const auto digest = work.originals->put(**bytes);
  if (!digest) return digest.error();
  record.original =
      FileState{*digest, (*bytes)->size(), timeless ? work.now : modified->value_or(work.now)};
  return record;
}

Result<ClientManifest> take(const Work& work, const ClientState& client) {
  const auto files = planned_on_client(work, client);
  if (!files) return files.error();
  ClientManifest manifest;
  manifest.at = work.now;
  manifest.ini_path = client.ini_path;
  manifest.setup_phase = client.setup_phase();
  manifest.copy_list_version = client.copy_list_version();
  const auto digest = work.originals->put(client.ini.text());
  if (!digest) return digest.error();
  manifest.ini_digest = *digest;
  for (const ExpectedFile& file : *files) {
    auto record = keep(work, file);
    if (!record) return record.error();
    manifest.files.push_back(std::move(*record));
  }
  return manifest;
}

}  // namespace

Result<std::optional<ClientManifest>> client_manifest(const Work& work) {
  const auto text = work.originals->manifest(manifest_name(work));
  if (!text) return text.error();
  if (!*text) return std::optional<ClientManifest>();
  auto manifest = decode_client_manifest(**text);
  if (!manifest) return manifest.error();
  return std::optional(std::move(*manifest));
}

Result<Answer> back_up(const Work& work) {
  const auto known = client_manifest(work);
  if (!known) return known.error();
  if (*known) return work.looks_back() ? recovered() : ok();
  if (work.looks_back()) return no_effect();
  const auto client = require_client(*work.files);
  if (!client) return client.error();
  const auto manifest = take(work, *client);
  if (!manifest) return manifest.error();
  const auto text = work.originals->put_manifest(manifest_name(work), encode(*manifest));
  if (!text) return text.error();
  return ok({{"files", std::to_string(manifest->files.size())},
             {"setup_phase", client->setup_phase_shown()}});
}

}  // namespace sitewide::sms
