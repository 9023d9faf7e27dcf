#include "orchestrator/cli/views.h"

#include <unistd.h>

#include <numeric>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/views/json_lines.h"
#include "orchestrator/views/plain.h"
#include "orchestrator/views/reconciled.h"
#include "orchestrator/views/screen.h"
#include "orchestrator/views/terminal.h"
#include "orchestrator/views/trouble.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

// Every client that did not end well, with its reason; reasons that differ in its name alone are
// one.
std::string failures_in_words(const Rollout& rollout) {
  std::map<std::pair<std::string, std::string>, std::vector<std::uint32_t>> by_reason;
  const Reconciliation all = reconcile(rollout);
  for (std::size_t i = 0; i < kEndings; ++i) {
    const auto ending = static_cast<Ending>(i);
    if (ending == Ending::on_target) continue;
    for (const std::uint32_t c : all.list(ending)) {
      const std::string_view name = rollout.schedule().clients.name(c);
      by_reason[{spoken(name_of(ending)), nameless(reason_of_ending(rollout, c), name)}].push_back(
          c);
    }
  }
  std::string text = reconciliation_counts(rollout);
  for (const auto& [reason, clients] : by_reason) {
    const std::string why =
        clients.size() > 1 ? reason.second : reason_of_ending(rollout, clients.front());
    text += "  " + describe_trouble(reason.first, why, clients.size()) + "\n     ";
    for (std::size_t i = 0; i < clients.size() && i < 10; ++i)
      text += " " + escaped(rollout.schedule().clients.name(clients[i]));
    if (clients.size() > 10) text += " …";
    text += "\n";
  }
  return text;
}

}  // namespace

Views::Views(const Options& options, const Console& console, const StoredRollout& stored, Seat seat)
    : console_(console), stored_(stored), sink_(make_fd_sink(STDOUT_FILENO)) {
  if (console.json()) {
    json_ = std::make_unique<JsonLines>(*sink_, SITEWIDE_VERSION);
  } else if (options.progress == "none") {
    return;
  } else if (console.live()) {
    TerminalOptions terminal;
    terminal.screen = console.screen();
    terminal.size = [] { return size_of_screen(STDOUT_FILENO); };
    terminal.hint = std::move(seat.hint);
    terminal.leave = std::move(seat.leave);
    terminal.output = std::move(seat.output);
    terminal_ = std::make_unique<Terminal>(*sink_, terminal, std::move(seat.past));
  } else {
    plain_ = std::make_unique<Plain>(*sink_);
  }
}

Views::~Views() = default;

std::vector<Reporter*> Views::reporters() const {
  if (json_) return {json_.get()};
  if (plain_) return {plain_.get()};
  if (terminal_) return {terminal_.get()};
  return {};
}

void Views::say(const std::string& text, const std::string& hint) {
  if (terminal_) {
    terminal_->say(text);
    terminal_->hint(hint);
  } else {
    console_.err(text + "\n");
  }
}

void Views::close() {
  if (terminal_) terminal_->finish(stored_.rollout);
  sink_->drain(std::chrono::seconds(2));
  if (const std::string lost = sink_->lost(); !lost.empty())
    console_.err("warning: standard output took no more: " + lost +
                 "; the rollout is not affected, `sitewide log` has everything\n");
}

void Views::finish(ExitCode code, const std::string& next_command) {
  if (json_) {
    json_->finish(stored_.rollout, static_cast<int>(code));
    close();
    return;
  }
  close();
  const bool at_rest = stored_.rollout.at_rest();
  console_.out("\n" + stored_.directory.id() + " " +
               describe_result(summarize(stored_.rollout, at_rest)) + "\n" +
               failures_in_words(stored_.rollout) + "\n" + next_command);
}

}  // namespace sitewide
