#include <algorithm>
#include <utility>

#include "adapters/sms/copy_list.h"
#include "adapters/sms/site/map_edit.h"
#include "adapters/sms/site/signatures.h"
#include "adapters/sms/site/steps.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr const char* kSystemMap = "System.map";
/// DOS and FAT keep even seconds only; a smaller step could be lost on the way.
constexpr Duration kStampStep = std::chrono::seconds(2);
/// Attempts that failed before they recorded anything leave gaps; nobody leaves more of them than
/// this.
constexpr std::uint32_t kMostGaps = 32;

bool undoes(const Work& work) {
  const Step step = work.operation.action.step;
  return step == Step::force_originals || step == Step::regenerate_originals;
}

std::string record_name(const Work& work, bool undo, std::uint32_t attempt) {
  return (undo ? "force_originals-" : "force-") + std::to_string(attempt) + "/" +
         work.operation.site.name;
}

Result<std::optional<ForceRecord>> read_record(const Work& work, bool undo, std::uint32_t attempt) {
  const auto text = work.originals->manifest(record_name(work, undo, attempt));
  if (!text) return text.error();
  if (!*text) return std::optional<ForceRecord>();
  auto record = decode_force_record(**text);
  if (!record) return record.error();
  return std::optional(std::move(*record));
}

/// The records of all forces, the earliest first.
Result<std::vector<ForceRecord>> all_records(const Work& work, bool undo) {
  std::vector<ForceRecord> records;
  std::uint32_t gaps = 0;
  for (std::uint32_t attempt = 1; gaps <= kMostGaps; ++attempt) {
    auto record = read_record(work, undo, attempt);
    if (!record) return record.error();
    gaps = *record ? 0 : gaps + 1;
    if (*record) records.push_back(std::move(**record));
  }
  return records;
}

/// The record of the latest force; nothing when there is none.
Result<std::optional<ForceRecord>> latest_record(const Work& work, bool undo) {
  auto records = all_records(work, undo);
  if (!records) return records.error();
  if (records->empty()) return std::optional<ForceRecord>();
  return std::optional(std::move(records->back()));
}

/// The copy lists of one logon server with their versions; a list without a version counts as one
/// with an empty one.
Result<std::map<std::string, std::string>> versions_on(const Share& share) {
  std::map<std::string, std::string> versions;
  for (const std::string_view name : all_copy_lists()) {
    const auto text = share.files->read(name, kMostLogBytes);
    if (!text) return text.error();
    if (*text) versions[std::string(name)] = copy_list_version(**text).value_or("");
  }
  return versions;
}

/// Keeps what stands there before this attempt touches it. `edited`: what it is to become.
Result<ForceRecord> record(const Work& work, const FileState& map, std::optional<Digest> edited) {
  ForceRecord record{map.modified, map.digest, edited, {}};
  for (const Share& share : work.shares) {
    auto versions = versions_on(share);
    if (!versions) return versions.error();
    record.versions[share.server] = std::move(*versions);
  }
  const auto text = work.originals->put_manifest(
      record_name(work, undoes(work), work.operation.action.attempt), encode(record));
  if (!text) return text.error();
  return decode_force_record(*text);
}

/// The first even second that is not before now and at least two seconds later than the present
/// stamp.
Timestamp new_stamp(Timestamp present, Timestamp now) {
  const Timestamp earliest = std::max(now, present + kStampStep);
  const Duration since = earliest.time_since_epoch();
  const Duration rounded = (since + kStampStep - Duration(1)) / kStampStep * kStampStep;
  return Timestamp(rounded);
}

/// What became of an attempt that was to change the text.
Result<Answer> look_back_at_edit(const Work& work, const ForceRecord& record) {
  const auto there = work.files->state(kSystemMap);
  if (!there) return there.error();
  if (!*there) return in_doubt(OutcomeKind::failed, "System.map is missing");
  if ((*there)->digest == *record.edited) return recovered();
  if ((*there)->digest == record.digest) return no_effect();
  return failed("System.map was changed by someone else");
}

