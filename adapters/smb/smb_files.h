// SmbFiles: the Files of a folder on an SMB server, reached by Samba's smbclient. What it promises
// of a write, and what no SMB client can, is in adapters/README.md.
//
// Threads: any; every call blocks, on the server's answers and on its turn for a connection.
// Nothing is cached. Ownership: shares the sessions.
#pragma once

#include <memory>
#include <string>

#include "adapters/files.h"
#include "adapters/smb/smb_sessions.h"
#include "orchestrator/core/smb.h"

namespace sitewide {

struct SmbOptions {
  /// As FolderOptions has it: for a site server, whose Client.src is copied as it stands.
  bool temporaries_in_root = false;
};

class SmbFiles : public Files {
 public:
  SmbFiles(SmbPlace place, SmbLogin login, std::shared_ptr<SmbSessions> sessions,
           SmbOptions options = {});

  Result<std::optional<FileState>> state(std::string_view path) override;
  /// Whole seconds, as smbclient tells them.
  Result<std::optional<Timestamp>> modified(std::string_view path) override;
  Result<std::optional<std::string>> read(std::string_view path, std::size_t max_bytes) override;
  Result<std::optional<std::string>> tail(std::string_view path, std::size_t most) override;
  Result<> write(std::string_view path, const Expected& expected, std::string_view bytes,
                 std::optional<Timestamp> modified) override;
  Result<> remove(std::string_view path, const Digest& expected) override;
  Result<> rename(std::string_view path, std::string_view name, const Digest& expected) override;
  /// Fractions of a second are left out.
  Result<> touch(std::string_view path, Timestamp modified) override;
  Result<std::vector<std::string>> list(std::string_view folder) override;

 private:
  SmbPlace place_;
  SmbLogin login_;
  std::shared_ptr<SmbSessions> sessions_;
  SmbOptions options_;
};

}  // namespace sitewide
