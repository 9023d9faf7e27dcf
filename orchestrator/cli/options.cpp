#include "orchestrator/cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/command_details.h"
#include "orchestrator/cli/exit_code.h"
#include "orchestrator/cli/help_text.h"
#include "orchestrator/cli/mistakes.h"
#include "orchestrator/cli/option_values.h"
#include "orchestrator/cli/preview_options.h"

namespace sitewide {
namespace {

constexpr const char* kWhatItIs =
    "Sitewide rolls a client hotfix out over sites and groups, proves each client by what is on "
    "its disk, and puts back what it changed when a client or a group goes wrong.";
constexpr const char* kRolloutId = "rollout id, the beginning of one, or `latest`";

// Builds the commands, one function a family; each remembers its name in options.command.
class Builder {
 public:
  Builder(CLI::App& app, Options& options) : app_(app), options_(options) {}

  void build() {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.set_version_flag("-V,--version", "sitewide " SITEWIDE_VERSION, "print the version");
    app_.set_help_flag("-h,--help", "say this, and leave");
    app_.add_option("--state-dir", options_.state_dir,
                    "where rollouts are kept; else $SITEWIDE_STATE_DIR, else "
                    "$XDG_STATE_HOME/sitewide, else ~/.local/state/sitewide")
        ->option_text("DIR");
    app_.add_flag("--json", options_.json, "NDJSON on standard output, for programs");
    closed_list(app_.add_option("--color", options_.colour, "auto (the default), always or never"),
                "WHEN", {"auto", "always", "never"});
    closed_list(
        app_.add_option("--progress", options_.progress,
                        "auto (the default), tty (repainted), plain (a line an event) or none"),
        "HOW", {"auto", "tty", "plain", "none"});
    app_.add_flag("--ascii", options_.ascii, "no other characters than ASCII on the screen");
    app_.add_flag("-v,--verbose", options_.verbosity,
                  "diagnostics on standard error; twice for more");
    app_.add_option("--log-file", options_.log_file, "diagnostics into a rotating file")
        ->option_text("FILE");
    family_ = "Plans";
    plans();
    family_ = "Rollouts";
    rollouts();
    family_ = "Where things stand";
    views();
    family_ = "Orders to a rollout, from any terminal";
    orders();
    family_ = "To begin with";
    for_the_seat();
  }

  /// What was built, as values.
  Manual manual() const {
    Manual manual;
    manual.description = app_.get_description();
    manual.options = options_of(app_, choices_);
    for (const CLI::App* sub : app_.get_subcommands({})) {
      ManualCommand command;
      command.name = sub->get_name();
      command.description = sub->get_description();
      command.options = options_of(*sub, choices_);
      command.words = words_of(*sub, choices_);
      const auto examples = examples_.find(sub);
      if (examples != examples_.end()) command.examples = examples->second;
      const CommandDetails details = details_of(command.name);
      if (command.examples.empty()) command.examples = details.example;
      command.paragraph = details.paragraph;
      command.exit_codes = details.codes;
      command.family = sub->get_group();
      command.hidden = command.family.empty();
      manual.commands.push_back(std::move(command));
    }
    return manual;
  }

 private:
  CLI::App* command(const std::string& name, const std::string& what) {
    CLI::App* sub = app_.add_subcommand(name, what);
    sub->group(family_);
    sub->set_help_flag("-h,--help", "say this, and leave");
    sub->callback([this, name] { options_.command = name; });
    return sub;
  }
  CLI::App* on_rollout(const std::string& name, const std::string& what, bool required) {
    CLI::App* sub = command(name, what);
    sub->add_option("ID", options_.target,
                    required ? kRolloutId : std::string(kRolloutId) + "; the newest when left out")
        ->required(required)
        ->option_text("");
    return sub;
  }
  // A positional argument.
  void word(CLI::App* sub, const char* name, std::string& into, const char* what,
            bool required = true) {
    sub->add_option(name, into, what)->required(required)->option_text("");
  }
  void reason(CLI::App* sub) {
    sub->add_option("--reason", options_.reason, "why, for the record")->option_text("TEXT");
  }
  void only(CLI::App* sub) {
    sub->add_option("--only", options_.only,
                    "narrow every group by this selector, such as ring=canary or name=pc001")
        ->option_text("SELECTOR");
  }
  void duration(CLI::App* sub, const std::string& name, const char* what,
                const std::function<void(Duration)>& into) {
    sub->add_option_function<std::string>(
           name,
           [name, into](const std::string& text) {
             if (const auto value = parse_duration(text)) return into(*value);
             throw CLI::ValidationError(name, "`" + text + "` is not a duration such as 30d");
           },
           what)
        ->option_text("DURATION");
  }
  void closed_list(CLI::Option* option, const char* text, std::vector<std::string> choices) {
    option->check(CLI::IsMember(choices))->option_text(text);
    choices_[option] = std::move(choices);
  }
  // What a reader of --help would type next.
  void example(CLI::App* sub, const std::string& lines) { examples_[sub] = lines; }

