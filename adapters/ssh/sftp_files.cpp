#include "adapters/ssh/sftp_files.h"

#include <algorithm>
#include <utility>

#include "adapters/ssh/sftp_standing.h"
#include "adapters/ssh/sftp_walk.h"
#include "adapters/ssh/sftp_write.h"
#include "orchestrator/base/text.h"

namespace sitewide::ssh {
namespace {

Error refused(std::string_view name, std::string_view why) {
  return Error{ErrorKind::refused, escaped(name) + " " + std::string(why)};
}

// What `read` makes of the file; nothing when it, or its folder, is missing.
template <class Value>
Result<std::optional<Value>> of_file(SftpClient& client, const std::string& root,
                                     std::string_view path,
                                     const std::function<Result<Value>(SftpOpenFile&)>& read) {
  const auto place = SftpWalk(client, root).locate(path, false);
  if (!place) return place.error();
  if (!*place || !(*place)->found) return std::optional<Value>();
  SftpOpenFile file(client, **place);
  const auto there = file.open();
  if (!there) return there.error();
  if (!*there) return std::optional<Value>();
  auto value = read(file);
  if (!value) return value.error();
  return std::optional(std::move(*value));
}

// Where a file of these bytes stands.
Result<SftpPlace> standing_place(SftpWalk& walk, SftpClient& client, std::string_view path,
                                 const Digest& expected) {
  auto place = walk.locate(path, false);
  if (!place) return place.error();
  if (!*place) return refused(path, "is gone: removed by someone else");
  const auto standing = check_standing(client, **place, expected);
  if (!standing) return standing.error();
  return std::move(**place);
}

// An access that carries a value back.
template <class Value>
Result<Value> with(const SftpAccess& access,
                   const std::function<Result<Value>(SftpClient&)>& work) {
  std::optional<Value> value;
  const auto done = access([&](SftpClient& client) -> Result<> {
    auto result = work(client);
    if (!result) return result.error();
    value.emplace(std::move(*result));
    return {};
  });
  if (!done) return done.error();
  return std::move(*value);
}

}  // namespace

SftpFiles::SftpFiles(std::string root, SftpAccess access)
    : root_(std::move(root)), access_(std::move(access)) {}

Result<std::optional<FileState>> SftpFiles::state(std::string_view path) {
  return with<std::optional<FileState>>(access_, [&](SftpClient& client) {
    return of_file<FileState>(client, root_, path, [](SftpOpenFile& file) -> Result<FileState> {
      FileState state;
      const auto digest = file.digest(state.size);
      if (!digest) return digest.error();
      state.digest = *digest;
      state.modified = modified_of(file.attributes());
      return state;
    });
  });
}

Result<std::optional<Timestamp>> SftpFiles::modified(std::string_view path) {
  using Value = std::optional<Timestamp>;
  return with<Value>(access_, [&](SftpClient& client) -> Result<Value> {
    const auto place = SftpWalk(client, root_).locate(path, false);
    if (!place) return place.error();
    if (!*place || !(*place)->found) return Value();
    if (!(*place)->found->is_file()) return refused((*place)->name, "is not a regular file");
    return Value(modified_of(*(*place)->found));
  });
}

Result<std::optional<std::string>> SftpFiles::read(std::string_view path, std::size_t max_bytes) {
  return with<std::optional<std::string>>(access_, [&](SftpClient& client) {
    return of_file<std::string>(
        client, root_, path, [max_bytes](SftpOpenFile& file) { return file.read(0, max_bytes); });
  });
}

Result<std::optional<std::string>> SftpFiles::tail(std::string_view path, std::size_t most) {
  return with<std::optional<std::string>>(access_, [&](SftpClient& client) {
    return of_file<std::string>(client, root_, path,
                                [most](SftpOpenFile& file) -> Result<std::string> {
                                  const std::uint64_t size = file.attributes().size.value_or(0);
                                  const std::uint64_t start = size > most ? size - most : 0;
                                  // One that grows meanwhile is not followed for ever.
                                  auto bytes = file.read(start, 2 * most + 65536);
                                  if (!bytes) return bytes.error();
                                  if (bytes->size() > most) bytes->erase(0, bytes->size() - most);
                                  return bytes;
                                });
  });
}

Result<> SftpFiles::write(std::string_view path, const Expected& expected, std::string_view bytes,
                          std::optional<Timestamp> modified) {
  return access_([&](SftpClient& client) {
    SftpWalk walk(client, root_);
    return sftp_write(walk, client, path, expected, bytes, modified);
  });
}

Result<> SftpFiles::remove(std::string_view path, const Digest& expected) {
  return access_([&](SftpClient& client) -> Result<> {
    SftpWalk walk(client, root_);
    const auto place = standing_place(walk, client, path, expected);
    if (!place) return place.error();
    const auto removed = client.remove(place->path());
    if (!removed) return removed.error();
    if (!removed->ok()) return sftp_error(*removed, "cannot remove " + escaped(place->path()));
    return {};
  });
}

Result<> SftpFiles::rename(std::string_view path, std::string_view name, const Digest& expected) {
  return access_([&](SftpClient& client) -> Result<> {
    SftpWalk walk(client, root_);
    const auto place = standing_place(walk, client, path, expected);
    if (!place) return place.error();
    const std::string folder(path.substr(0, path.find_last_of("/\\") + 1));
    const auto target = walk.locate(folder + std::string(name), false);
    if (!target) return target.error();
    if (!*target || (*target)->found) return refused(name, "is there already");
    const auto renamed = client.rename(place->path(), (*target)->path());
    if (!renamed) return renamed.error();
    if (!renamed->ok()) return sftp_error(*renamed, "cannot rename " + escaped(place->path()));
    return {};
  });
}

Result<> SftpFiles::touch(std::string_view path, Timestamp modified) {
  return access_([&](SftpClient& client) -> Result<> {
    const auto place = SftpWalk(client, root_).locate(path, false);
    if (!place) return place.error();
    if (!*place || !(*place)->found) return Error{ErrorKind::io, escaped(path) + ": no such file"};
    if (!(*place)->found->is_file()) return refused((*place)->name, "is not a regular file");
    const auto set = client.set((*place)->path(), times_of(modified));
    if (!set) return set.error();
    if (!set->ok()) return sftp_error(*set, "cannot set the time of " + escaped((*place)->path()));
    return {};
  });
}

Result<std::vector<std::string>> SftpFiles::list(std::string_view folder) {
  using Value = std::vector<std::string>;
  return with<Value>(access_, [&](SftpClient& client) -> Result<Value> {
    SftpWalk walk(client, root_);
    const auto path = walk.folder(folder);
    if (!path) return path.error();
    if (!*path) return Value();
    auto names = walk.names_in(**path);
    if (!names) return names.error();
    std::erase_if(*names, [](const std::string& name) { return name.starts_with(kHalfWritten); });
    std::ranges::sort(*names);
    return names;
  });
}

}  // namespace sitewide::ssh
