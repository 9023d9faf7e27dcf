#include "orchestrator/core/compile_checks.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "orchestrator/base/text.h"
#include "orchestrator/core/operation.h"

namespace sitewide {
namespace {

constexpr std::string_view kClientPrefix = "{client.";

// The names behind `{client.` in a text.
std::vector<std::string> labels_in(std::string_view text) {
  std::vector<std::string> labels;
  for (std::size_t at = 0; (at = text.find(kClientPrefix, at)) != std::string_view::npos;) {
    at += kClientPrefix.size();
    labels.emplace_back(text.substr(at, text.find('}', at) - at));
  }
  return labels;
}

std::vector<const Argv*> programs_of(const Group& group) {
  const CommandSteps& command = group.command;
  return {&command.inspect, &command.back_up,   &command.upgrade,     &command.verify,
          &command.restore, &group.restart.run, &group.health.command};
}

bool holds_or_is_empty(const std::vector<std::string>& words, const std::string& word) {
  return words.empty() || word.empty() ||
         std::find(words.begin(), words.end(), word) != words.end();
}

/// What is not known excludes nothing.
bool is_for(const Hotfix& hotfix, const ClientKind& kind) {
  if (!holds_or_is_empty(hotfix.for_platforms, kind.platform)) return false;
  if (!holds_or_is_empty(hotfix.for_os, kind.os)) return false;
  const auto is_for_clients = [](const PlannedFile& file) { return !file.on_client.empty(); };
  if (std::none_of(hotfix.files.begin(), hotfix.files.end(), is_for_clients)) return true;
  return std::any_of(hotfix.files.begin(), hotfix.files.end(),
                     [&](const PlannedFile& file) { return concerns(file, kind); });
}

constexpr std::size_t kShownClients = 5;

}  // namespace

ClientKind CompileChecks::kind_of(std::uint32_t c) const {
  return {to_lower(inventory.label(c, "platform")), to_lower(inventory.label(c, "os"))};
}

bool CompileChecks::covers(std::uint32_t c) const { return is_for(plan.hotfix, kind_of(c)); }

template <class Concerned>
void CompileChecks::warn_uncovered(std::uint32_t g, std::string_view which, std::string help,
                                   const Concerned& concerned) const {
  const auto platform = inventory.find_column("platform");
  const auto os = inventory.find_column("os");
  std::map<std::pair<std::uint32_t, std::uint32_t>, bool> known;
  std::size_t count = 0;
  std::string names;
  for (std::uint32_t c = 0; c < inventory.size(); ++c) {
    if (!concerned(c)) continue;
    const std::pair cells{platform ? inventory.cell_id(c, *platform) : 0,
                          os ? inventory.cell_id(c, *os) : 0};
    const auto [found, is_new] = known.emplace(cells, true);
    const ClientKind kind = kind_of(c);
    if (is_new) found->second = is_for(plan.hotfix, kind);
    if (found->second || ++count > kShownClients) continue;
    names += (names.empty() ? "" : ", ") + escaped(inventory.name(c)) + " (" +
             escaped(kind.platform.empty() ? "?" : kind.platform, 20) + ", " +
             escaped(kind.os.empty() ? "?" : kind.os, 20) + ")";
  }
  if (count == 0) return;
  problems.push_back({Problem::Severity::warning,
                      plan.groups[g].select_place,
                      count_of(count, "client") + " " + std::string(which) + " group `" +
                          plan.groups[g].name + "` " + (count == 1 ? "is" : "are") +
                          " not covered by " + escaped(plan.hotfix.id, 64) + ": " + names +
                          (count > kShownClients ? " …" : ""),
                      std::move(help),
                      {},
                      {}});
}

void CompileChecks::covered(std::uint32_t g) const {
  if (plan.groups[g].method == Method::command) return;
  warn_uncovered(g, "of",
                 "no build is for their platform and system; they will be refused, which counts as "
                 "a failure, so leave them out of the group",
                 [&](std::uint32_t c) { return group_of[c] == g; });
}

void CompileChecks::covered_by_force(std::uint32_t g, std::uint32_t site) const {
  warn_uncovered(
      g, "of no group, reached by the force of",
      "no build is for their platform and system: they verify their files at their next "
      "log-on, and the rollout does not look at them",
      [&](std::uint32_t c) { return group_of[c] >= plan.groups.size() && site_of[c] == site; });
}

void CompileChecks::add(const Place& place, std::string message, std::string help) const {
  problems.push_back(
      {Problem::Severity::error, place, std::move(message), std::move(help), {}, {}});
}

void CompileChecks::builds(std::uint32_t g) const {
  if (plan.groups[g].method == Method::command) return;
  const auto platform = inventory.find_column("platform");
  const auto os = inventory.find_column("os");
  const auto cell = [&](std::uint32_t c, std::optional<std::uint32_t> column) {
    return column ? inventory.cell_id(c, *column) : UINT32_MAX;
  };
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (std::uint32_t c = 0; c < inventory.size(); ++c) {
    if (group_of[c] != g || !seen.emplace(cell(c, platform), cell(c, os)).second) continue;
    const ClientKind kind = kind_of(c);
    std::set<std::string> targets;
    for (const PlannedFile& file : plan.hotfix.files) {
      if (!concerns(file, kind) || targets.insert(to_lower(file.on_client)).second) continue;
      return add(plan.groups[g].select_place,
                 "client `" + escaped(inventory.name(c)) + "` would get several builds of `" +
                     escaped(file.name) + "` at one place",
                 "give clients the label `platform` (and `os`), so that one build is theirs");
    }
  }
}

void CompileChecks::labels(std::uint32_t g) const {
  const Group& group = plan.groups[g];
  std::vector<std::string_view> known{"name", "address", "root"};
  known.insert(known.end(), inventory.columns().begin(), inventory.columns().end());
  std::set<std::string> told;
  const auto check_text = [&](std::string_view text) {
    for (const std::string& label : labels_in(text)) {
      const bool is_known = std::find(known.begin(), known.end(), label) != known.end();
      if (is_known || !told.insert(label).second) continue;
      const std::string_view near = nearest(label, known);
      add(group.place,
          "group `" + group.name + "` uses `{client." + escaped(label, 60) +
              "}`, and no client has such a label",
          near.empty() ? "" : "did you mean `{client." + std::string(near) + "}`?");
    }
  };
  const auto check_all = [&](std::span<const Argv* const> programs) {
    for (const Argv* argv : programs) {
      for (const std::string& element : *argv) check_text(element);
    }
  };
  check_all(programs_of(group));
  for (const ClientPart& part : plan.hotfix.parts.client) {
    const Argv* const programs[] = {&part.run.run, &part.run.probe, &part.run.undo};
    if (group.method != Method::command) check_all(programs);
  }
  for (const Transport& transport : plan.transports) {
    if (transport.name != group.transport) continue;
    check_text(transport.root);
    const SshAccess& ssh = transport.ssh;
    const std::string* const texts[] = {&ssh.host, &ssh.user, &ssh.identity, &ssh.config,
                                        &ssh.known_hosts};
    for (const std::string* text : texts) {
      if (transport.type == "ssh") check_text(*text);
    }
    const Registry& registry = transport.registry;
    const Argv* const programs[] = {&transport.run,    &transport.read,  &transport.write,
                                    &transport.digest, &transport.batch, &registry.query,
                                    &registry.set,     &registry.remove};
    check_all(programs);
  }
}

void CompileChecks::command_clients(std::uint32_t forcing, std::uint32_t site) const {
  std::vector<bool> told(plan.groups.size(), false);
  for (std::uint32_t c = 0; c < inventory.size(); ++c) {
    const std::uint32_t g = group_of[c];
    const bool reached = g < plan.groups.size() && site_of[c] == site;
    if (!reached || plan.groups[g].method != Method::command || told[g]) continue;
    told[g] = true;
    add(plan.groups[g].place,
        "the force of group `" + plan.groups[forcing].name + "` reaches client `" +
            escaped(inventory.name(c)) + "` of site `" + plan.sites[site].name +
            "`, which group `" + plan.groups[g].name + "` upgrades by `command`",
        "put clients of that site into `upgrade_bat` or `site_wide` groups");
  }
}

}  // namespace sitewide
