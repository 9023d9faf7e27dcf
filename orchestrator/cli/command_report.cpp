#include <filesystem>
#include <fstream>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/views/report.h"

namespace sitewide {

Result<ExitCode> command_report(const Options& options, const Console& console) {
  const auto directory = find_rollout(options.state_dir, options.target);
  if (!directory) return directory.error();
  auto reader = JournalReader::open(directory->journal());
  if (!reader) return reader.error();
  std::vector<JournaledEvent> events;
  const auto stored = read_rollout(
      *directory, [&](const StoredRollout&, const Event& event, const Record& record) -> Result<> {
        events.push_back({record.seq, record.at, event});
        return {};
      });
  if (!stored) return stored.error();
  const auto head = reader->head();
  if (!head) return head.error();
  const auto controller = Lease::holder(directory->lock());
  ReportFacts facts;
  facts.version = SITEWIDE_VERSION;
  facts.chain_head = head->chain;
  facts.written = wall_clock();
  facts.controlled = controller && controller->has_value();
  const auto output = [&](std::int64_t seq) -> std::optional<Output> {
    auto found = reader->output(seq);
    if (!found) return std::nullopt;
    return std::move(*found);
  };
  const std::string page =
      html_report((*stored)->schedule, (*stored)->rollout, events, output, facts);
  const std::filesystem::path target = options.html;
  const std::filesystem::path beside = target.string() + ".part";
  {
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file << page;
    file.close();
    if (!file) return Error{ErrorKind::io, "cannot write the report to " + target.string()};
  }
  std::error_code error;
  std::filesystem::rename(beside, target, error);
  if (error)
    return Error{ErrorKind::io,
                 "cannot write the report to " + target.string() + ": " + error.message()};
  if (console.json()) {
    console.line("report", {{"rollout", directory->id()}, {"file", to_utf8(target.string())}});
  } else {
    console.out("report written to " + target.string() + "\n");
  }
  return ExitCode::on_target;
}

}  // namespace sitewide
