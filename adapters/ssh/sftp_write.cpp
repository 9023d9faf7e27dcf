#include "adapters/ssh/sftp_write.h"

#include <algorithm>
#include <random>

#include "adapters/ssh/sftp_standing.h"
#include "orchestrator/base/text.h"

namespace sitewide::ssh {
namespace {

constexpr std::uint32_t kUsual = 0644;

Error refused(const std::string& name, std::string_view why) {
  return Error{ErrorKind::refused, escaped(name) + " " + std::string(why)};
}

std::string prefix_of(const SftpPlace& place) {
  return std::string(kHalfWritten) + sha256(place.below).brief() + "-";
}

// New bytes beside a file; vanishes unless it has taken the file's place.
class HalfWritten {
 public:
  HalfWritten(SftpClient& client, const SftpPlace& place)
      : client_(client),
        place_(place),
        path_(joined(place.folder, prefix_of(place) + std::to_string(std::random_device()()))) {}
  ~HalfWritten() {
    if (is_open_) [[maybe_unused]]
      const auto closed = client_.close(handle_);
    if (is_there_) [[maybe_unused]]
      const auto removed = client_.remove(path_);
  }
  HalfWritten(const HalfWritten&) = delete;
  HalfWritten& operator=(const HalfWritten&) = delete;

  Result<> fill(const std::optional<SftpAttributes>& standing, std::string_view bytes,
                std::optional<Timestamp> modified);
  Result<> take_its_place(bool must_be_new);

 private:
  std::string doing() const { return "cannot write " + escaped(place_.path()); }
  Error failed_at(const SftpAnswer& answer, std::size_t size);
  Result<> take_over(const std::optional<SftpAttributes>& standing);
  Result<> set_time(Timestamp modified);
  Result<> check_size(std::size_t size);