  void plans() {
    CLI::App* run = command("run", "carry a plan out: preview it, ask, and drive it to its end");
    word(run, "PLAN", options_.target, "the plan file, or a preview that was saved");
    run->add_flag("-y,--yes", options_.yes, "do not ask; needed where nobody can be asked");
    add_saved_run_options(*run, options_);
    only(run);
    example(run,
            "  sitewide run plan.yaml                      previews, asks, runs\n"
            "  sitewide run --yes --only name=pc001 plan.yaml\n"
            "Ctrl-C once: what runs may finish, `sitewide resume` goes on. Twice: leave at once.");
    CLI::App* preview = command("preview", "say what a plan would do, and change nothing");
    word(preview, "PLAN", options_.target, "the plan file");
    only(preview);
    add_preview_options(*preview, options_);
    example(preview, kPreviewExamples);
    CLI::App* validate = command("validate", "report every problem of a plan and its inventory");
    word(validate, "PLAN", options_.target, "the plan file");
    validate->add_flag("--inventory", options_.ask_inventory,
                       "also ask the programs and directories that the inventory names");
    closed_list(validate->add_option("--format", options_.format,
                                     "full (the default), concise (a line a problem) or json"),
                "FORMAT", {"full", "concise", "json"});
    add_validate_options(*validate, options_);
    example(command("schema", "print the JSON Schema of the plan language"),
            "  sitewide schema > plan.schema.json\n"
            "and as the first line of a plan, for editors:\n"
            "  # yaml-language-server: $schema=./plan.schema.json");
    CLI::App* catalogue = command("catalogue", "list the known hotfixes, or explain one");
    word(catalogue, "ARTICLE", options_.target, "for instance Q237690", false);
    catalogue->add_flag("--coverage", options_.coverage,
                        "how far each article of the family is carried, and why not further");
    example(
        catalogue,
        "  sitewide catalogue                the articles, one a line\n"
        "  sitewide catalogue Q193031        its files, steps, errata, and a plan to begin with");
  }

  void rollouts() {
    CLI::App* resume =
        on_rollout("resume", "go on with an interrupted, paused or halted rollout", false);
    resume->add_flag("--retry-failed", options_.retry_failed,
                     "give failed, restored and late clients a fresh start");
    resume
        ->add_option(
            "--acknowledge", options_.acknowledge,
            "accept so many failures of each halted group, and no more than it has beyond its "
            "budget; that counts on above them")
        ->option_text("N");
    resume
        ->add_flag("--unattended", options_.unattended,
                   "nobody is there, as after a restart of the machine: what is paused stays "
                   "paused, what is halted is left as it is")
        ->excludes("--retry-failed")
        ->excludes("--acknowledge");
    reason(resume);
    CLI::App* rollback = on_rollout("rollback", "undo what a rollout did", true);
    rollback->add_option("--group", options_.group, "only this group")->option_text("GROUP");
    rollback->add_option("--client", options_.client, "only this client")
        ->option_text("CLIENT")
        ->excludes("--group");
    rollback->add_flag("--preview", options_.show_preview,
                       "say what would be undone, and change nothing");
    rollback->add_flag("-y,--yes", options_.yes, "do not ask");
    reason(rollback);
    CLI::App* prune = command("prune", "remove ended rollouts from the state directory");
    duration(prune, "--older-than", "age since their last event (30d)",
             [this](Duration age) { options_.older_than = age; });
    prune->add_flag("--force", options_.force, "also those that could still be rolled back");
    prune->add_flag("-y,--yes", options_.yes, "remove; without it they are only listed");
  }

