#include "adapters/smb/smb_replace.h"

#include <sys/random.h>

#include <cstdio>
#include <utility>

#include "adapters/folder_walk.h"
#include "adapters/temporary_file.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

Error refused(std::string_view name, std::string_view why) {
  return Error{ErrorKind::refused, escaped(name) + " " + std::string(why)};
}

std::string prefix_of(const SmbFilePlace& place) {
  return std::string(kTemporary) + sha256(place.path).brief() + "-";
}

Result<std::string> new_name(const std::string& prefix) {
  unsigned int number = 0;
  if (::getrandom(&number, sizeof number, 0) != static_cast<ssize_t>(sizeof number))
    return Error{ErrorKind::io, "no random numbers"};
  return prefix + std::to_string(number);
}

Result<> set_mode(SmbVisit& visit, const std::string& full, const std::string& letters,
                  const std::string& what) {
  return visit.tell("setmode " + smb_quoted(full) + " " + letters, what);
}

/// Removes what a killed run left for this very file. What cannot be removed stays for the next.
void clean(SmbVisit& visit, const std::string& folder, const std::string& prefix) {
  const auto left = visit.list(folder, prefix + "*");
  if (!left) return;
  for (const SmbEntry& entry : *left) {
    const bool ours = entry.name.starts_with(prefix) && smb_name_fault(entry.name).empty();
    if (!ours || entry.is_folder) continue;
    // One that took over its file's attributes; no server deletes it as it is.
    if (entry.read_only) {
      const auto cleared = set_mode(visit, folder + "\\" + entry.name, "-r", "a leftover");
      if (!cleared) return;
    }
    const auto removed = visit.tell("del " + smb_quoted(folder + "\\" + entry.name), "a leftover");
    if (!removed) return;
  }
}

/// Hidden and the like stay as they were: Sms.ini is hidden (S3D48).
std::string attributes_of(const SmbEntry& entry) {
  std::string letters;
  if (entry.hidden) letters += 'h';
  if (entry.system) letters += 's';
  if (entry.read_only) letters += 'r';
  return letters;
}

/// Fills the temporary: bytes, time, attributes, and whether all of it came to stand there.
Result<> fill(SmbVisit& visit, const std::string& temporary, const SmbFilePlace& place,
              const SmbContent& content) {
  const auto bytes = MemoryFile::with(content.bytes);
  if (!bytes) return bytes.error();
  if (auto put = visit.put(*bytes, temporary, place.name); !put) return put;
  const std::string what = "cannot write " + escaped(place.name);
  if (content.modified) {
    auto timed = visit.tell(smb_touch_command(temporary, *content.modified), what);
    if (!timed) return timed;
  }
  const std::string letters = place.entry ? attributes_of(*place.entry) : std::string();
  if (!letters.empty()) {
    auto set = set_mode(visit, temporary, "+" + letters, what);
    if (!set) return set;
  }
  const std::size_t slash = temporary.rfind('\\');
  const auto there = visit.look_up(temporary.substr(0, slash), temporary.substr(slash + 1));
  if (!there) return there.error();
  if (*there && (*there)->size == content.bytes.size()) return {};
  return Error{ErrorKind::io, what + ": not all of it arrived"};
}

Result<> move_over(SmbVisit& visit, const std::string& temporary, const SmbFilePlace& place,
                   bool must_be_new) {
  const std::string what = "cannot write " + escaped(place.name);
  // Windows renames nothing over a read-only file.
  const bool read_only = place.entry && place.entry->read_only;
  if (read_only) {
    auto cleared = set_mode(visit, place.full(), "-r", what);
    if (!cleared) return cleared;
  }
  std::string command = "rename " + smb_quoted(temporary) + " " + smb_quoted(place.full());
  if (!must_be_new) command += " -f";
  auto moved = visit.tell(command, what);
  if (moved || !read_only || moved.error().kind == ErrorKind::unreachable) return moved;
  const auto put_back = set_mode(visit, place.full(), "+r", what);
  if (put_back) return moved;
  return Error{moved.error().kind, moved.error().message + "; it is no longer read-only"};
}

}  // namespace

std::string smb_touch_command(const std::string& full, Timestamp modified) {
  using namespace std::chrono;
  const auto second = floor<seconds>(modified);
  const auto day = floor<days>(second);
  const year_month_day date(day);
  const hh_mm_ss<seconds> time(second - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d:%02u:%02u-%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return "utimes " + smb_quoted(full) + " -1 -1 " + text + " -1";
}

Result<> check_smb_standing(SmbVisit& visit, const SmbFilePlace& place, const Expected& expected) {
  if (!place.entry) {
    if (expected) return refused(place.name, "is gone: removed by someone else");
    return {};
  }
  if (!expected) return refused(place.name, "is there already: made by someone else");
  const auto bytes = visit.get(place, 0, SIZE_MAX);
  if (!bytes) return bytes.error();
  const auto digest = digest_of(bytes->descriptor());
  if (!digest) return digest.error();
  if (*digest != *expected) return refused(place.name, "was changed by someone else");
  return {};
}

Result<> smb_replace(SmbVisit& visit, const SmbFilePlace& place, const SmbContent& content,
                     const std::string& temporary_folder) {
  const std::string prefix = prefix_of(place);
  clean(visit, temporary_folder, prefix);
  const auto name = new_name(prefix);
  if (!name) return name.error();
  const std::string temporary = temporary_folder + "\\" + *name;
  auto done = fill(visit, temporary, place, content);
  if (done) {
    // The look before the first byte keeps a file that is not ours from costing a write; this one,
    // just before the rename, decides.
    SmbFilePlace again = place;
    auto entry = visit.look_up(place.folder, place.name);
    if (!entry) {
      done = entry.error();
    } else {
      again.entry = std::move(*entry);
      done = check_smb_standing(visit, again, content.expected);
    }
    if (done) done = move_over(visit, temporary, again, !content.expected.has_value());
  }
  if (!done && done.error().kind != ErrorKind::unreachable) clean(visit, temporary_folder, prefix);
  return done;
}

}  // namespace sitewide
