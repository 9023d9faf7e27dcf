// How the user's own ssh is called: the plan's keys as its options. What the plan does not say is
// ssh_config's affair, so all that ssh can do is to be had: ControlMaster, ProxyJump, GSSAPI, Match
// exec, keys in hardware. Pure.
#pragma once

#include "adapters/ssh/session.h"
#include "orchestrator/base/result.h"
#include "orchestrator/core/plan.h"

namespace sitewide::openssh {

/// What the connection is for.
enum class Use {
  command,  ///< the command line follows as one more element
  files,    ///< the subsystem sftp
};

/// ssh with its options up to the host, and for `files` the subsystem. It never asks anybody
/// anything. Refused: a host that could be taken for something else than a name, by ssh or by a
/// shell that ssh_config hands it to (ProxyCommand); a path that cannot be written in an option.
Result<Argv> ssh_argv(const ssh::Settings& settings, Use use);

}  // namespace sitewide::openssh
