// What stands at a place on an SFTP server: opened, read, compared. Blocks; one thread at a time.
// Private to sftp_files.cpp and sftp_write.cpp.
#pragma once

#include "adapters/files.h"
#include "adapters/ssh/sftp_walk.h"

namespace sitewide::ssh {

/// A file that the server has open for reading; closed when it goes.
class SftpOpenFile {
 public:
  SftpOpenFile(SftpClient& client, const SftpPlace& place) : client_(client), place_(place) {}
  ~SftpOpenFile();
  SftpOpenFile(const SftpOpenFile&) = delete;
  SftpOpenFile& operator=(const SftpOpenFile&) = delete;

  /// False when it is gone. Refused when it is no regular file.
  Result<bool> open();
  const SftpAttributes& attributes() const { return attributes_; }
  /// Reads from `offset`; over `most` bytes in all, an error.
  Result<std::string> read(std::uint64_t offset, std::size_t most);
  Result<Digest> digest(std::uint64_t& size);

 private:
  Result<> read_pieces(std::uint64_t offset, const std::function<bool(std::string_view)>& take);

  SftpClient& client_;
  const SftpPlace& place_;
  SftpHandle handle_;
  bool is_open_ = false;
  SftpAttributes attributes_;
};

/// Refused unless these bytes, or no file, stand there. What was read of the file, if there is one.
Result<std::optional<SftpAttributes>> check_standing(SftpClient& client, const SftpPlace& place,
                                                     const Expected& expected);

Timestamp modified_of(const SftpAttributes& attributes);
/// Both times, in the whole seconds that SFTP has.
SftpAttributes times_of(Timestamp modified);

}  // namespace sitewide::ssh
