// RunSaved: `run FILE` with a saved preview: exactly what was previewed, or nothing.
#pragma once

#include "orchestrator/cli/console.h"

namespace sitewide {

/// Whether the file is a saved preview by its content; a file that cannot be read is not.
bool names_saved_preview(const std::string& path);

/// Holds the world to what the file says and runs it: no question is asked, for passing the file is
/// the approval. On drift an error of kind refused, after every item was listed; with
/// --accept-drift it goes on and the rollout's first event has the list.
Result<ExitCode> run_saved(const Options& options, const Console& console);

}  // namespace sitewide
