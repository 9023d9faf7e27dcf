// The command that is sent to an SSH server for one RunRequest: the client's root as current
// folder, the variables, the argv, all quoted for the server's shell. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/transport.h"

namespace sitewide::ssh {

enum class Shell { posix, cmd };

/// `/C:` and `/C:/folder`, as Windows' SFTP server names them, as `C:\` and `C:\folder`; nothing
/// for a path of another form.
std::optional<std::string> windows_folder(std::string_view root);

/// Refused when something in the request cannot be said to that shell. With
/// RunRequest::logon_server: that server's SMS_SHR becomes the current drive (`pushd`) and argv[0],
/// a batch file there, is run; only cmd does that.
Result<std::string> remote_command(Shell shell, const RunRequest& request, std::string_view root);

/// For a POSIX shell: ends every process whose environment holds the line it is given, first by
/// SIGTERM, after five seconds by SIGKILL. Exit code 0: none is left; 1: some are; 3: there is no
/// /proc to find them in.
std::string end_command();

}  // namespace sitewide::ssh
