// SftpFiles: the Files of a client that an SFTP server shows. What is trusted is what was read: a
// digest is taken of the bytes here. Times have whole seconds.
//
// Threads: as Files. Every call uses a connection of its own choice and keeps nothing.
#pragma once

#include <functional>
#include <string>

#include "adapters/files.h"
#include "adapters/ssh/sftp_client.h"

namespace sitewide::ssh {

/// Gives `work` a connection to the client's SFTP server. It may be given another one and called
/// again when the first was gone before it answered anything.
using SftpWork = std::function<Result<>(SftpClient& client)>;
using SftpAccess = std::function<Result<>(const SftpWork& work)>;

class SftpFiles : public Files {
 public:
  /// `root`: where the client's drive C: lies, as the server names it.
  SftpFiles(std::string root, SftpAccess access);

  Result<std::optional<FileState>> state(std::string_view path) override;
  Result<std::optional<Timestamp>> modified(std::string_view path) override;
  Result<std::optional<std::string>> read(std::string_view path, std::size_t max_bytes) override;
  Result<std::optional<std::string>> tail(std::string_view path, std::size_t most) override;
  Result<> write(std::string_view path, const Expected& expected, std::string_view bytes,
                 std::optional<Timestamp> modified) override;
  Result<> remove(std::string_view path, const Digest& expected) override;
  Result<> rename(std::string_view path, std::string_view name, const Digest& expected) override;
  Result<> touch(std::string_view path, Timestamp modified) override;
  Result<std::vector<std::string>> list(std::string_view folder) override;

 private:
  std::string root_;
  SftpAccess access_;
};

}  // namespace sitewide::ssh