  void views() {
    CLI::App* status = on_rollout("status", "where a rollout stands", false);
    status->add_flag("--wait", options_.wait,
                     "wait until it has ended, or goes no further without a person");
    duration(status, "--timeout", "wait so long at most; leaves with 13 when it still goes on then",
             [this](Duration most) { options_.timeout = most; });
    example(status, "  sitewide status --wait --timeout 2h latest && echo done");
    on_rollout("watch", "follow a rollout live; on a terminal its keys give orders", false);
    command("list", "all rollouts, newest first");
    CLI::App* why = on_rollout("why", "what a rollout, a group or a client waits for", true);
    word(why, "SUBJECT", options_.subject, "a client, group or site by name", false);
    example(why, "  sitewide why latest\n  sitewide why latest pc012");
    CLI::App* log = on_rollout("log", "the events of a rollout, or of one client", true);
    word(log, "CLIENT", options_.subject, "only this client, with what its programs printed",
         false);
    on_rollout("audit", "prove that no event was altered, and derive the decisions anew", true);
    CLI::App* report = on_rollout("report", "write a report: a page, a table, test results", true);
    for (const auto& [name, into, what] :
         {std::tuple{"--html", &options_.html,
                     "a page that any browser opens; - is standard output"},
          std::tuple{"--csv", &options_.csv, "a row a client, for spreadsheets"},
          std::tuple{"--junit", &options_.junit, "test results, for pipelines: a case a client"}})
      report->add_option(name, *into, what)->option_text("FILE");
    example(report,
            "  sitewide report latest --html report.html --csv clients.csv\n"
            "  sitewide report latest --junit - | upload-results");
  }

  void orders() {
    reason(on_rollout("pause", "start nothing more; what runs finishes", true));
    reason(on_rollout("continue", "go on after a pause or a halt", true));
    CLI::App* abort = on_rollout("abort", "end a rollout; cancel ends what runs on clients", true);
    closed_list(abort->add_option("--policy", options_.policy,
                                  "drain (what runs finishes; the default), cancel or rollback"),
                "POLICY", {"drain", "cancel", "rollback"});
    reason(abort);
    CLI::App* approve = on_rollout("approve", "give an approval that a gate waits for", true);
    word(approve, "GROUP", options_.subject, "GROUP, or GROUP/WAVE for the gate after a wave");
    word(approve, "NAME", options_.name, "the approval's name in the plan");
    reason(approve);
    example(approve,
            "  sitewide approve latest head-office change-board --reason \"CAB of Monday\"");
    CLI::App* skip = on_rollout(
        "skip", "leave out a group that has not begun, or a client before its trigger", true);
    word(skip, "SUBJECT", options_.subject, "the group or client");
    reason(skip);
    CLI::App* retry =
        on_rollout("retry", "give failed, restored and late clients a fresh start", true);
    word(retry, "SUBJECT", options_.subject, "only this group or client", false);
    reason(retry);
    CLI::App* acknowledge = on_rollout("acknowledge", "accept failures beyond the budget", true);
    word(acknowledge, "GROUP", options_.subject, "only this group", false);
    acknowledge
        ->add_option("--count", options_.acknowledge,
                     "how many of each group at most; all that are beyond the budget when left "
                     "out")
        ->option_text("N");
    reason(acknowledge);
    example(acknowledge, "  sitewide acknowledge latest canary --reason \"pc007 is scrapped\"");
  }

