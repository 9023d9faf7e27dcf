#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/views/json_lines.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

std::string output_text(const Output& output) {
  std::string text;
  const auto add = [&](const std::string& bytes) {
    for (std::string_view line : split(bytes, '\n')) {
      if (line.ends_with('\r')) line.remove_suffix(1);  // programs of Windows end lines so
      if (!line.empty()) text += "      | " + escaped(line, 400) + "\n";
    }
  };
  add(output.head);
  const std::uint64_t kept = output.head.size() + output.tail.size();
  if (output.total_bytes > kept)
    text += "      | … " + std::to_string(output.total_bytes - kept) + " bytes left out …\n";
  add(output.tail);
  return text;
}

}  // namespace

Result<ExitCode> command_log(const Options& options, const Console& console) {
  const auto directory = find_rollout(options.state_dir, options.target);
  if (!directory) return directory.error();
  auto reader = JournalReader::open(directory->journal());
  if (!reader) return reader.error();
  std::optional<Subject> only;
  const auto show = [&](const StoredRollout& stored, const Event& event,
                        const Record& record) -> Result<> {
    if (only && subject_of(event) != *only) return {};
    if (console.json()) {
      console.out(json_event(stored.schedule, {record.seq, record.at, event}));
      return {};
    }
    console.out(format_timestamp(record.at) + "  " + sentence(stored.schedule, event) + "\n");
    if (!only || !std::holds_alternative<StepFinished>(event)) return {};
    const auto output = reader->output(record.seq);
    if (output && *output) console.out(output_text(**output));
    return {};
  };
  if (!options.subject.empty()) {
    const auto stored = read_rollout(*directory);
    if (!stored) return stored.error();
    const SubjectIndex& subjects = (*stored)->subjects;
    const std::string& word = options.subject;
    const bool says_which = word.starts_with("gate/") || word.starts_with("client/");
    const auto client = subjects.client(word);
    only = client ? Subject::client(*client) : says_which ? subjects.find(word) : only;
    if (!only)
      return Error{ErrorKind::refused, "rollout " + directory->id() + " has no client `" +
                                           escaped(options.subject, 80) + "`"};
  }
  if (console.json()) console.out(json_header(directory->id(), SITEWIDE_VERSION));
  const auto shown = read_rollout(*directory, show);
  if (!shown) return shown.error();
  return ExitCode::on_target;
}

}  // namespace sitewide
