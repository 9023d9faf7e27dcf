#include "orchestrator/cli/foreground.h"

#include <unistd.h>

#include <csignal>
#include <thread>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/advice.h"
#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/tail.h"
#include "orchestrator/cli/watching.h"
#include "orchestrator/views/terminal.h"

namespace sitewide {
namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(50);

// It ended before there was anything to watch, and has said why; or nobody is there any more.
ExitCode end_of(ControllerProcess& process) {
  while (process.signals().taken(SIGHUP) == 0) {
    process.pass_on();
    if (const auto code = process.exit_code()) return static_cast<ExitCode>(*code);
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return ExitCode::waiting;
}

void hint_after(int interrupts, Views& views) {
  if (views.terminal() == nullptr || interrupts == 0) return;
  views.terminal()->hint(interrupts == 1 ? "stopping; ctrl-c again leaves at once"
                                         : "leaving; ctrl-c again ends the controller");
}

// What the controller has to say beside the events: it has no terminal any more. Where standard
// error goes elsewhere, there too.
void show_remarks(Tail& tail, Views& views, const Console& console) {
  const bool kept = isatty(STDERR_FILENO) != 1;
  for (const std::string& line : tail.lines()) {
    if (kept) console.err(escaped(line) + "\n");
    if (views.terminal() != nullptr) views.terminal()->say(escaped(line, 1000));
  }
}

ExitCode finish(ControllerProcess& process, Watching& watching, Tail& tail,
                const Console& console) {
  const int code = *process.exit_code();
  watching.give_back_keyboard();
  const std::string id = watching.stored().directory.id();
  const bool killed = code > 128 && code != static_cast<int>(ExitCode::interrupted) &&
                      code != static_cast<int>(ExitCode::terminated);
  show_remarks(tail, watching.views(), console);
  if (killed || code == static_cast<int>(ExitCode::journal)) {
    watching.views().close();
    for (const std::string& line : tail.lines(true)) console.err(escaped(line) + "\n");
    if (killed)
      console.err("the controller (process " + std::to_string(process.controller()) +
                  ") was ended by signal " + std::to_string(code - 128) + "; sitewide resume " +
                  id + " goes on\n");
  } else {
    watching.views().finish(static_cast<ExitCode>(code),
                            next_commands(watching.stored().rollout, id));
  }
  return static_cast<ExitCode>(code);
}

// The shell comes back, the rollout goes on.
ExitCode leave(const ControllerProcess& process, Watching& watching, const Console& console) {
  watching.give_back_keyboard();
  watching.views().close();
  const RolloutDirectory& directory = watching.stored().directory;
  console.out("\n" + directory.id() + " goes on under its controller, process " +
              std::to_string(process.controller()) + "\n  watch:     sitewide watch " +
              directory.id() + "\n  pause:     sitewide pause " + directory.id() +
              "\n  remarks:   " + controller_log(directory).string() + "\n");
  return ExitCode::waiting;
}

}  // namespace

Result<ExitCode> watch_controller(ControllerProcess& process, const Options& options,
                                  const Console& console) {
  const auto begun = process.await_rollout();
  if (!begun) return end_of(process);
  const auto directory = find_rollout(options.state_dir, begun->rollout);
  if (!directory) return directory.error();
  Seat seat;
  seat.leave = "leave, it goes on";
  auto opened = Watching::open(*directory, options, console, std::move(seat));
  if (!opened) return opened.error();
  Watching& watching = **opened;
  Tail tail(controller_log(*directory), begun->log_begin);
  int interrupts = 0;
  for (;;) {
    const auto code = process.exit_code();
    auto seen = watching.turn();
    if (!seen) return seen.error();
    if (code) {
      while (*seen) {
        seen = watching.catch_up();
        if (!seen) return seen.error();
      }
      return finish(process, watching, tail, console);
    }
    if (const int passed = process.pass_on(); passed > 0)
      hint_after(interrupts += passed, watching.views());
    watching.heed(process.signals());
    show_remarks(tail, watching.views(), console);
    const bool closed = process.signals().taken(SIGHUP) + process.signals().taken(SIGQUIT) > 0;
    if (closed || watching.wants_to_leave()) return leave(process, watching, console);
  }
}

}  // namespace sitewide