  void for_the_seat() {
    CLI::App* init =
        command("init", "write a plan to begin with, and an inventory if there is none");
    word(init, "FILE", options_.target, "the plan to write; plan.yaml when left out", false);
    for (const auto& [name, into, text, what] : {
             std::tuple{"--name", &options_.name, "NAME", "the rollout's name; the article's"},
             std::tuple{"--hotfix", &options_.hotfix, "ARTICLE",
                        "a hotfix of `sitewide catalogue`, such as Q237690"},
             std::tuple{"--language", &options_.language, "ID",
                        "of the sites, for an article with an edition for each, such as 00000409"},
             std::tuple{"--payload", &options_.payload, "DIR",
                        "folder with the hotfix's files by platform: x86/Pcmwin32.exe (hotfix)"},
             std::tuple{"--inventory", &options_.inventory, "FILE",
                        "CSV file with the clients; begun when it is not there (clients.csv)"},
             std::tuple{"--root", &options_.root, "PATTERN",
                        "where a client's drive C lies (clients/{client.name})"},
         })
      init->add_option(name, *into, what)->option_text(text);
    init->add_flag("--force", options_.force,
                   "write over a plan that exists; never over an inventory");
    closed_list(init->add_option("--method", options_.method,
                                 "upgrade_bat, site_wide or command; the first that the article "
                                 "goes out by"),
                "METHOD", {"upgrade_bat", "site_wide", "command"});
    init->add_option("--site", options_.sites, "a site and its SMS root; may be repeated")
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false)
        ->option_text("NAME=DIR");
    init->add_option(
            "--logon-server", options_.logon_servers,
            "a logon server and its SMS_SHR; SITE/NAME=DIR with several sites; may be repeated")
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false)
        ->option_text("NAME=DIR");
    example(init,
            "  sitewide init                               asks what it needs to know\n"
            "  sitewide init plan.yaml --hotfix Q237690 --site HQ=/mnt/hq/SMS \\\n"
            "      --logon-server HQ/S768AA0=/mnt/s768aa0 --inventory clients.csv");
    CLI::App* completion =
        command("completion", "print what makes a shell complete sitewide's words");
    closed_list(completion->add_option("SHELL", options_.target, "bash, zsh or fish")->required(),
                "", {"bash", "zsh", "fish"});
    example(completion,
            "  source <(sitewide completion bash)\n"
            "  sitewide completion zsh > ~/.zfunc/_sitewide\n"
            "  sitewide completion fish > ~/.config/fish/completions/sitewide.fish");
    CLI::App* man = command("man", "print a manual page, as roff");
    word(man, "PAGE", options_.target, "a command, plan or events; all of sitewide when left out",
         false);
    man->add_option("--into", options_.into, "write every page into this folder")
        ->option_text("DIR");
  }

  CLI::App& app_;
  Options& options_;
  std::string family_;
  Choices choices_;
  std::map<const CLI::App*, std::string> examples_;
};

}  // namespace

ParsedOptions parse_options(int argc, const char* const* argv) {
  ParsedOptions parsed;
  if (argc > 1 &&
      std::string_view(argv[1]) == "__complete") {  // the words are nobody's options yet
    parsed.options.command = argv[1];
    parsed.options.words.assign(argv + 2, argv + argc);
    return parsed;
  }
  CLI::App app(kWhatItIs, "sitewide");
  Builder builder(app, parsed.options);  // its callbacks run while parsing
  builder.build();
  const std::vector<std::string> words = plain_words(argc, argv);
  const auto refuse = [&](const std::string& what, const std::string& help) {
    parsed.leave_with = static_cast<int>(ExitCode::usage);
    parsed.mistake = what;
    parsed.text = "error: " + escaped(what) + "\n\n" + help + "\n";
    // The parse may have ended before it saw --json.
    const auto is_json = [](std::string_view word) { return word == "--json"; };
    parsed.options.json = std::any_of(argv + 1, argv + std::max(argc, 1), is_json);
    return parsed;
  };
  if (const std::string unknown = unknown_command(command_names(app), words); !unknown.empty())
    return refuse(unknown, "For all commands: sitewide --help");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const Manual manual = builder.manual();
    const auto commands = app.get_subcommands();
    const ManualCommand* command =
        commands.empty() ? nullptr : manual.find(commands.front()->get_name());
    parsed.text = command == nullptr ? help_text(manual) : help_text(*command);
    parsed.leave_with = 0;
  } catch (const CLI::Success& version) {
    parsed.text = std::string(version.what()) + "\n";
    parsed.leave_with = 0;
  } catch (const CLI::ParseError& error) {
    if (words.empty())
      return refuse("no command given",
                    "  sitewide validate PLAN    is it right?\n"
                    "  sitewide preview PLAN     what would it do?\n"
                    "  sitewide run PLAN         do it\n"
                    "  sitewide resume           go on after an interruption\n\n"
                    "For all commands: sitewide --help");
    if (const std::string missing = missing_word(app, words.front(), error.get_name());
        !missing.empty())
      return refuse(missing, "For help: sitewide " + words.front() + " --help");
    const std::string unknown =
        unknown_option(option_names(app, *app.get_subcommand(words.front())), argc, argv);
    return refuse(unknown.empty() ? escaped(error.what()) : unknown,
                  "For help: sitewide " + words.front() + " --help");
  }
  return parsed;
}

Manual read_manual() {
  CLI::App app(kWhatItIs, "sitewide");
  Options unused;
  Builder builder(app, unused);
  builder.build();
  return builder.manual();
}

}  // namespace sitewide
