#include <utility>

#include "adapters/sms/payload_check.h"
#include "adapters/sms/site/map_edit.h"
#include "adapters/sms/site/rename.h"
#include "adapters/sms/site/steps.h"
#include "adapters/sms/site/system_map.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

/// One and the same build is listed up to six hours apart and with wrong half-days (Q193269,
/// Q245816, Q254228).
constexpr Duration kDateTolerance = std::chrono::hours(24);

/// A file on its way into the site.
struct Staging {
  const PlannedFile* planned = nullptr;
  std::string bytes;
  std::optional<FileState> there;
};

bool is_right(const Staging& staging) {
  return staging.there && staging.there->digest == staging.planned->digest;
}

std::string date_objection(const Staging& staging, bool allow_downgrade) {
  const PlannedFile& planned = *staging.planned;
  if (!staging.there || is_right(staging) || !planned.date || allow_downgrade) return {};
  if (staging.there->modified <= *planned.date + kDateTolerance) return {};
  return display_name(planned) + " on the site is of " + format_timestamp(staging.there->modified) +
         ", newer than the hotfix's " + format_timestamp(*planned.date) +
         " (allow_downgrade is not set)";
}

/// Reads payloads and what stands on the site; an Error of kind refused says why nothing may be
/// written.
Result<std::vector<Staging>> look(const Work& work) {
  std::vector<Staging> files;
  for (const PlannedFile& planned : work.operation.files) {
    if (planned.on_site.empty()) continue;
    Staging staging{&planned, {}, {}};
    auto there = work.files->state(planned.on_site);
    if (!there) return there.error();
    staging.there = *there;
    if (!is_right(staging)) {
      auto bytes = work.payload(planned.digest);
      if (!bytes) return bytes.error();
      staging.bytes = std::move(*bytes);
      if (sha256(staging.bytes) != planned.digest) {
        return Error{ErrorKind::refused,
                     "the payload of " + display_name(planned) + " was altered"};
      }
      std::string objection = objection_to(planned, staging.bytes);
      if (objection.empty()) objection = date_objection(staging, work.operation.allow_downgrade);
      if (!objection.empty()) return Error{ErrorKind::refused, std::move(objection)};
    }
    files.push_back(std::move(staging));
  }
  return files;
}

/// Keeps the bytes of one original, and says what it was. The digest is that of the bytes kept, not
/// of an earlier look.
Result<FileRecord> keep(const Work& work, const Staging& staging) {
  FileRecord record{staging.planned->on_site, staging.planned->digest, std::nullopt};
  if (!staging.there) return record;
  const auto bytes = work.files->read(record.path, kMostFileBytes);
  if (!bytes) return bytes.error();
  if (!*bytes || sha256(**bytes) != staging.there->digest) {
    return Error{ErrorKind::io, record.path + " changed while it was being backed up"};
  }
  const auto digest = work.originals->put(**bytes);
  if (!digest) return digest.error();
  record.original = staging.there;
  return record;
}

/// The manifest that holds for the rollout: the first one that was put.
Result<SiteManifest> record(const Work& work, const std::vector<Staging>& files) {
  const std::string name = "site/" + work.operation.site.name;
  const auto known = work.originals->manifest(name);
  if (!known) return known.error();
  if (*known) return decode_site_manifest(**known);
  SiteManifest manifest;
  for (const Staging& staging : files) {
    auto kept = keep(work, staging);
    if (!kept) return kept.error();
    manifest.files.push_back(std::move(*kept));
  }
  const auto text = work.originals->put_manifest(name, encode(manifest));
  if (!text) return text.error();
  return decode_site_manifest(*text);
}

/// Nobody but us may have written since the manifest was made.
Result<std::string> foreign_change(const Work& work, const SiteManifest& manifest,
                                   const Staging& staging) {
  const FileRecord* original = find_record(manifest.files, staging.planned->on_site);
  const std::string name = display_name(*staging.planned);
  if (original == nullptr) return name + " is not in the record of originals";
  const bool unchanged = staging.there.has_value() == original->original.has_value() &&
                         (!staging.there || staging.there->digest == original->original->digest);
  if (unchanged) return std::string();
  const auto aside = was_put_aside(work, staging.planned->on_site);
  if (!aside) return aside.error();
  return *aside ? std::string() : "needs hands: changed by someone else: " + name;
}

