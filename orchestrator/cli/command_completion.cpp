#include <algorithm>
#include <filesystem>

#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/complete.h"
#include "orchestrator/cli/completion_scripts.h"
#include "orchestrator/core/schedule_codec.h"
#include "orchestrator/journal/journal_reader.h"
#include "orchestrator/journal/rollout_directory.h"
#include "plans/catalogue.h"

namespace sitewide {
namespace {

// Somebody waits for the key: a bigger rollout's names are not worth the wait.
constexpr std::uintmax_t kJournalBytesMax = 8U << 20U;

std::vector<RolloutDirectory> rollouts_in(const std::string& state_option) {
  const auto path = state_path(state_option, read_environment());
  if (!path) return {};
  auto rollouts = StateDirectory(*path).rollouts();
  return rollouts ? std::move(*rollouts) : std::vector<RolloutDirectory>{};
}

// Names of directories only: no journal is opened.
std::vector<Candidate> rollout_ids(const std::string& state_option) {
  const std::vector<RolloutDirectory> rollouts = rollouts_in(state_option);
  std::vector<Candidate> ids;
  for (auto one = rollouts.rbegin(); one != rollouts.rend(); ++one) {
    const Timestamp created = std::chrono::floor<std::chrono::seconds>(one->created());
    ids.push_back({one->id(), "created " + format_timestamp(created)});
  }
  if (!ids.empty()) ids.push_back({"latest", "the newest: " + ids.front().word});
  return ids;
}

// The schedule alone; events are not read. Nothing when it cannot be had soon.
std::optional<Schedule> schedule_of(const std::string& state_option, const std::string& id) {
  const auto path = state_path(state_option, read_environment());
  if (!path) return std::nullopt;
  const auto directory = StateDirectory(*path).find(id.empty() ? "latest" : id);
  if (!directory) return std::nullopt;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(directory->journal(), error);
  if (error || size > kJournalBytesMax) return std::nullopt;
  auto reader = JournalReader::open(directory->journal());
  if (!reader) return std::nullopt;
  const auto text = reader->schedule();
  if (!text) return std::nullopt;
  auto schedule = decode_schedule(*text);
  if (!schedule) return std::nullopt;
  return std::move(*schedule);
}

bool asks_for_approval(const std::vector<Gate>& gates) {
  return std::any_of(gates.begin(), gates.end(),
                     [](const Gate& gate) { return !gate.approval.empty(); });
}

std::vector<Candidate> gates_of(const Schedule& schedule) {
  std::vector<Candidate> gates;
  for (const ScheduledGroup& group : schedule.groups) {
    const std::string& name = group.plan.name;
    if (asks_for_approval(group.plan.before)) gates.push_back({name, "before the group"});
    if (!asks_for_approval(group.plan.after_wave)) continue;
    for (std::size_t wave = 1; wave <= group.waves.size(); ++wave) {
      const std::string number = std::to_string(wave);
      gates.push_back({name + "/" + number, "after wave " + number});
    }
  }
  return gates;
}

// Of `canary`, or of `canary/1`.
std::vector<std::string> approvals_of(const Schedule& schedule, const std::string& gate) {
  const std::size_t slash = gate.find('/');
  std::vector<std::string> names;
  for (const ScheduledGroup& group : schedule.groups) {
    if (group.plan.name != gate.substr(0, slash)) continue;
    const auto& gates = slash == gate.npos ? group.plan.before : group.plan.after_wave;
    for (const Gate& one : gates) {
      if (!one.approval.empty()) names.push_back(one.approval);
    }
  }
  return names;
}

std::vector<Candidate> articles() {
  std::vector<Candidate> result;
  for (const std::string_view article : catalogue_articles()) {
    const auto entry = find_catalogue_entry(article);
    result.push_back({std::string(article), entry ? entry->title : ""});
  }
  return result;
}

}  // namespace

Result<ExitCode> command_completion(const Options& options, const Console& console) {
  const std::string_view script = completion_script(options.target);
  if (console.json()) {
    console.line("completion", {{"shell", options.target}, {"script", script}});
  } else {
    console.out(script);
  }
  return ExitCode::on_target;
}

Result<ExitCode> command_complete(const Options& options, const Console& console) {
  const std::string state = value_given(options.words, "--state-dir");
  KnownNames names;
  names.rollouts = [&] { return rollout_ids(state); };
  names.articles = articles;
  names.groups = [&](const std::string& id) {
    std::vector<std::string> groups;
    if (const auto schedule = schedule_of(state, id)) {
      for (const ScheduledGroup& group : schedule->groups) groups.push_back(group.plan.name);
    }
    return groups;
  };
  names.clients = [&](const std::string& id) {
    std::vector<std::string> clients;
    if (const auto schedule = schedule_of(state, id)) {
      for (std::uint32_t c = 0; c < schedule->clients.size(); ++c)
        clients.emplace_back(schedule->clients.name(c));
    }
    return clients;
  };
  names.gates = [&](const std::string& id) {
    const auto schedule = schedule_of(state, id);
    return schedule ? gates_of(*schedule) : std::vector<Candidate>{};
  };
  names.approvals = [&](const std::string& id, const std::string& gate) {
    const auto schedule = schedule_of(state, id);
    return schedule ? approvals_of(*schedule, gate) : std::vector<std::string>{};
  };
  console.out(completion_lines(complete(read_manual(), options.words, names)));
  return ExitCode::on_target;
}

}  // namespace sitewide
