// Manifests: what stood on a site or client before Sitewide changed it, as JSON text for the store
// of originals. Made once, before the first write, and never changed (Q237690's "back up", step P1;
// Q196228 for putting an old file back). Pure; any thread. A text that cannot be read is an error,
// never a guess: restoring from a guess would do harm.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files.h"

namespace sitewide::sms {

/// One file as it stood; its bytes are in the store under `original->digest`.
struct FileRecord {
  std::string path;                   ///< under the site's or client's root
  Digest hotfix;                      ///< what Sitewide, or Client Setup after it, puts there
  std::optional<FileState> original;  ///< absent: there was no such file
};

/// `site/HQ`: the files of `Client.src` and the like that stage replaces.
struct SiteManifest {
  std::vector<FileRecord> files;
};

/// `client/pc001`.
struct ClientManifest {
  Timestamp at{};        ///< when it was made
  std::string ini_path;  ///< where Sms.ini stood
  Digest ini_digest;     ///< its bytes are kept: an upgrade may drop keys (Q200085)
  std::optional<std::string> setup_phase;  ///< as written; absent: there was no such key
  std::string copy_list_version;
  std::vector<FileRecord> files;
};

/// `force-1/HQ` (or `force_originals-1/HQ`) for attempt 1: what Maintenance Manager must be seen to
/// replace (Q166771).
struct ForceRecord {
  Timestamp stamp{};  ///< System.map's time before
  Digest digest;      ///< its content before
  /// Its content after, where the force edits it; else it must not change.
  std::optional<Digest> edited;
  /// Logon server → copy list → CopyListVersion.
  std::map<std::string, std::map<std::string, std::string>> versions;
};

/// What one `client_steps` part is to change, as it stood: a key of Sms.ini, a value of the
/// registry, or (`there` alone) whether its program had been run.
struct SettingRecord {
  bool there = false;         ///< there was such a key or value; or: it had been run
  std::string value;          ///< as it was written, quotes included
  std::string type;           ///< of a registry value
  bool section_there = true;  ///< of a key of Sms.ini
};

/// `settings/pc001`: one record for each part, made by configure before it changes anything.
struct SettingsRecord {
  std::vector<SettingRecord> parts;
};

std::string encode(const SiteManifest& manifest);
std::string encode(const ClientManifest& manifest);
std::string encode(const ForceRecord& record);
std::string encode(const SettingsRecord& record);

Result<SiteManifest> decode_site_manifest(std::string_view text);
Result<ClientManifest> decode_client_manifest(std::string_view text);
Result<ForceRecord> decode_force_record(std::string_view text);
Result<SettingsRecord> decode_settings_record(std::string_view text);

/// The record of `path`, compared case-blind; null when there is none.
const FileRecord* find_record(const std::vector<FileRecord>& files, std::string_view path);

}  // namespace sitewide::sms
