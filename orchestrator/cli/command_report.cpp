#include <functional>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/exit_code.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/result_file.h"
#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/journal/backup_store.h"
#include "orchestrator/preview/forecast.h"
#include "orchestrator/views/report.h"
#include "orchestrator/views/report_csv.h"
#include "orchestrator/views/report_junit.h"

namespace sitewide {
namespace {

// One form of the report, and where the command line wants it.
struct ReportForm {
  std::string_view name;
  const std::string& target;
  std::function<std::string()> text;
};

// What the command line asks for must be possible before anything is written.
Result<> check_targets(const Options& options) {
  int wanted = 0, to_stdout = 0;
  for (const std::string* target : {&options.html, &options.csv, &options.junit}) {
    wanted += target->empty() ? 0 : 1;
    to_stdout += *target == "-" ? 1 : 0;
    for (const std::string* other : {&options.html, &options.csv, &options.junit}) {
      if (target != other && !target->empty() && *target != "-" && *target == *other)
        return Error{ErrorKind::usage, "two forms of the report are to go into " + *target +
                                           "; give each a file of its own"};
    }
  }
  if (wanted == 0)
    return Error{ErrorKind::usage,
                 "report needs a form: --html FILE, --csv FILE or --junit FILE (- for standard "
                 "output)"};
  if (to_stdout > 1)
    return Error{ErrorKind::usage, "only one form of the report can go to standard output"};
  if (to_stdout > 0 && options.json)
    return Error{ErrorKind::usage,
                 "with --json, standard output is NDJSON; give the report a file"};
  return {};
}

Result<> write_forms(std::initializer_list<ReportForm> forms, const Options& options,
                     const std::string& id, const Console& console) {
  const bool piped = options.html == "-" || options.csv == "-" || options.junit == "-";
  for (const ReportForm& form : forms) {
    if (form.target.empty()) continue;
    if (auto written = write_result(form.target, form.text(), console); !written) return written;
    if (form.target == "-") continue;
    const std::string said = "report written to " + form.target + "\n";
    if (console.json()) {
      console.line("report",
                   {{"rollout", id}, {"form", form.name}, {"file", to_utf8(form.target)}});
    } else {
      piped ? console.err(said) : console.out(said);
    }
  }
  return {};
}

// The plan's bytes as the rollout keeps them; empty where they are gone or damaged, for then the
// report goes without.
std::string plan_text(const StoredRollout& stored) {
  const BackupStore payload(stored.directory.payload());
  auto bytes = payload.get(stored.schedule.plan_digest);
  return bytes ? std::move(*bytes) : std::string();
}

// What a preview would have said when the rollout was created.
std::vector<ProgressPoint> planned_progress(const StoredRollout& stored) {
  ForecastOptions options;
  options.start = stored.rollout.created();
  options.keep_events = true;
  return progress_of(stored.schedule, forecast(stored.schedule, options).events);
}

// What the HTML page shows beside what the other forms do.
void add_page_facts(ReportFacts& facts, const StoredRollout& stored) {
  const int code = static_cast<int>(exit_code_seen(stored.rollout, facts.controlled));
  facts.exit_code = code;
  for (const ExitCodeMeaning& known : exit_code_meanings()) {
    if (known.code == code) facts.exit_meaning = known.meaning;
  }
  facts.plan_text = plan_text(stored);
  facts.planned = planned_progress(stored);
}

}  // namespace

Result<ExitCode> command_report(const Options& options, const Console& console) {
  if (auto possible = check_targets(options); !possible) return possible.error();
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
  const auto controller = Lease::holder(directory->lock());
  ReportFacts facts;
  facts.version = SITEWIDE_VERSION;
  facts.chain_head = (*stored)->seen.chain;
  facts.written = wall_clock();
  facts.controlled = controller && controller->has_value();
  const OutputLookup output = [&](std::int64_t seq) -> std::optional<Output> {
    auto found = reader->output(seq);
    if (!found) return std::nullopt;
    return std::move(*found);
  };
  const Rollout& rollout = (*stored)->rollout;
  const auto html = [&] {
    add_page_facts(facts, **stored);
    return html_report((*stored)->schedule, rollout, events, output, facts);
  };
  const auto csv = [&] { return csv_report(rollout, events); };
  const auto junit = [&] { return junit_report(rollout, events, output, facts.output_limit); };
  const auto written = write_forms(
      {{"html", options.html, html}, {"csv", options.csv, csv}, {"junit", options.junit, junit}},
      options, directory->id(), console);
  if (!written) return written.error();
  return ExitCode::on_target;
}

}  // namespace sitewide
