#include "orchestrator/cli/preview_options.h"

#include <CLI/CLI.hpp>

#include "plans/grammar.h"

namespace sitewide {

void add_preview_options(CLI::App& preview, Options& options) {
  preview.add_flag("--probe", options.probe, "also ask every client what it holds; reads only");
  preview
      .add_option("--save", options.save,
                  "freeze what was found; `sitewide run FILE` does exactly that, or nothing")
      ->option_text("FILE");
  preview.add_option("--html", options.html, "write the same as a page that needs nothing else")
      ->option_text("FILE");
  CLI::Option* what_if =
      preview
          .add_option("--what-if", options.what_if,
                      "play the policy against clients that fail or are late by chance")
          ->option_text("failed=3%,late=10%");
  preview.add_option("--seeds", options.seeds, "how many plays (100)")
      ->needs(what_if)
      ->check(CLI::Range(1, 1'000'000))
      ->option_text("N");
  preview.add_flag("--exit-code", options.exit_code,
                   "leave with 5 when there is work to do; exact with --probe");
  preview.add_flag("--events", options.events,
                   "also every event that a run is expected to write, one by one");
}

void add_validate_options(CLI::App& validate, Options& options) {
  CLI::Option* probe = validate.add_flag(
      "--probe", options.probe,
      "also look at every site and ask some clients of each group; reads only, and leaves with 4 "
      "when anything is missing");
  validate
      .add_option_function<std::string>(
          "--probe-clients",
          [&options](const std::string& text) {
            const auto number = parse_number(text, UINT32_MAX - 1);
            if (text != "all" && (!number || *number == 0))
              throw CLI::ValidationError("--probe-clients",
                                         "`" + text + "` is neither a number from 1 nor `all`");
            options.probe_clients =
                text == "all" ? UINT32_MAX : static_cast<std::uint32_t>(*number);
          },
          "how many clients of each group are asked, or all (5)")
      ->needs(probe)
      ->option_text("N");
}

void add_saved_run_options(CLI::App& run, Options& options) {
  run.add_flag("--accept-drift", options.accept_drift,
               "run a saved preview although something changed since; the changes are recorded");
}

}  // namespace sitewide
