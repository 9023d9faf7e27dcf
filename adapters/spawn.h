// spawn(): starts a program by posix_spawn: no shell, no fork of the controller's memory, its own
// process group, default signal dispositions, the user's own umask and core limit, and no
// descriptor but the three it is given. Blocks for the moment that exec takes. Whoever has started
// one waits for its exit and says exit_seen(), see descendants.h.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

#include "orchestrator/core/plan.h"

namespace sitewide {

struct SpawnRequest {
  const Argv& argv;                                       ///< argv[0] is looked up in PATH
  const std::string& folder;                              ///< current folder; empty: ours
  const std::map<std::string, std::string>& environment;  ///< added to ours
  int input = -1;                                         ///< becomes descriptor 0; -1: /dev/null
  int output = -1;                                        ///< becomes descriptor 1
  int errors = -1;                                        ///< becomes descriptor 2
};

struct Spawned {
  pid_t pid = -1;      ///< also the number of its process group; -1: nothing was started
  std::string reason;  ///< why not, in words
};

Spawned spawn(const SpawnRequest& request);

}  // namespace sitewide
