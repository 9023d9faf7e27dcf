// The options of `preview`, of `validate --probe`, and those of `run` for what a preview saved.
#pragma once

#include "orchestrator/cli/options.h"

namespace CLI {
class App;
}

namespace sitewide {

inline constexpr const char* kPreviewExamples =
    "  sitewide preview plan.yaml\n"
    "  sitewide preview --probe --save monday.preview plan.yaml\n"
    "  sitewide preview --what-if failed=3%,late=10% --seeds 1000 plan.yaml";

/// `options` is what parsing fills in, and outlives the application.
void add_preview_options(CLI::App& preview, Options& options);
void add_validate_options(CLI::App& validate, Options& options);
void add_saved_run_options(CLI::App& run, Options& options);

}  // namespace sitewide
