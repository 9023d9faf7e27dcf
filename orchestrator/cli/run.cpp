#include "orchestrator/cli/run.h"

#include <fcntl.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <exception>
#include <string_view>

#include "adapters/own_limits.h"
#include "adapters/descendants.h"
#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/journal/durable_file.h"

namespace sitewide {
namespace {

struct Entry {
  std::string_view name;
  Command command;
};

constexpr std::array<Entry, 26> kCommands = {{
    {"run", command_run},
    {"preview", command_preview},
    {"validate", command_validate},
    {"schema", command_schema},
    {"catalogue", command_catalogue},
    {"resume", command_resume},
    {"rollback", command_rollback},
    {"pause", command_order},
    {"continue", command_order},
    {"abort", command_order},
    {"approve", command_order},
    {"skip", command_order},
    {"retry", command_order},
    {"acknowledge", command_order},
    {"status", command_status},
    {"list", command_list},
    {"why", command_why},
    {"watch", command_watch},
    {"log", command_log},
    {"audit", command_audit},
    {"report", command_report},
    {"prune", command_prune},
    {"init", command_init},
    {"completion", command_completion},
    {"__complete", command_complete},
    {"man", command_man},
}};

/// What is logged names files, and says what systems and clients said.
class EscapedText : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& line) override {
    const std::string text = escaped({message.payload.data(), message.payload.size()});
    line.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
    return std::make_unique<EscapedText>();
  }
};
// The log is its owner's alone whatever the umask, also the new one after each rotation.
spdlog::file_event_handlers owners_alone() {
  spdlog::file_event_handlers handlers;
  handlers.before_open = [](const std::string& file) {
    [[maybe_unused]] const auto made =
        open_file(ErrorKind::io, file, O_WRONLY | O_CREAT);  // spdlog says why when it cannot
  };
  handlers.after_open = [](const std::string&, std::FILE* file) { ::fchmod(::fileno(file), 0600); };
  return handlers;
}

void set_up_log(const Options& options) {
  std::vector<spdlog::sink_ptr> sinks;
  if (!options.log_file.empty()) {
    sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_st>(
        options.log_file, 8U << 20U, 3, false, owners_alone()));
  }
  if (options.log_file.empty() || options.verbosity > 0)
    sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_st>());
  auto logger = std::make_shared<spdlog::logger>("sitewide", sinks.begin(), sinks.end());
  logger->set_level(options.verbosity > 1    ? spdlog::level::debug
                    : options.verbosity == 1 ? spdlog::level::info
                                             : spdlog::level::warn);
  auto lines = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  lines->add_flag<EscapedText>('*').set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %*");
  logger->set_formatter(std::move(lines));
  logger->flush_on(spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

ExitCode tell_lost_output(const Console& console) {
  console.err("error: cannot write standard output: " + Console::output_lost() + "\n");
  return ExitCode::refused;
}

ExitCode run_command(const ParsedOptions& parsed) {
  const Console console(parsed.options);
  set_up_log(parsed.options);
  for (const Entry& entry : kCommands) {
    if (entry.name != parsed.options.command) continue;
    const auto code = entry.command(parsed.options, console);
    const ExitCode ends_with = code ? *code : console.fail(code.error());
    if (Console::output_lost().empty()) return ends_with;
    tell_lost_output(console);
    const bool drives = entry.name == "run" || entry.name == "resume" || entry.name == "rollback";
    return ends_with == ExitCode::on_target && !drives ? ExitCode::refused : ends_with;
  }
  return console.fail(
      {ErrorKind::internal, "command `" + parsed.options.command + "` is not wired"});
}

}  // namespace

int run(int argc, const char* const* argv) {
  prepare_for_children();
  set_own_limits();
  const ParsedOptions parsed = parse_options(argc, argv);
  const Console console(parsed.options);
  if (parsed.leave_with) {
    if (console.json() && !parsed.mistake.empty())
      return static_cast<int>(console.fail({ErrorKind::usage, parsed.mistake}));
    *parsed.leave_with == 0 ? console.out(parsed.text) : console.err(parsed.text);
    if (Console::output_lost().empty()) return *parsed.leave_with;
    return static_cast<int>(tell_lost_output(console));
  }
  try {
    return static_cast<int>(run_command(parsed));
  } catch (const std::exception& error) {
    return static_cast<int>(
        console.fail({ErrorKind::internal, std::string("internal error: ") + error.what()}));
  }
}

}  // namespace sitewide
