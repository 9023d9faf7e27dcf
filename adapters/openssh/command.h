// How the user's own ssh is called: the plan's keys as its options. What the plan does not say is
// ssh_config's affair, so all that ssh can do is to be had: ControlMaster, ProxyJump, GSSAPI, Match
// exec, keys in hardware. Pure.
#pragma once

#include <string_view>

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

/// Runs `argv` on a POSIX client, its standard error sent along with its output. When it ends with
/// 255, kOwnEnd is printed on what is standard error then: ssh ends with 255 too, and of a
/// connection that others share (ControlMaster) without a word.
Argv telling_own_end(Argv argv);
inline constexpr std::string_view kOwnEnd = "sitewide: the program itself ended with 255";

}  // namespace sitewide::openssh
