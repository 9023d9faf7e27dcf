// How a file on an SFTP server is replaced: new bytes beside it, made durable, then a rename over
// it. Blocks; one thread at a time. Private to sftp_files.cpp.
#pragma once

#include "adapters/files.h"
#include "adapters/ssh/sftp_walk.h"

namespace sitewide::ssh {

/// Files that a broken-off write left half-written have names that begin so.
inline constexpr std::string_view kHalfWritten = ".sitewide-";

/// As Files::write.
Result<> sftp_write(SftpWalk& walk, SftpClient& client, std::string_view path,
                    const Expected& expected, std::string_view bytes,
                    std::optional<Timestamp> modified);

}  // namespace sitewide::ssh
