#include "orchestrator/views/report_csv.h"

#include <algorithm>
#include <vector>

#include "orchestrator/base/text.h"
#include "orchestrator/core/reconciliation.h"
#include "orchestrator/views/client_course.h"

namespace sitewide {
namespace {

constexpr std::size_t kReasonBytesMax = 2000;

// Spreadsheets also take the full-width forms for the ASCII ones, and skip blanks before them.
bool looks_like_formula(std::string_view text) {
  constexpr std::string_view kSigns[] = {"=",      "+",      "-",      "@",
                                         "\uff1d", "\uff0b", "\uff0d", "\uff20"};
  const std::string_view shown = trim(text);
  return std::any_of(std::begin(kSigns), std::end(kSigns),
                     [&](std::string_view sign) { return shown.starts_with(sign); });
}

std::string cell(std::string_view text) {
  std::string plain = escaped(text, kReasonBytesMax);
  if (looks_like_formula(plain)) plain.insert(0, "'");
  if (plain.find_first_of(",\"\r\n") == plain.npos && trim(plain) == plain) return plain;
  std::string quoted = "\"";
  for (const char c : plain) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string instant(const std::optional<Timestamp>& at) { return at ? format_timestamp(*at) : ""; }

constexpr std::string_view kColumns[] = {
    "name",         "group",     "wave",    "site",         "state",     "reason",
    "attempts",     "started",   "ended",   "triggered_at", "proven_at", "last_step",
    "last_outcome", "exit_code", "address", "recheck",      "ended_as"};

// Words of ClientRecord::Recheck.
constexpr std::string_view kRechecks[] = {"", "due", "proven", "missed"};

std::vector<std::string> row_of(const Rollout& rollout, const History& history, std::uint32_t c) {
  const Schedule& schedule = rollout.schedule();
  const std::uint32_t group = rollout.owner_group(c);
  const std::uint32_t site = schedule.site_of(c);
  const ClientCourse course = course_of(rollout, history, c);
  const AttemptHistory* last = course.last;
  return {cell(schedule.clients.name(c)),
          group == kNone ? "" : cell(schedule.groups[group].plan.name),
          group == kNone ? "" : std::to_string(schedule.wave_of(c) + 1),
          site == kNone ? "" : cell(schedule.sites[site].plan.name),
          std::string(name_of(rollout.client(c).state)),
          cell(reason_of(rollout, history, c)),
          std::to_string(course.attempts),
          instant(course.started),
          instant(course.ended),
          instant(course.triggered_at),
          instant(course.proven_at),
          last == nullptr ? "" : std::string(name_of(last->step)),
          last == nullptr || !last->ended ? "" : std::string(name_of(last->outcome)),
          last == nullptr || last->exit_code < 0 ? "" : std::to_string(last->exit_code),
          cell(schedule.clients.address(c)),
          std::string(kRechecks[static_cast<std::size_t>(rollout.client(c).recheck)]),
          std::string(name_of(ending_of(rollout, c)))};
}

}  // namespace

std::string csv_report(const Rollout& rollout, std::span<const JournaledEvent> events) {
  const History history = fold_history(rollout.schedule(), events);
  const std::vector<std::string> columns(std::begin(kColumns), std::end(kColumns));
  std::string text = join(columns, ",") + "\r\n";
  for (std::uint32_t c = 0; c < rollout.schedule().clients.size(); ++c)
    text += join(row_of(rollout, history, c), ",") + "\r\n";
  return text;
}

}  // namespace sitewide
