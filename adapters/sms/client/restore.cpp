#include <algorithm>
#include <utility>

#include "adapters/sms/client/logon_server.h"
#include "adapters/sms/client/proof.h"
#include "adapters/sms/client/settings.h"
#include "adapters/sms/client/site_originals.h"
#include "adapters/sms/client/steps.h"
#include "adapters/sms/copy_list.h"
#include "adapters/sms/site/steps.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

/// Client Setup may write Sms.ini while we edit it; then the edit is made anew on what it wrote.
constexpr int kEditTries = 3;

std::string file_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

Error needs_hands(const std::string& why) { return {ErrorKind::refused, "needs hands: " + why}; }

/// Something that must be written or removed: `expected` stands at `path` now.
struct Change {
  std::string path;
  Expected expected;
  const FileRecord* write = nullptr;  ///< null: remove
};

/// True when the file's bytes are the beginning of the hotfix's: a copy that was cut off (Q168518).
Result<bool> is_half_of_hotfix(const Work& work, const std::string& path, const Digest& hotfix) {
  const auto bytes = work.files->read(path, kMostFileBytes);
  if (!bytes) return bytes.error();
  const auto whole = work.payload(hotfix);
  if (!whole) return whole.error();
  return *bytes && (*bytes)->size() < whole->size() && whole->starts_with(**bytes);
}

/// What an undone site sent its clients, by their own path: nobody else's doing. Empty unless the
/// originals were forced.
Result<std::map<std::string, Digest>> sent_by_site(const Work& work, const ClientState& client) {
  std::map<std::string, Digest> sent;
  const auto forced = were_originals_forced(work);
  if (!forced) return forced.error();
  const auto site = site_manifest(work);
  if (!site) return site.error();
  if (!*forced || !*site) return sent;
  for (const PlannedFile& planned : work.operation.files) {
    if (planned.on_client.empty()) continue;
    const auto path = path_on_client(client, planned.on_client, work.operation.values);
    if (!path) return path.error();
    const FileRecord* record = find_record((*site)->files, planned.on_site);
    if (record != nullptr && record->original) sent[to_lower(*path)] = record->original->digest;
  }
  return sent;
}

/// What has to change at one path for it to be as recorded; an Error when somebody else's bytes
/// stand there.
Result<std::optional<Change>> change_for(const Work& work, const FileRecord& record) {
  const auto there = work.files->state(record.path);
  if (!there) return there.error();
  const bool same = there->has_value() == record.original.has_value() &&
                    (!*there || (*there)->digest == record.original->digest);
  if (same) return std::optional<Change>();
  Change change{record.path, std::nullopt, record.original ? &record : nullptr};
  if (!*there) return std::optional(change);  // Client Setup had taken the old file away
  change.expected = (*there)->digest;
  if ((*there)->digest != record.hotfix) {
    const auto half = is_half_of_hotfix(work, record.path, record.hotfix);
    if (!half) return half.error();
    if (!*half) return needs_hands("changed by someone else: " + file_name(record.path));
  }
  return std::optional(change);
}

/// `$sms00$` copies, of the hotfix or of what an undone site sent after it, would be put in place
/// by the next restart: they go (Q186412).
Result<> add_waiting_copies(const Work& work, const ClientState& client, const FileRecord& record,
                            std::vector<Change>& changes) {
  for (const std::string& place : waiting_copy_places(client, record.path)) {
    const auto there = work.files->state(place);
    if (!there) return there.error();
    if (!*there) continue;
    const bool original = record.original && (*there)->digest == record.original->digest;
    if ((*there)->digest != record.hotfix && !original) {
      const auto half = is_half_of_hotfix(work, place, record.hotfix);
      if (!half) return half.error();
      if (!*half) return needs_hands("changed by someone else: " + file_name(place));
    }
    changes.push_back({place, (*there)->digest, nullptr});
  }
  return {};
}

