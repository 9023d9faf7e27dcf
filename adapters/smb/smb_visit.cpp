#include "adapters/smb/smb_visit.h"

#include <algorithm>
#include <utility>

#include "adapters/client_path.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// smbclient itself gives the server 20 s to answer.
constexpr milliseconds kAnswer = seconds(45);
/// What the slowest line carries: a transfer has more time the longer it is.
constexpr std::uint64_t kBytesASecond = std::uint64_t{64} << 10;
/// `get` makes files in memory.
constexpr std::uint64_t kMostInMemory = std::uint64_t{512} << 20;

milliseconds time_for(std::uint64_t bytes) { return kAnswer + seconds(bytes / kBytesASecond); }

Error refused(std::string_view name, std::string_view why) {
  return Error{ErrorKind::refused, escaped(name) + " " + std::string(why)};
}

Error larger(std::string_view name, std::uint64_t most) {
  return Error{ErrorKind::io,
               escaped(name) + " is larger than " + with_separators(most) + " bytes"};
}

/// Names from a plan, an Sms.ini or a copy list, as they may stand on smbclient's command line.
Result<std::vector<std::string>> components_of(std::string_view path) {
  auto components = split_client_path(path);
  if (!components) return components.error();
  for (const std::string& component : *components) {
    if (const auto fault = smb_name_fault(component); !fault.empty())
      return Error{ErrorKind::refused, "path " + escaped(path) + ": " + std::string(fault)};
  }
  return components;
}

}  // namespace

std::string smb_quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string SmbVisit::root() const {
  std::string folder;
  for (const std::string& component : place_.folders) folder += "\\" + component;
  return folder;
}

Result<> SmbVisit::open() {
  auto lease = sessions_.take(place_, login_);
  if (!lease) return lease.error();
  lease_.emplace(std::move(*lease));
  const std::string folder = root();
  if (folder.empty()) return {};
  const auto answer = ask("ls " + smb_quoted(folder));
  if (!answer) return answer.error();
  const std::string shown =
      "folder " + escaped(place_.folders.back()) + " of " + place_.share_text();
  const auto status = smb_status_in(*answer);
  if (is_smb_absence(status)) return Error{ErrorKind::unreachable, shown + " is not there"};
  if (!status.empty()) return smb_error(status, shown, SmbStage::working);
  const auto entries = parse_smb_listing(*answer);
  if (!entries) return entries.error();
  if (entries->empty() || !entries->front().is_folder)
    return Error{ErrorKind::unreachable, shown + " is not a folder"};
  return {};
}

Error SmbVisit::broken() const {
  return {ErrorKind::unreachable, place_.share_text() + ": the connection broke off"};
}

Result<std::string> SmbVisit::ask(const std::string& command) {
  for (;;) {
    if (!lease_) return broken();
    auto answer = lease_->process().ask(command, kAnswer);
    const bool gone = answer ? is_smb_disconnect(smb_status_in(*answer))
                             : answer.error().kind == ErrorKind::unreachable;
    if (!gone) return answer;
    // One that said that its connection is gone says the same for ever.
    const std::string status = answer ? std::string(smb_status_in(*answer)) : std::string();
    lease_->process().end();
    const bool again = !lease_->is_fresh() && !changed_;
    if (!again && answer) return smb_error(status, place_.share_text(), SmbStage::working);
    if (!again) return answer;
    lease_.reset();  // first, or its own place among those of the share would be waited for
    auto lease = sessions_.take(place_, login_);
    if (!lease) return lease.error();
    lease_.emplace(std::move(*lease));
  }
}

Result<> SmbVisit::tell(const std::string& command, const std::string& what) {
  if (!lease_) return broken();
  const bool was_changed = std::exchange(changed_, true);
  const auto answer = lease_->process().ask(command, kAnswer);
  if (!answer) {
    if (answer.error().kind != ErrorKind::unreachable) changed_ = was_changed;
    return answer.error();
  }
  const auto status = smb_status_in(*answer);
  if (status.empty()) return {};
  if (is_smb_disconnect(status)) lease_->process().end();
  return smb_error(status, what, SmbStage::working);
}

Result<std::vector<SmbEntry>> SmbVisit::list(const std::string& folder,
                                             const std::string& pattern) {
  const auto answer = ask("ls " + smb_quoted(folder + "\\" + pattern));
  if (!answer) return answer.error();
  const auto status = smb_status_in(*answer);
  if (is_smb_absence(status)) return std::vector<SmbEntry>();
  if (!status.empty())
    return smb_error(status, "cannot list a folder of " + place_.share_text(), SmbStage::working);
  auto entries = parse_smb_listing(*answer);
  if (!entries) return entries.error();
  std::erase_if(*entries,
                [](const SmbEntry& entry) { return entry.name == "." || entry.name == ".."; });
  return entries;
}

