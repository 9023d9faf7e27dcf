#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/views/report.h"

namespace sitewide {
namespace {

namespace fs = std::filesystem;

// 0, or why it could not be written.
int write_bytes(const fs::path& path, std::string_view bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return errno;
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  const int failed = written ? 0 : errno;
  return std::fclose(file) == 0 ? failed : errno;
}

// Beside its place first, so that nobody reads half a page. What is no file, a device or a pipe, is
// written to as it stands: a rename would put a file in its place.
Result<> write_page(const fs::path& target, std::string_view page) {
  std::error_code error;
  const fs::file_status status = fs::status(target, error);
  const bool special = fs::exists(status) && !fs::is_regular_file(status);
  const fs::path beside = special ? target : fs::path(target.string() + ".part");
  int failed = write_bytes(beside, page);
  if (!special && failed == 0) {
    fs::rename(beside, target, error);
    failed = error.value();
  }
  if (failed == 0) return {};
  if (!special) fs::remove(beside, error);
  return Error{ErrorKind::io, "cannot write the report to " + target.string() + ": " +
                                  std::generic_category().message(failed)};
}

}  // namespace

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
  const fs::path target = options.html;
  if (auto written = write_page(target, page); !written) return written.error();
  if (console.json()) {
    console.line("report", {{"rollout", directory->id()}, {"file", to_utf8(target.string())}});
  } else {
    console.out("report written to " + target.string() + "\n");
  }
  return ExitCode::on_target;
}

}  // namespace sitewide