Result<std::vector<Change>> changes_for(const Work& work, const ClientState& client,
                                        const ClientManifest& manifest) {
  std::vector<Change> changes;
  const auto sent = sent_by_site(work, client);
  if (!sent) return sent.error();
  for (const FileRecord& record : manifest.files) {
    const auto by_site = sent->find(to_lower(record.path));
    if (by_site != sent->end()) {
      const auto there = work.files->state(record.path);
      if (!there) return there.error();
      if (*there && (*there)->digest == by_site->second) continue;
    }
    const auto waiting = add_waiting_copies(work, client, record, changes);
    if (!waiting) return waiting.error();
    auto change = change_for(work, record);
    if (!change) return change.error();
    if (*change) changes.push_back(std::move(**change));
  }
  return changes;
}

Result<> make(const Work& work, const Change& change) {
  if (change.write == nullptr) return work.files->remove(change.path, *change.expected);
  const FileState& original = *change.write->original;
  const auto bytes = work.originals->get(original.digest);
  if (!bytes) return bytes.error();
  return work.files->write(change.path, change.expected, *bytes, original.modified);
}

/// A setting that an upgrade loses is given back as it was kept (Q200085); one that is there again
/// was set by somebody since.
Result<> put_lost_settings_back(const Work& work, const ClientManifest& manifest, SmsIni& ini) {
  if (manifest.ini_path.empty()) return {};  // nothing of the client was kept
  const auto kept = work.originals->get(manifest.ini_digest);
  if (!kept) return kept.error();
  const auto was = SmsIni(*kept).written("Sight", "SyncSends");
  if (!was || ini.written("Sight", "SyncSends")) return {};
  if (ini.set_written("Sight", "SyncSends", *was)) return {};
  return needs_hands("Sms.ini cannot hold the recorded [Sight] SyncSends");
}

/// Sms.ini with the recorded SetupPhase and, after a force, a CopyListVersion that keeps the next
/// log-on quiet.
Result<SmsIni> edited(const Work& work, const ClientState& client, const ClientManifest& manifest) {
  SmsIni ini = client.ini;
  bool good = true;
  if (!manifest.setup_phase) {
    ini.erase("Local", "SetupPhase");
  } else if (client.setup_phase() != manifest.setup_phase) {
    good = ini.set("Local", "SetupPhase", *manifest.setup_phase);
  }
  const auto forced = was_forced(work);
  if (!forced) return forced.error();
  if (*forced) {
    const auto version = served_copy_list_version(work, client);
    if (version) good = ini.set("SMS", "CopyListVersion", *version) && good;
  }
  if (!good) return needs_hands("Sms.ini cannot hold the recorded SetupPhase");
  const auto lost = put_lost_settings_back(work, manifest, ini);
  if (!lost) return lost.error();
  const auto settings = put_ini_back(work, ini);
  if (!settings) return settings.error();
  return ini;
}

Result<> restore_ini(const Work& work, const ClientManifest& manifest) {
  Error error;
  for (int i = 0; i < kEditTries; ++i) {
    const auto client = require_client(*work.files);
    if (!client) return client.error();
    const auto ini = edited(work, *client, manifest);
    if (!ini) return ini.error();
    if (ini->text() == client->ini.text()) return {};
    const auto written =
        work.files->write(client->ini_path, client->ini_digest, ini->text(), std::nullopt);
    if (written) return {};
    error = written.error();
    if (error.kind != ErrorKind::refused) break;
  }
  return error;
}

/// Whether the client is as it was: files by digest, and SetupPhase as written.
Result<bool> is_restored(const Work& work, const ClientManifest& manifest) {
  const auto client = require_client(*work.files);
  if (!client) return client.error();
  if (client->setup_phase() != manifest.setup_phase) return false;
  SmsIni ini = client->ini;
  const auto lost = put_lost_settings_back(work, manifest, ini);
  if (!lost) return lost.error();
  const auto settings = put_ini_back(work, ini);
  if (!settings) return settings.error();
  if (ini.text() != client->ini.text()) return false;
  const auto changes = changes_for(work, *client, manifest);
  if (!changes) return changes.error();
  return changes->empty();
}

