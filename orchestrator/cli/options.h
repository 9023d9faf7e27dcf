// Options: the command line as values. Parsing prints nothing; run() shows help and mistakes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/cli/manual.h"
#include "orchestrator/core/time.h"

namespace sitewide {

struct Options {
  std::string command;  ///< `run`, `preview` …
  std::string target;   ///< plan file, saved preview, or rollout id
  std::string subject;  ///< client, group, approval's place …
  std::string name;     ///< approve: the approval's name; init: the plan's

  // for every command
  std::string state_dir;
  std::string log_file;
  int verbosity = 0;
  bool json = false;
  bool ascii = false;
  std::string colour = "auto";    ///< auto, always, never
  std::string progress = "auto";  ///< auto, tty, plain, none

  // for some
  bool yes = false;
  bool force = false;
  bool retry_failed = false;
  bool unattended = false;          ///< resume: nobody is there; lifts no pause and no halt
  bool show_preview = false;        ///< rollback --preview
  bool exit_code = false;           ///< preview --exit-code
  bool events = false;              ///< preview --events
  bool probe = false;               ///< preview and validate --probe
  std::uint32_t probe_clients = 5;  ///< validate --probe-clients; UINT32_MAX: all
  std::string save;                 ///< preview --save: where the saved preview goes
  std::string what_if;              ///< preview --what-if: `failed=3%,late=10%`
  std::uint32_t seeds = 100;        ///< preview --seeds
  bool accept_drift = false;        ///< run --accept-drift
  bool ask_inventory = false;       ///< validate --inventory
  bool coverage = false;            ///< catalogue --coverage
  std::uint32_t acknowledge = 0;
  std::string reason;
  std::string only;
  std::string group, client;
  std::string policy;               ///< abort: drain, cancel or rollback
  bool wait = false;                ///< status --wait
  std::optional<Duration> timeout;  ///< status: how long to wait at most
  std::string html, csv, junit;     ///< report, preview --html: where each goes; `-`: stdout
  std::string format = "full";      ///< validate: full, concise, json
  Duration older_than = std::chrono::hours(24 * 30);
  std::string hotfix, language, payload, inventory, root,
      method;                                     ///< init; empty: asked for, or a default
  std::vector<std::string> sites, logon_servers;  ///< init: NAME=FOLDER each
  std::string into;                               ///< man: folder for every page
  std::vector<std::string> words;                 ///< __complete: the line so far
};

/// What came of reading the command line: options, or text to print and leave with.
struct ParsedOptions {
  Options options;
  std::optional<int> leave_with;
  std::string mistake;  ///< the one sentence of `text` that names it; empty for --help
  std::string text;     ///< to stdout when leave_with is 0, else to stderr
};

ParsedOptions parse_options(int argc, const char* const* argv);

/// The same tables that --help and parsing use, as values: for completion and manual pages.
Manual read_manual();

}  // namespace sitewide
