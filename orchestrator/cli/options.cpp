#include "orchestrator/cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/exit_code.h"

namespace sitewide {
namespace {

constexpr const char* kRolloutId = "rollout id, the beginning of one, or `latest`";

// Builds the commands, one function a family; each remembers its name in options.command.
class Builder {
 public:
  Builder(CLI::App& app, Options& options) : app_(app), options_(options) {}

  void build() {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.set_version_flag("-V,--version", "sitewide " SITEWIDE_VERSION);
    app_.footer(exit_code_help());
    app_.add_option(
        "--state-dir", options_.state_dir,
        "where rollouts are kept (else $SITEWIDE_STATE_DIR, else $XDG_STATE_HOME/sitewide)");
    app_.add_flag("--json", options_.json, "NDJSON on standard output");
    app_.add_option("--color", options_.colour, "auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}));
    app_.add_option("--progress", options_.progress, "auto, tty, plain or none")
        ->check(CLI::IsMember({"auto", "tty", "plain", "none"}));
    app_.add_flag("--ascii", options_.ascii, "no other characters than ASCII on the screen");
    app_.add_flag("-v,--verbose", options_.verbosity,
                  "diagnostics on standard error; twice for more");
    app_.add_option("--log-file", options_.log_file, "diagnostics into a rotating file");
    plans();
    rollouts();
    views();
    orders();
  }

 private:
  CLI::App* command(const std::string& name, const std::string& what) {
    CLI::App* sub = app_.add_subcommand(name, what);
    sub->callback([this, name] { options_.command = name; });
    return sub;
  }
  CLI::App* on_rollout(const std::string& name, const std::string& what, bool required) {
    CLI::App* sub = command(name, what);
    sub->add_option("ID", options_.target,
                    required ? kRolloutId : std::string(kRolloutId) + "; the newest when left out")
        ->required(required);
    return sub;
  }
  void reason(CLI::App* sub) {
    sub->add_option("--reason", options_.reason, "why, for the record");
  }

  void plans() {
    CLI::App* run = command("run", "carry a plan out: preview it, ask, and drive it to its end");
    run->add_option("PLAN", options_.target, "the plan file")->required();
    run->add_flag("-y,--yes", options_.yes, "do not ask");
    run->add_option("--only", options_.only, "narrow every group by this selector");
    CLI::App* preview = command("preview", "say what a plan would do, and change nothing");
    preview->add_option("PLAN", options_.target, "the plan file")->required();
    preview->add_option("--only", options_.only, "narrow every group by this selector");
    preview->add_flag("--exit-code", options_.exit_code, "leave with 5 when there is work to do");
    CLI::App* validate = command("validate", "report every problem of a plan and its inventory");
    validate->add_option("PLAN", options_.target, "the plan file")->required();
    validate->add_option("--format", options_.format, "full, concise or json")
        ->check(CLI::IsMember({"full", "concise", "json"}));
    command("schema", "print the JSON Schema of the plan language");
    CLI::App* catalogue = command("catalogue", "list the known hotfixes, or explain one");
    catalogue->add_option("ARTICLE", options_.target, "for instance Q237690");
  }

  void rollouts() {
    CLI::App* resume =
        on_rollout("resume", "go on with an interrupted, paused or halted rollout", false);
    resume->add_flag("--retry-failed", options_.retry_failed,
                     "give failed, restored and late clients a fresh start");
    resume->add_option(
        "--acknowledge", options_.acknowledge,
        "accept so many failures of each halted group; the budget counts on above them");
    reason(resume);
    CLI::App* rollback = on_rollout("rollback", "undo what a rollout did", true);
    rollback->add_option("--group", options_.group, "only this group");
    rollback->add_option("--client", options_.client, "only this client");
    rollback->add_flag("--preview", options_.show_preview,
                       "say what would be undone, and change nothing");
    rollback->add_flag("-y,--yes", options_.yes, "do not ask");
    reason(rollback);
    CLI::App* prune = command("prune", "remove ended rollouts from the state directory");
    prune->add_option_function<std::string>(
        "--older-than",
        [this](const std::string& text) {
          const auto duration = parse_duration(text);
          if (!duration)
            throw CLI::ValidationError("--older-than",
                                       "`" + text + "` is not a duration such as 30d");
          options_.older_than = *duration;
        },
        "age since their last event (30d)");
    prune->add_flag("--force", options_.force, "also those that could still be rolled back");
    prune->add_flag("-y,--yes", options_.yes, "remove; without it they are only listed");
  }

  void views() {
    on_rollout("status", "where a rollout stands", false);
    CLI::App* watch = on_rollout("watch", "follow a rollout live; changes nothing", false);
    (void)watch;
    command("list", "all rollouts, newest first");
    CLI::App* why = on_rollout("why", "what a rollout, a group or a client waits for", true);
    why->add_option("SUBJECT", options_.subject, "a client, group or site by name");
    CLI::App* log = on_rollout("log", "the events of a rollout, or of one client", true);
    log->add_option("CLIENT", options_.subject, "only this client, with what its programs printed");
    on_rollout("audit", "prove that no event was altered, and derive the decisions anew", true);
    CLI::App* report = on_rollout("report", "write a report", true);
    report->add_option("--html", options_.html, "the file to write")->required();
  }

  void orders() {
    reason(on_rollout("pause", "start nothing more; what runs finishes", true));
    reason(on_rollout("continue", "go on after a pause or a halt", true));
    CLI::App* abort = on_rollout("abort", "end a rollout", true);
    abort->add_option("--policy", options_.policy, "drain (the default) or rollback")
        ->check(CLI::IsMember({"drain", "rollback"}));
    reason(abort);
    CLI::App* approve = on_rollout("approve", "give an approval that a gate waits for", true);
    approve->add_option("GROUP", options_.subject, "GROUP, or GROUP/WAVE for the gate after a wave")
        ->required();
    approve->add_option("NAME", options_.name, "the approval's name")->required();
    reason(approve);
    CLI::App* skip = on_rollout(
        "skip", "leave out a group that has not begun, or a client before its trigger", true);
    skip->add_option("SUBJECT", options_.subject, "the group or client")->required();
    reason(skip);
    CLI::App* retry =
        on_rollout("retry", "give failed, restored and late clients a fresh start", true);
    retry->add_option("SUBJECT", options_.subject, "only this group or client");
    reason(retry);
    CLI::App* acknowledge = on_rollout("acknowledge", "accept failures beyond the budget", true);
    acknowledge->add_option("GROUP", options_.subject, "only this group");
    acknowledge->add_option("--count", options_.acknowledge,
                            "how many; all that are over the budget when left out");
    reason(acknowledge);
  }

  CLI::App& app_;
  Options& options_;
};

// CLI11 only says that a subcommand is missing; a typo deserves the near miss.
std::string unknown_command(const CLI::App& app, int argc, const char* const* argv) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with('-')) {
      const bool takes_value = word == "--state-dir" || word == "--color" || word == "--progress" ||
                               word == "--log-file";
      if (takes_value) ++i;
      continue;
    }
    if (std::find(names.begin(), names.end(), word) != names.end()) return {};
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    const std::string_view near = nearest(word, candidates);
    std::string text = "error: unrecognized command `" + escaped(word, 60) + "`\n";
    if (!near.empty()) text += "\n  tip: a similar command exists: `" + std::string(near) + "`\n";
    return text + "\nFor all commands: sitewide --help\n";
  }
  return {};
}

}  // namespace

ParsedOptions parse_options(int argc, const char* const* argv) {
  ParsedOptions parsed;
  CLI::App app(
      "Sitewide rolls a client hotfix out over sites and groups, proves each client by what is on "
      "its disk,\n"
      "and puts back what it changed when a client or a group goes wrong.",
      "sitewide");
  Builder builder(app, parsed.options);  // its callbacks run while parsing
  builder.build();
  parsed.text = unknown_command(app, argc, argv);
  if (!parsed.text.empty()) {
    parsed.leave_with = static_cast<int>(ExitCode::usage);
    return parsed;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {  // --help, --version
    std::ostringstream out;
    app.exit(help, out, out);
    parsed.text = out.str();
    parsed.leave_with = 0;
  } catch (const CLI::ParseError& error) {
    parsed.text = "error: " + escaped(error.what()) +
                  "\n\nFor help: sitewide --help, or sitewide COMMAND --help\n";
    parsed.leave_with = static_cast<int>(ExitCode::usage);
  }
  return parsed;
}

}  // namespace sitewide