/// What was put back, and what could not be for want of a record.
Result<Answer> with_what_stays(const Work& work, const ClientManifest& manifest, Answer answer) {
  if (!manifest.ini_path.empty()) return answer;
  const auto client = require_client(*work.files);
  if (!client) return client.error();
  return tell_what_stays(work, *client, std::move(answer));
}

Result<Answer> put_back(const Work& work, const ClientManifest& manifest) {
  const auto client = require_client(*work.files);
  if (!client) return client.error();
  const auto changes = changes_for(work, *client, manifest);
  if (!changes) return changes.error();
  // SetupPhase first: a log-on in between must find nothing to do.
  const auto ini = restore_ini(work, manifest);
  if (!ini) return ini.error();
  for (const Change& change : *changes) {
    const auto made = make(work, change);
    if (!made) return made.error();
  }
  const auto restored = is_restored(work, manifest);
  if (!restored) return restored.error();
  if (!*restored) return failed("the client does not hold its originals after they were written");
  return with_what_stays(work, manifest,
                         ok({{"changed", std::to_string(changes->size())},
                             {"setup_phase", manifest.setup_phase.value_or("")}}));
}

Result<Answer> look_back(const Work& work, const ClientManifest& manifest) {
  const auto restored = is_restored(work, manifest);
  if (!restored) return restored.error();
  return *restored ? with_what_stays(work, manifest, recovered()) : no_effect();
}

}  // namespace

std::optional<std::string> served_copy_list_version(const Work& work, const ClientState& client) {
  if (work.shares.empty()) return std::nullopt;
  const std::string& os = client.os.empty() ? work.operation.client.os : client.os;
  const auto own = logon_server_of(work.operation.site, client.ini, work.operation.client.name);
  for (const std::string_view name : copy_lists_of(os)) {
    const auto text = work.shares[own].files->read(name, kMostLogBytes);
    if (text && *text) return copy_list_version(**text);
  }
  return std::nullopt;
}

/// What the client goes back to. One of which nothing was kept, for a force reached it while it was
/// off, must have its files back from its undone site; what is left are its settings.
Result<ClientManifest> what_to_restore(const Work& work) {
  auto manifest = client_manifest(work);
  if (!manifest) return manifest.error();
  const auto forced = were_originals_forced(work);
  if (!forced) return forced.error();
  if (!*manifest && !*forced) return needs_hands("nothing of this client was backed up");
  if (!*forced) return std::move(**manifest);
  const auto client = require_client(*work.files);
  if (!client) return client.error();
  if (*manifest) {
    // Client Setup is through with the old files: a phase from before would only begin it anew.
    if (client->phase == SetupPhase::installed) (*manifest)->setup_phase = client->setup_phase();
    return std::move(**manifest);
  }
  const auto missing = missing_originals(work, *client);
  if (!missing) return missing.error();
  if (!missing->empty())
    return needs_hands("nothing of this client was backed up, and " + *missing);
  ClientManifest as_it_is;
  as_it_is.setup_phase = client->setup_phase();
  return as_it_is;
}

Result<Answer> restore(const Work& work) {
  const auto manifest = what_to_restore(work);
  auto answer = !manifest           ? Result<Answer>(manifest.error())
                : work.looks_back() ? look_back(work, *manifest)
                                    : put_back(work, *manifest);
  if (answer || answer.error().kind != ErrorKind::refused) return answer;
  // What stands in the way: it was not restored, and executing it anew will say so.
  if (work.looks_back()) return no_effect();
  const std::string why = answer.error().message;
  return refused(why.starts_with("needs hands") ? why : "needs hands: " + why);
}

}  // namespace sitewide::sms
