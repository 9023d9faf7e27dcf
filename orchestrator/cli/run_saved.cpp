#include "orchestrator/cli/run_saved.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/begin_rollout.h"
#include "orchestrator/cli/client_probe.h"
#include "orchestrator/cli/freeze.h"
#include "orchestrator/cli/missing_logins.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/core/schedule_codec.h"
#include "plans/read_file.h"

namespace sitewide {
namespace {

constexpr std::size_t kMostShown = 50;       // of one kind, on a screen
constexpr std::size_t kMostJournaled = 100;  // in the rollout's first event

Result<SavedPreview> read_saved(const std::string& path) {
  const auto text = read_file(path, kMostPreviewBytes);
  if (!text) return Error{ErrorKind::invalid, escaped(path) + ": " + text.error().message};
  auto saved = decode_saved_preview(*text);
  if (!saved) return Error{ErrorKind::invalid, escaped(path) + ": " + saved.error().message};
  for (const ScheduledGroup& group : saved->schedule.groups) {
    if (group.plan.method == Method::site_wide && !group.plan.reaches_site) {
      return Error{ErrorKind::refused, escaped(path) + ": group " + escaped(group.plan.name) +
                                           " forces whole sites without saying `reaches: site`"};
    }
  }
  return saved;
}

void list(const std::vector<DriftItem>& items, const Console& console) {
  std::map<DriftItem::Kind, std::size_t> count;
  for (const DriftItem& item : items) {
    if (console.json()) {
      console.line("drift", {{"item", name_of(item.kind)}, {"msg", item.words}});
    } else if (++count[item.kind] <= kMostShown) {
      console.err("changed: " + item.words + "\n");
    }
  }
  for (const auto& [kind, all] : count) {
    if (all <= kMostShown) continue;
    console.err("changed: … " + std::to_string(all - kMostShown) + " more of `" +
                std::string(name_of(kind)) + "`; --json lists all\n");
  }
}

// Why it does not go on; nothing when it does.
std::optional<Error> verdict(const std::vector<DriftItem>& items, const Options& options) {
  if (items.empty()) return std::nullopt;
  const std::string since = count_of(items.size(), "change") + " since " + escaped(options.target) +
                            " was saved; nothing was done. ";
  const bool gone =
      std::any_of(items.begin(), items.end(), [](const DriftItem& item) { return item.gone; });
  if (gone) {
    return Error{ErrorKind::refused,
                 since +
                     "A file that was to be staged is not what it was, and nobody can accept "
                     "that: make a new preview"};
  }
  if (options.accept_drift) return std::nullopt;
  return Error{
      ErrorKind::refused,
      since + "Look, then make a new preview, or say --accept-drift to run it all the same"};
}

std::vector<std::string> for_the_journal(const std::vector<DriftItem>& items) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < std::min(items.size(), kMostJournaled); ++i)
    words.push_back(items[i].words);
  if (items.size() > kMostJournaled)
    words.push_back("… " + std::to_string(items.size() - kMostJournaled) + " more");
  return words;
}

void say_what_runs(const SavedPreview& saved, const std::vector<DriftItem>& items,
                   const Options& options, const Console& console) {
  if (console.json()) return;
  const Schedule& schedule = saved.schedule;
  console.err("as saved in " + escaped(options.target) + " at " +
              format_timestamp(std::chrono::floor<std::chrono::seconds>(saved.at)) + " (sha256 " +
              saved.digest.brief() + "): plan " + escaped(schedule.plan_path) + ", " +
              count_of(schedule.groups.size(), "group") + ", " +
              count_of(schedule.clients.size(), "client") + "; " +
              (items.empty() ? std::string("nothing changed since")
                             : count_of(items.size(), "change") + " accepted") +
              "\n");
}

}  // namespace

bool names_saved_preview(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::ifstream file(path, std::ios::binary);
  std::string beginning(64, '\0');
  file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  beginning.resize(static_cast<std::size_t>(file.gcount()));
  return is_saved_preview(beginning);
}

Result<ExitCode> run_saved(const Options& options, const Console& console) {
  if (!options.only.empty()) {
    return Error{ErrorKind::usage,
                 "--only narrows a plan; a saved preview is run as it was saved. Narrow it with "
                 "`sitewide preview --only … --save FILE PLAN`"};
  }
  auto saved = read_saved(options.target);
  if (!saved) return saved.error();
  const Timestamp begun = wall_clock();
  CompileHow how;
  how.digest_inventory = true;
  const CompiledPlan plan = compile_plan(saved->schedule.plan_path, saved->only, begun, how);
  // Both would pass for drift.
  if (plan.lacks_secrets) return *show_problems(plan, options, console);
  if (auto ready = check_logins(saved->schedule, Deed::upgrade); !ready) return ready.error();
  std::optional<std::vector<SavedClient>> clients;
  bool stuck = false;
  if (saved->clients) {
    ClientProbe probe = probe_clients(saved->schedule);
    stuck = probe.stuck;
    clients = std::move(probe.clients);
  }
  const Timestamp now = wall_clock();
  const PresentState present = present_state(*saved, plan, std::move(clients), now);
  const std::vector<DriftItem> items = drift_since(*saved, present);
  const auto refused = verdict(items, options);
  if (refused || !console.json()) list(items, console);
  if (!refused) say_what_runs(*saved, items, options, console);
  if (refused && stuck) leave_stuck(static_cast<int>(console.fail(*refused)));
  if (refused) return *refused;
  if (plan.ok() && present.inventory != saved->inventory && !console.json())
    console.err("note: the inventory has changed elsewhere too\n");
  ApprovedSchedule approved;
  approved.schedule = std::move(saved->schedule);
  // The journal gets it as this version writes it, which names it anew.
  approved.schedule.digest = sha256(encode_schedule(approved.schedule));
  approved.plan = std::move(saved->plan);
  approved.preview = saved->digest.hex();
  approved.drift = for_the_journal(items);
  auto code = begin_rollout(std::move(approved), now, options, console);
  if (stuck) leave_stuck(static_cast<int>(code ? *code : console.fail(code.error())));
  return code;
}

}  // namespace sitewide