  SftpClient& client_;
  const SftpPlace& place_;
  std::string path_;
  SftpHandle handle_;
  bool is_open_ = false;
  bool is_there_ = false;
};

// The protocol has no word for a full disk, but OpenSSH's server says how much room there is.
Error HalfWritten::failed_at(const SftpAnswer& answer, std::size_t size) {
  const auto room = client_.room(handle_);
  if (room && *room && **room < size) {
    return Error{ErrorKind::io, doing() + ": the disk is full: " + with_separators(**room) +
                                    " bytes are left, " + with_separators(size) + " are needed"};
  }
  return sftp_error(answer, doing());
}

// Mode and owner stay those of the file that is replaced, never its set-user bits. A server that
// knows neither says no, and that is all right.
Result<> HalfWritten::take_over(const std::optional<SftpAttributes>& standing) {
  SftpAttributes mode;
  mode.mode = standing ? *standing->mode & 0777U : kUsual;
  if (standing && standing->owner) {
    SftpAttributes owner;
    owner.owner = standing->owner;
    const auto mine = client_.attributes_of(handle_);
    if (!mine) return mine.error();
    if (mine->owner != owner.owner) {
      const auto set = client_.set_open(handle_, owner);
      if (!set) return set.error();
    }
  }
  const auto set = client_.set_open(handle_, mode);
  if (!set) return set.error();
  return {};
}

Result<> HalfWritten::set_time(Timestamp modified) {
  const auto set = client_.set_open(handle_, times_of(modified));
  if (!set) return set.error();
  if (set->ok()) return {};
  const auto by_name = client_.set(path_, times_of(modified));
  if (!by_name) return by_name.error();
  if (by_name->ok()) return {};
  return sftp_error(*by_name, "cannot set the time of " + escaped(place_.path()));
}

Result<> HalfWritten::fill(const std::optional<SftpAttributes>& standing, std::string_view bytes,
                           std::optional<Timestamp> modified) {
  SftpAttributes ours_alone;
  ours_alone.mode = 0600;
  const std::uint32_t flags = kSftpWrite | kSftpCreate | kSftpExclusive;
  const auto opened = client_.open(path_, flags, ours_alone, handle_);
  if (!opened) return opened.error();
  if (!opened->ok()) return sftp_error(*opened, doing());
  is_open_ = is_there_ = true;
  const auto written = client_.write(handle_, bytes);
  if (!written) return written.error();
  if (!written->ok()) return failed_at(*written, bytes.size());
  if (auto taken = take_over(standing); !taken) return taken;
  if (modified) {
    if (auto set = set_time(*modified); !set) return set;
  }
  const auto synced = client_.sync(handle_);
  if (!synced) return synced.error();
  if (!synced->ok()) return failed_at(*synced, bytes.size());
  is_open_ = false;
  const auto closed = client_.close(handle_);
  if (!closed) return closed.error();
  if (!closed->ok()) return sftp_error(*closed, doing());
  return check_size(bytes.size());
}

// A full disk need not have been told: not every server makes files durable when it is asked to.
Result<> HalfWritten::check_size(std::size_t size) {
  const auto there = client_.look({path_});
  if (!there) return there.error();
  if (there->front() && there->front()->size.value_or(size) == size) return {};
  return Error{ErrorKind::io, doing() + ": not all of it arrived"};
}

Result<> HalfWritten::take_its_place(bool must_be_new) {
  if (!must_be_new && !client_.offers("posix-rename@openssh.com")) {
    return Error{ErrorKind::refused, doing() +
                                         ": its SFTP server cannot replace a file in one step "
                                         "(posix-rename@openssh.com)"};
  }
  const auto renamed =
      must_be_new ? client_.rename(path_, place_.path()) : client_.replace(path_, place_.path());
  if (!renamed) return renamed.error();
  is_there_ = !renamed->ok();
  if (renamed->ok()) return {};
  if (must_be_new) {
    const auto there = client_.look({place_.path()});
    if (there && there->front())
      return refused(place_.name, "is there already: made by someone else");
  }
  return sftp_error(*renamed, doing());
}

// The name as it is written in its folder, which a server that is case-blind itself did not tell;
// and what a broken-off write of this very file left is removed.
Result<> settle_name(SftpWalk& walk, SftpClient& client, SftpPlace& place) {
  const auto names = walk.names_in(place.folder);
  if (!names) return names.error();
  const std::string prefix = prefix_of(place);
  const bool exact = std::ranges::find(*names, place.name) != names->end();
  for (const std::string& name : *names) {
    if (!exact && place.found && equals_ignoring_case(name, place.name)) place.name = name;
    if (!name.starts_with(prefix)) continue;
    const auto removed = client.remove(joined(place.folder, name));
    if (!removed) return removed.error();
  }
  return {};
}

}  // namespace

Result<> sftp_write(SftpWalk& walk, SftpClient& client, std::string_view path,
                    const Expected& expected, std::string_view bytes,
                    std::optional<Timestamp> modified) {
  auto place = walk.locate(path, !expected.has_value());
  if (!place) return place.error();
  if (!*place) return refused(std::string(path), "is gone: removed by someone else");
  // The first look keeps a file that is not ours from costing a write; the second, just before the
  // rename, decides.
  const auto standing = check_standing(client, **place, expected);
  if (!standing) return standing.error();
  if (auto settled = settle_name(walk, client, **place); !settled) return settled;
  HalfWritten half(client, **place);
  if (auto filled = half.fill(*standing, bytes, modified); !filled) return filled;
  const auto now_there = walk.locate(path, false);
  if (!now_there) return now_there.error();
  const bool same = *now_there && (*now_there)->folder == (*place)->folder &&
                    (*now_there)->found.has_value() == (*place)->found.has_value();
  if (!same) return refused((*place)->name, "was changed by someone else");
  const auto again = check_standing(client, **now_there, expected);
  if (!again) return again.error();
  return half.take_its_place(!expected.has_value());
}

}  // namespace sitewide::ssh