Result<Answer> look_back(const Work& work) {
  const auto record = read_record(work, undoes(work), work.operation.action.attempt);
  if (!record) return record.error();
  if (!*record) return no_effect();
  if ((*record)->edited) return look_back_at_edit(work, **record);
  const auto stamp = work.files->modified(kSystemMap);
  if (!stamp) return stamp.error();
  if (!*stamp) return in_doubt(OutcomeKind::failed, "System.map is missing");
  return **stamp == (*record)->stamp ? no_effect() : recovered();
}

/// System.map's text when the rollout came, and what it was made into.
std::string map_record_name(const Work& work) { return "system_map/" + work.operation.site.name; }

Result<std::optional<FileRecord>> map_record(const Work& work) {
  const auto text = work.originals->manifest(map_record_name(work));
  if (!text) return text.error();
  if (!*text) return std::optional<FileRecord>();
  const auto manifest = decode_site_manifest(**text);
  if (!manifest) return manifest.error();
  if (manifest->files.empty()) return std::optional<FileRecord>();
  return std::optional(manifest->files.front());
}

/// What System.map is to hold; nothing: what it holds.
struct NewMap {
  std::optional<std::string> text;
  std::string changes;  ///< for a person
};

/// The map with the hotfix's edits, its bytes kept; nothing when they are made already.
Result<NewMap> edited_map(const Work& work, const FileState& before) {
  if (work.operation.parts.map.empty()) return NewMap{};
  const auto text = work.files->read(kSystemMap, kMostLogBytes);
  if (!text) return text.error();
  if (!*text || sha256(**text) != before.digest) {
    return Error{ErrorKind::io, "System.map changed while it was being read"};
  }
  auto edited = edit_map(**text, work.operation.parts.map);
  if (!edited) return edited.error();
  if (edited->changes.empty()) return NewMap{};
  const auto kept = work.originals->put(**text);
  if (!kept) return kept.error();
  SiteManifest manifest;
  manifest.files.push_back({kSystemMap, sha256(edited->text), before});
  const auto put = work.originals->put_manifest(map_record_name(work), encode(manifest));
  if (!put) return put.error();
  return NewMap{std::move(edited->text), join(edited->changes, "; ")};
}

/// The content that a map with `now` goes back to; nothing when it has that, or was never edited.
/// An Error of kind refused: it is neither what the rollout wrote nor what it found. A retried
/// rollout may have found another map than the first time, so each force counts.
Result<std::optional<Digest>> content_before(const Work& work, const Digest& now) {
  const auto record = map_record(work);
  if (!record) return record.error();
  if (!*record || now == (*record)->original->digest) return std::optional<Digest>();
  const auto forces = all_records(work, false);
  if (!forces) return forces.error();
  for (auto force = forces->rbegin(); force != forces->rend(); ++force) {
    if (force->edited == now) return std::optional(force->digest);
  }
  if (now == (*record)->hotfix) return std::optional((*record)->original->digest);
  for (const ForceRecord& force : *forces) {
    if (force.edited && force.digest == now) return std::optional<Digest>();
  }
  return Error{ErrorKind::refused, "needs hands: changed by someone else: System.map"};
}

/// The map as it was before the rollout edited it; nothing when it never did, or it is that again.
Result<NewMap> original_map(const Work& work, const FileState& before) {
  const auto wanted = content_before(work, before.digest);
  if (!wanted) return wanted.error();
  if (!*wanted) return NewMap{};
  auto bytes = work.originals->get(**wanted);
  if (!bytes) return bytes.error();
  return NewMap{std::move(*bytes), "System.map is what it was before"};
}

