#include <csignal>
#include <thread>

#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/cli/views.h"
#include "orchestrator/core/event_codec.h"

namespace sitewide {
namespace {

volatile std::sig_atomic_t left = 0;

// Ctrl-C ends the view only; the terminal is given back before the program goes.
void leave_on_signals() {
  for (const int number : {SIGINT, SIGTERM}) std::signal(number, [](int) { left = 1; });
}

}  // namespace

// Follows the journal and shows each new event as `run` would; it holds nothing and gives no
// orders.
Result<ExitCode> command_watch(const Options& options, const Console& console) {
  const auto directory = find_rollout(options.state_dir, options.target);
  if (!directory) return directory.error();
  auto reader = JournalReader::open(directory->journal());
  if (!reader) return reader.error();
  std::int64_t last = 0;
  const auto count = [&](const StoredRollout&, const Event&, const Record& record) -> Result<> {
    last = record.seq;
    return {};
  };
  auto opened = read_rollout(*directory, count);
  if (!opened) return opened.error();
  StoredRollout& stored = **opened;
  Views views(options, console, stored);
  leave_on_signals();
  for (;;) {
    std::vector<JournaledEvent> events;
    const auto read = reader->for_each(
        [&](const Record& record) -> Result<> {
          auto event = decode(stored.subjects, record);
          if (!event) return event.error();
          stored.rollout.apply(*event, record.at);
          events.push_back({record.seq, record.at, std::move(*event)});
          return {};
        },
        last + 1);
    if (!read) return read.error();
    last = *read;
    for (Reporter* reporter : views.reporters()) {
      if (!events.empty()) reporter->report(events, stored.rollout);
      reporter->tick(wall_clock(), stored.rollout);
    }
    const auto controller = Lease::holder(directory->lock());
    if (!controller) return controller.error();
    const bool gone = !controller->has_value() && events.empty();
    if (gone || stored.rollout.ended()) break;
    if (left != 0) {
      views.close();
      return ExitCode::interrupted;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  const ExitCode code = exit_code_seen(stored.rollout, false);
  views.finish(code, stored.rollout.ended()
                         ? ""
                         : "  no controller drives it:  sitewide resume " + directory->id() + "\n");
  return code;
}

}  // namespace sitewide