/// Refused when the force could not make the hotfix's edits: the site would be left with files that
/// no client ever gets.
Result<> map_takes_edits(const Work& work) {
  if (work.operation.parts.map.empty()) return {};
  const auto text = work.files->read("System.map", kMostLogBytes);
  if (!text) return text.error();
  if (!*text) return Error{ErrorKind::refused, "System.map is not in the site's root"};
  const auto edited = edit_map(**text, work.operation.parts.map);
  if (!edited) return edited.error();
  return {};
}

/// What is to be written, checked and its originals kept; an Error of kind refused says why nothing
/// may be.
Result<std::vector<Staging>> prepare(const Work& work) {
  auto files = look(work);
  if (!files) return files.error();
  if (files->empty() && !work.operation.files.empty()) {
    return Error{ErrorKind::refused, "the hotfix has no file for the site"};
  }
  const auto map = map_takes_edits(work);
  if (!map) return map.error();
  const auto manifest = record(work, *files);
  if (!manifest) return manifest.error();
  for (const Staging& staging : *files) {
    if (is_right(staging)) continue;
    const auto objection = foreign_change(work, *manifest, staging);
    if (!objection) return objection.error();
    if (!objection->empty()) return Error{ErrorKind::refused, *objection};
  }
  return files;
}

Result<> write(const Work& work, const Staging& staging) {
  Expected expected;
  if (staging.there) expected = staging.there->digest;
  return work.files->write(staging.planned->on_site, expected, staging.bytes,
                           staging.planned->date);
}

/// Files that no copy list names reach the logon servers and never a client (Q231821).
std::string unlisted_files(const Work& work) {
  const auto text = work.files->read("System.map", kMostLogBytes);
  if (!text || !*text) return {};
  // What the force is to make of it counts.
  const auto edited = edit_map(**text, work.operation.parts.map);
  const SystemMap map = parse_system_map(edited ? edited->text : **text);
  std::vector<std::string> names;
  for (const PlannedFile& planned : work.operation.files) {
    const bool counts = !planned.on_site.empty() && !planned.on_client.empty();
    if (counts && delivery_of(map, planned.on_site) == Delivery::unlisted) {
      names.push_back(display_name(planned));
    }
  }
  if (names.empty()) return {};
  return join(names, ", ") +
         ": in no copy list of System.map, so it never reaches clients (Q231821)";
}

}  // namespace

Result<std::optional<SiteManifest>> site_manifest(const Work& work) {
  const auto text = work.originals->manifest("site/" + work.operation.site.name);
  if (!text) return text.error();
  if (!*text) return std::optional<SiteManifest>();
  auto manifest = decode_site_manifest(**text);
  if (!manifest) return manifest.error();
  return std::optional(std::move(*manifest));
}

Result<bool> is_staged(const Work& work) {
  bool any = work.operation.files.empty();
  for (const PlannedFile& planned : work.operation.files) {
    if (planned.on_site.empty()) continue;
    any = true;
    const auto there = work.files->state(planned.on_site);
    if (!there) return there.error();
    if (!*there || (*there)->digest != planned.digest) return false;
  }
  const auto manifest = site_manifest(work);
  if (!manifest) return manifest.error();
  return any && *manifest;
}

Result<> prepare_stage(const Work& work) {
  const auto files = prepare(work);
  if (!files) return files.error();
  return {};
}

Result<Answer> stage(const Work& work) {
  if (work.looks_back()) {
    const auto staged = is_staged(work);
    if (!staged) return staged.error();
    return *staged ? recovered() : no_effect();
  }
  const auto files = prepare(work);
  if (!files) return files.error();
  int written = 0;
  for (const Staging& staging : *files) {
    if (is_right(staging)) continue;
    const auto done = write(work, staging);
    if (!done) return done.error();
    ++written;
  }
  std::map<std::string, std::string> facts{{"written", std::to_string(written)},
                                           {"files", std::to_string(files->size())}};
  const std::string warning = unlisted_files(work);
  if (!warning.empty()) facts["warning"] = warning;
  return ok(std::move(facts));
}

}  // namespace sitewide::sms
