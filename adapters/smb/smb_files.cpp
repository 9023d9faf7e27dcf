#include "adapters/smb/smb_files.h"

#include <algorithm>
#include <utility>

#include "adapters/folder_walk.h"
#include "adapters/smb/smb_replace.h"
#include "adapters/smb/smb_visit.h"
#include "adapters/temporary_file.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

Error refused(std::string_view name, std::string_view why) {
  return Error{ErrorKind::refused, escaped(name) + " " + std::string(why)};
}

/// The place of a file that is there; nothing when it is not.
Result<std::optional<SmbFilePlace>> find(SmbVisit& visit, std::string_view path) {
  if (auto opened = visit.open(); !opened) return opened.error();
  auto place = visit.locate(path, false);
  if (!place) return place.error();
  if (!*place || !(*place)->entry) return std::optional<SmbFilePlace>();
  return place;
}

/// The place of a file that must be what was expected.
Result<SmbFilePlace> find_expected(SmbVisit& visit, std::string_view path, const Expected& expected,
                                   bool create) {
  if (auto opened = visit.open(); !opened) return opened.error();
  auto place = visit.locate(path, create);
  if (!place) return place.error();
  if (!*place) return refused(path, "is gone: removed by someone else");
  if (auto same = check_smb_standing(visit, **place, expected); !same) return same.error();
  return std::move(**place);
}

}  // namespace

SmbFiles::SmbFiles(SmbPlace place, SmbLogin login, std::shared_ptr<SmbSessions> sessions,
                   SmbOptions options)
    : place_(std::move(place)),
      login_(std::move(login)),
      sessions_(std::move(sessions)),
      options_(options) {}

Result<std::optional<FileState>> SmbFiles::state(std::string_view path) {
  SmbVisit visit(place_, login_, *sessions_);
  const auto place = find(visit, path);
  if (!place) return place.error();
  if (!*place) return std::optional<FileState>();
  const auto bytes = visit.get(**place, 0, SIZE_MAX);
  if (!bytes) return bytes.error();
  FileState state;
  const auto digest = digest_of(bytes->descriptor(), &state.size);
  if (!digest) return digest.error();
  state.digest = *digest;
  state.modified = (*place)->entry->modified;
  return std::optional(state);
}

Result<std::optional<Timestamp>> SmbFiles::modified(std::string_view path) {
  SmbVisit visit(place_, login_, *sessions_);
  const auto place = find(visit, path);
  if (!place) return place.error();
  if (!*place) return std::optional<Timestamp>();
  return std::optional((*place)->entry->modified);
}

Result<std::optional<std::string>> SmbFiles::read(std::string_view path, std::size_t max_bytes) {
  SmbVisit visit(place_, login_, *sessions_);
  const auto place = find(visit, path);
  if (!place) return place.error();
  if (!*place) return std::optional<std::string>();
  const auto file = visit.get(**place, 0, max_bytes);
  if (!file) return file.error();
  auto bytes = file->read_from(0);
  if (!bytes) return bytes.error();
  return std::optional(std::move(*bytes));
}

Result<std::optional<std::string>> SmbFiles::tail(std::string_view path, std::size_t most) {
  SmbVisit visit(place_, login_, *sessions_);
  const auto place = find(visit, path);
  if (!place) return place.error();
  if (!*place) return std::optional<std::string>();
  const std::uint64_t size = (*place)->entry->size;
  const std::uint64_t start = size - std::min<std::uint64_t>(size, most);
  // A log that grows meanwhile may have more; what was its end when it was looked at is kept.
  constexpr std::uint64_t kGrowth = std::uint64_t{16} << 20;
  const auto file = visit.get(**place, start, most + kGrowth);
  if (!file) return file.error();
  auto bytes = file->read_from(start);
  if (!bytes) return bytes.error();
  if (bytes->size() > most) bytes->erase(0, bytes->size() - most);
  return std::optional(std::move(*bytes));
}

Result<> SmbFiles::write(std::string_view path, const Expected& expected, std::string_view bytes,
                         std::optional<Timestamp> modified) {
  SmbVisit visit(place_, login_, *sessions_);
  const auto place = find_expected(visit, path, expected, !expected.has_value());
  if (!place) return place.error();
  const SmbContent content{expected, bytes, modified};
  const std::string beside = place->folder;
  const std::string folder = options_.temporaries_in_root ? visit.root() : beside;
  auto done = smb_replace(visit, *place, content, folder);
  // Another volume may be mounted below the root.
  const bool elsewhere =
      !done && done.error().message.find("NT_STATUS_NOT_SAME_DEVICE") != std::string::npos;
  if (elsewhere && folder != beside) done = smb_replace(visit, *place, content, beside);
  return done;
}

Result<> SmbFiles::remove(std::string_view path, const Digest& expected) {
  SmbVisit visit(place_, login_, *sessions_);
  const auto place = find_expected(visit, path, expected, false);
  if (!place) return place.error();
  return visit.tell("del " + smb_quoted(place->full()), "cannot remove " + escaped(path));
}

Result<> SmbFiles::rename(std::string_view path, std::string_view name, const Digest& expected) {
  SmbVisit visit(place_, login_, *sessions_);
  const auto place = find_expected(visit, path, expected, false);
  if (!place) return place.error();
  const std::string folder(path.substr(0, path.find_last_of("/\\") + 1));
  const auto target = visit.locate(folder + std::string(name), false);
  if (!target) return target.error();
  if (!*target || (*target)->entry) return refused(name, "is there already");
  return visit.tell("rename " + smb_quoted(place->full()) + " " + smb_quoted((*target)->full()),
                    "cannot rename " + escaped(path));
}

Result<> SmbFiles::touch(std::string_view path, Timestamp modified) {
  SmbVisit visit(place_, login_, *sessions_);
  const auto place = find(visit, path);
  if (!place) return place.error();
  if (!*place) return Error{ErrorKind::io, escaped(path) + ": no such file"};
  return visit.tell(smb_touch_command((*place)->full(), modified),
                    "cannot set the time of " + escaped(path));
}

Result<std::vector<std::string>> SmbFiles::list(std::string_view folder) {
  SmbVisit visit(place_, login_, *sessions_);
  if (auto opened = visit.open(); !opened) return opened.error();
  const auto place = visit.locate_folder(folder);
  if (!place) return place.error();
  if (!*place) return std::vector<std::string>();
  const auto entries = visit.list(**place, "*");
  if (!entries) return entries.error();
  std::vector<std::string> names;
  for (const SmbEntry& entry : *entries) {
    if (!entry.name.starts_with(kTemporary)) names.push_back(entry.name);
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace sitewide
