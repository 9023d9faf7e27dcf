#include <filesystem>
#include <system_error>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/man_formats.h"
#include "orchestrator/cli/man_page.h"
#include "orchestrator/cli/result_file.h"

namespace sitewide {
namespace {

Result<> write_all(const Manual& manual, const std::string& folder, const Console& console) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Error{ErrorKind::io, "cannot make folder " + folder + ": " + error.message()};
  if (auto written = write_result(folder + "/sitewide.1", man_page(manual), console); !written)
    return written;
  for (const ManualCommand& command : manual.commands) {
    if (command.hidden) continue;
    const std::string file = folder + "/sitewide-" + command.name + ".1";
    if (auto written = write_result(file, man_page(manual, command), console); !written)
      return written;
  }
  if (auto written = write_result(folder + "/sitewide-plan.5", man_page_of_plans(), console);
      !written)
    return written;
  return write_result(folder + "/sitewide-events.5", man_page_of_events(), console);
}

}  // namespace

Result<ExitCode> command_man(const Options& options, const Console& console) {
  const Manual manual = read_manual();
  if (!options.into.empty()) {
    if (auto written = write_all(manual, options.into, console); !written) return written.error();
    return ExitCode::on_target;
  }
  const auto show = [&](const std::string& page, const std::string& text) {
    console.json() ? console.line("manual", {{"page", page}, {"text", text}}) : console.out(text);
    return ExitCode::on_target;
  };
  if (options.target.empty()) return show("sitewide", man_page(manual));
  if (options.target == "plan") return show("sitewide-plan", man_page_of_plans());
  if (options.target == "events") return show("sitewide-events", man_page_of_events());
  const ManualCommand* command = manual.find(options.target);
  if (command == nullptr || command->hidden)
    return Error{ErrorKind::usage, "no page `" + escaped(options.target, 60) +
                                       "`: there is one for each command of sitewide --help, and "
                                       "plan and events"};
  return show("sitewide-" + command->name, man_page(manual, *command));
}

}  // namespace sitewide
