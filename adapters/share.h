// open_share(): the files of a site server's <SMS_root> or of a logon server's SMS_SHR, wherever
// the plan says that they are.
#pragma once

#include <memory>
#include <string>

#include "adapters/files.h"
#include "adapters/smb/smb_sessions.h"
#include "orchestrator/core/smb.h"

namespace sitewide {

/// `root`: a folder of this machine, or `smb://…`. Half-written files lie in the root and never
/// beside their target, for Client.src is copied to the logon servers as it stands. Opening it asks
/// nobody; each call says what is wrong.
std::shared_ptr<Files> open_share(const std::string& root, const SmbLogin& login,
                                  const std::shared_ptr<SmbSessions>& sessions);

}  // namespace sitewide