/// What still has to come on one logon server; empty: nothing.
std::string still_old(const Share& share, const ForceRecord& record) {
  const auto now = versions_on(share);
  if (!now) return share.server + " cannot be reached: " + escaped(now.error().message, 120);
  const auto before = record.versions.find(share.server);
  if (now->empty()) return share.server + ": no copy list";
  if (before == record.versions.end()) return {};
  for (const auto& [list, version] : before->second) {
    const auto present = now->find(list);
    if (present == now->end()) return share.server + ": " + list + " missing";
    if (present->second.empty() || present->second == version)
      return share.server + ": " + list + " still old";
  }
  return {};
}

}  // namespace

Result<bool> was_forced(const Work& work) {
  const auto record = latest_record(work, false);
  if (!record) return record.error();
  return record->has_value();
}

Result<bool> were_originals_forced(const Work& work) {
  const auto forced = latest_record(work, false);
  if (!forced) return forced.error();
  const auto undone = latest_record(work, true);
  if (!undone) return undone.error();
  // Each force gives System.map a later time than it found.
  return *undone && (!*forced || (*undone)->stamp > (*forced)->stamp);
}

Result<> map_can_go_back(const Work& work) {
  const auto record = map_record(work);
  if (!record) return record.error();
  if (!*record) return {};
  const auto there = work.files->state(kSystemMap);
  if (!there) return there.error();
  if (!*there) return Error{ErrorKind::refused, "needs hands: System.map is missing"};
  const auto content = content_before(work, (*there)->digest);
  if (!content) return content.error();
  return {};
}

Result<Answer> force(const Work& work) {
  if (work.looks_back()) return look_back(work);
  if (!undoes(work)) {
    const auto replicated = is_still_replicated(work);
    if (!replicated) return replicated.error();
  }
  const auto before = work.files->state(kSystemMap);
  if (!before) return before.error();
  if (!*before)
    return failed("System.map is not in the site's root (it must keep that name, Q200747)");
  const auto wanted = undoes(work) ? original_map(work, **before) : edited_map(work, **before);
  if (!wanted) return wanted.error();
  const auto digest = wanted->text ? std::optional(sha256(*wanted->text)) : std::nullopt;
  const auto known = record(work, **before, digest);
  if (!known) return known.error();
  const Timestamp stamp = new_stamp((*before)->modified, work.now);
  if (wanted->text) {
    const auto written = work.files->write(kSystemMap, (*before)->digest, *wanted->text, stamp);
    if (!written) return written.error();
  } else if ((*before)->modified == known->stamp) {
    // Else the same attempt, which was cut off later than this, has forced the site already.
    const auto touched = work.files->touch(kSystemMap, stamp);
    if (!touched) return touched.error();
  }
  const auto after = work.files->state(kSystemMap);
  if (!after) return after.error();
  if (!*after || (*after)->digest != known->edited.value_or(known->digest)) {
    return failed("the content of System.map changed while it was given a new time");
  }
  if ((*after)->modified == known->stamp) return failed("System.map kept its old time");
  std::map<std::string, std::string> facts{
      {"system_map_before", format_timestamp(known->stamp)},
      {"system_map_now", format_timestamp((*after)->modified)}};
  if (!wanted->changes.empty()) facts["system_map_changes"] = escaped(wanted->changes, 400);
  return ok(std::move(facts));
}

Result<Answer> regenerate(const Work& work) {
  const auto record = latest_record(work, undoes(work));
  if (!record) return record.error();
  if (!*record)
    return failed("no forced update of site " + work.operation.site.name + " is on record");
  if (work.shares.empty()) {
    return refused("site " + work.operation.site.name + " has no logon server");
  }
  std::vector<std::string> waiting;
  for (const Share& share : work.shares) {
    std::string reason = still_old(share, **record);
    if (!reason.empty()) waiting.push_back(std::move(reason));
  }
  if (waiting.empty()) return ok({{"logon_servers", std::to_string(work.shares.size())}});
  std::string hint = maintenance_hint(work);
  if (waited_long(work)) {
    const std::string map = map_clue(work);
    if (!map.empty()) hint = hint.empty() ? map : map + "; " + hint;
  }
  return pending(join(waiting, "; ") + (hint.empty() ? "" : "; " + hint));
}

}  // namespace sitewide::sms