Result<std::optional<SmbEntry>> SmbVisit::look_up(const std::string& folder,
                                                  const std::string& name) {
  auto entries = list(folder, name);
  if (!entries) return entries.error();
  if (entries->empty()) return std::optional<SmbEntry>();
  const auto exact = std::ranges::find(*entries, name, &SmbEntry::name);
  if (exact != entries->end()) return std::optional(std::move(*exact));
  SmbEntry& first = entries->front();
  if (entries->size() > 1) {
    return refused(name, "could be " + escaped(first.name) + " or " + escaped((*entries)[1].name));
  }
  // Windows finds a file by its short name too (PCMWIN~1.EXE), under which it is another one for
  // whoever named it. Letters beyond ASCII are the server's to compare.
  const bool is_ascii =
      std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii && !equals_ignoring_case(first.name, name))
    return refused(name, "is another name of " + escaped(first.name));
  if (const auto fault = smb_name_fault(first.name); !fault.empty())
    return refused(first.name, "cannot be used: " + std::string(fault));
  return std::optional(std::move(first));
}

Result<std::optional<std::string>> SmbVisit::walk(const std::vector<std::string>& components,
                                                  bool create) {
  std::string folder = root();
  for (const std::string& component : components) {
    const auto entry = look_up(folder, component);
    if (!entry) return entry.error();
    if (!*entry) {
      if (!create) return std::optional<std::string>();
      const std::string made = folder + "\\" + component;
      auto done = tell("mkdir " + smb_quoted(made), "cannot make folder " + escaped(component));
      // Somebody else may have made it meanwhile.
      if (!done && done.error().kind != ErrorKind::refused) return done.error();
      folder = made;
      continue;
    }
    if ((*entry)->is_link) return refused((*entry)->name, "is a link, which is not followed");
    if (!(*entry)->is_folder) return refused((*entry)->name, "is not a folder");
    folder += "\\" + (*entry)->name;
  }
  return std::optional(std::move(folder));
}

Result<std::optional<std::string>> SmbVisit::locate_folder(std::string_view path) {
  const auto components = components_of(path);
  if (!components) return components.error();
  return walk(*components, false);
}

Result<std::optional<SmbFilePlace>> SmbVisit::locate(std::string_view path, bool create) {
  auto components = components_of(path);
  if (!components) return components.error();
  if (components->empty()) return refused(path, "names no file");
  SmbFilePlace place;
  place.path = to_lower(join(*components, "/"));
  place.name = std::move(components->back());
  components->pop_back();
  auto folder = walk(*components, create);
  if (!folder) return folder.error();
  if (!*folder) return std::optional<SmbFilePlace>();
  place.folder = std::move(**folder);
  auto entry = look_up(place.folder, place.name);
  if (!entry) return entry.error();
  place.entry = std::move(*entry);
  if (place.entry) {
    if (place.entry->is_folder) return refused(place.name, "is not a regular file");
    place.name = place.entry->name;
  }
  return std::optional(std::move(place));
}

Result<MemoryFile> SmbVisit::get(const SmbFilePlace& place, std::uint64_t offset,
                                 std::uint64_t most) {
  most = std::min(most, kMostInMemory);
  const std::uint64_t size = place.entry->size;
  if (size - std::min(size, offset) > most) return larger(place.name, most);
  auto file = MemoryFile::with({});
  if (!file) return file.error();
  if (auto sized = file->resize(offset); !sized) return sized.error();
  // The server's word for the size is not believed: it may grow while it is read.
  bool fits = true;
  const auto goes_on = [&] {
    fits = file->size() <= offset + most;
    return fits;
  };
  if (!lease_) return broken();
  const std::string verb = offset > 0 ? "reget " : "get ";
  const std::string command = verb + smb_quoted(place.full()) + " " + smb_quoted(file->path());
  const auto answer = lease_->process().ask(command, time_for(size - offset), goes_on);
  if (!fits || file->size() > offset + most) return larger(place.name, most);
  if (!answer) return answer.error();
  const auto status = smb_status_in(*answer);
  if (!status.empty())
    return smb_error(status, "cannot read " + escaped(place.name), SmbStage::working);
  // Complaints without a status, of this machine's side: none must pass for an empty file.
  if (answer->find("getting file ") == std::string::npos) {
    return Error{ErrorKind::io,
                 "cannot read " + escaped(place.name) + ": " + escaped(trim(*answer), 200)};
  }
  return file;
}

Result<> SmbVisit::put(const MemoryFile& bytes, const std::string& full, std::string_view shown) {
  if (!lease_) return broken();
  changed_ = true;
  const std::string what = "cannot write " + escaped(shown);
  const std::string command = "put " + smb_quoted(bytes.path()) + " " + smb_quoted(full);
  const auto answer = lease_->process().ask(command, time_for(bytes.size()));
  if (!answer) return answer.error();
  const auto status = smb_status_in(*answer);
  if (!status.empty()) return smb_error(status, what, SmbStage::working);
  if (answer->find("putting file ") != std::string::npos) return {};
  return Error{ErrorKind::io, what + ": " + escaped(trim(*answer), 200)};
}

}  // namespace sitewide
