#include "adapters/ssh/sftp_standing.h"

#include <algorithm>

#include "orchestrator/base/text.h"

namespace sitewide::ssh {
namespace {

Error refused(const std::string& name, std::string_view why) {
  return Error{ErrorKind::refused, escaped(name) + " " + std::string(why)};
}

}  // namespace

SftpOpenFile::~SftpOpenFile() {
  if (is_open_) [[maybe_unused]]
    const auto closed = client_.close(handle_);
}

Result<bool> SftpOpenFile::open() {
  if (place_.found && !place_.found->is_file())
    return refused(place_.name, "is not a regular file");
  const auto opened = client_.open(place_.path(), kSftpRead, {}, handle_);
  if (!opened) return opened.error();
  if (opened->status == SftpStatus::no_such_file) return false;
  if (!opened->ok()) return sftp_error(*opened, "cannot read " + escaped(place_.path()));
  is_open_ = true;
  auto attributes = client_.attributes_of(handle_);
  if (!attributes) return attributes.error();
  if (!attributes->is_file()) return refused(place_.name, "is not a regular file");
  attributes_ = std::move(*attributes);
  return true;
}

Result<> SftpOpenFile::read_pieces(std::uint64_t offset,
                                   const std::function<bool(std::string_view)>& take) {
  const auto done = client_.read(handle_, offset, take);
  if (!done) return done.error();
  if (!done->ok()) return sftp_error(*done, "cannot read " + escaped(place_.path()));
  return {};
}

Result<std::string> SftpOpenFile::read(std::uint64_t offset, std::size_t most) {
  std::string bytes;
  const auto done = read_pieces(offset, [&](std::string_view piece) {
    bytes += piece;
    return bytes.size() <= most;
  });
  if (!done) return done.error();
  if (bytes.size() <= most) return bytes;
  return Error{ErrorKind::io,
               escaped(place_.path()) + " is larger than " + with_separators(most) + " bytes"};
}

Result<Digest> SftpOpenFile::digest(std::uint64_t& size) {
  Sha256 hash;
  size = 0;
  const auto done = read_pieces(0, [&](std::string_view piece) {
    hash.update(piece);
    size += piece.size();
    return true;
  });
  if (!done) return done.error();
  return hash.finish();
}

Result<std::optional<SftpAttributes>> check_standing(SftpClient& client, const SftpPlace& place,
                                                     const Expected& expected) {
  SftpOpenFile file(client, place);
  const auto there = place.found ? file.open() : Result<bool>(false);
  if (!there) return there.error();
  if (!*there) {
    if (expected) return refused(place.name, "is gone: removed by someone else");
    return std::optional<SftpAttributes>();
  }
  if (!expected) return refused(place.name, "is there already: made by someone else");
  std::uint64_t size = 0;
  const auto digest = file.digest(size);
  if (!digest) return digest.error();
  if (*digest != *expected) return refused(place.name, "was changed by someone else");
  return std::optional(file.attributes());
}

Timestamp modified_of(const SftpAttributes& attributes) {
  const std::uint32_t seconds = attributes.times ? attributes.times->second : 0;
  return Timestamp(std::chrono::seconds(seconds));
}

SftpAttributes times_of(Timestamp modified) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(modified.time_since_epoch());
  const auto bounded = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(seconds.count(), 0, std::int64_t{UINT32_MAX}));
  SftpAttributes attributes;
  attributes.times.emplace(bounded, bounded);
  return attributes;
}

}  // namespace sitewide::ssh
