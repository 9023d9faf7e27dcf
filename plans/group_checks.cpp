#include <algorithm>
#include <map>

#include "orchestrator/base/text.h"
#include "plans/readers.h"
#include "plans/shape.h"

namespace sitewide {
namespace {

void check_transport(const Values& own, const Group& group,
                     const std::vector<Transport>& transports, Reading& reading) {
  const Place place = own.has("transport") ? own.place("transport") : group.place;
  if (group.transport.empty()) {
    if (transports.size() < 2) return;
    return reading.error(place, "group `" + group.name + "` has no `transport`",
                         "the plan has several; name one here or in `defaults`");
  }
  const auto transport =
      std::find_if(transports.begin(), transports.end(),
                   [&](const Transport& candidate) { return candidate.name == group.transport; });
  if (transport == transports.end()) {
    std::vector<std::string_view> names;
    names.reserve(transports.size());
    for (const Transport& candidate : transports) names.push_back(candidate.name);
    return reading.error(place, "unknown transport `" + escaped(group.transport, 60) + "`",
                         suggestion(group.transport, names, "transports"));
  }
  const bool is_exec = transport->type == "exec" && !transport->run.empty();
  const bool is_local = transport->type == "local";
  const bool is_ssh = transport->type == "ssh" && !transport->ssh.shell.empty();
  // A transport that is wrong by itself has been reported.
  if (group.method == Method::command || (!is_exec && !is_local && !is_ssh)) return;
  const bool has_files =
      !is_exec || !transport->files.empty() ||
      (!transport->read.empty() && !transport->write.empty() && !transport->digest.empty());
  if (!has_files) {
    reading.error(
        place, std::string(name_of(group.method)) + " over the transport `" + transport->name + "`",
        "files are read and written on clients: give it `read`, `write` and `digest`, "
        "or `files: smb`");
  }
  const bool needs_batch = is_local || (is_ssh && transport->ssh.shell == "posix");
  if (group.method == Method::upgrade_bat && needs_batch && transport->batch.empty()) {
    reading.error(place, "upgrade_bat over the transport `" + transport->name + "`",
                  "say how a batch file is run on a client: give it `batch`");
  }
}

void check_timeouts(const Values& own, const Group& group, Reading& reading) {
  const std::string_view other = group.method == Method::command ? "trigger" : "command";
  const Values timeouts = own.section("timeouts");
  if (!timeouts.has(other)) return;
  reading.error(timeouts.place(other),
                "`timeouts." + std::string(other) +
                    "` means nothing to `method: " + std::string(name_of(group.method)) + "`",
                group.method == Method::command
                    ? "its programs end by `timeouts.command`"
                    : "Upgrade.bat and restarts end by `timeouts.trigger`");
}

void check_parts(const Values& own, const Group& group, Reading& reading) {
  if (group.method == Method::command) return;
  const std::string method(name_of(group.method));
  if (!reading.has_hotfix) {
    reading.error(own.place("method"), method + " needs a `hotfix`",
                  "add `hotfix:` with its id and files");
  }
  if (!reading.has_sites) {
    reading.error(own.place("method"), method + " needs `sites`",
                  "add `sites:` with each site's root");
  }
}

/// A program cannot be in a folder of an SMB server, so Upgrade.bat has to be named to it.
void check_batch(const Group& group, const std::vector<Transport>& transports,
                 const std::vector<Site>& sites, Reading& reading) {
  if (group.method != Method::upgrade_bat) return;
  const auto transport =
      std::find_if(transports.begin(), transports.end(),
                   [&](const Transport& candidate) { return candidate.name == group.transport; });
  if (transport == transports.end() || transport->batch.empty()) return;
  const bool named =
      std::any_of(transport->batch.begin(), transport->batch.end(), [](const std::string& element) {
        return element.find("{logon_server.share}") != std::string::npos;
      });
  if (named) return;
  for (const Site& site : sites) {
    const bool on_server =
        std::any_of(site.logon_servers.begin(), site.logon_servers.end(),
                    [](const LogonServer& server) { return is_smb_place(server.share); });
    if (!on_server) continue;
    return reading.error(transport->place,
                         "`batch` of the transport `" + transport->name +
                             "` does not say where the batch file is: logon servers of site `" +
                             site.name + "` are on SMB servers",
                         "put `{logon_server.share}` into it, which is `\\\\SERVER\\SHARE` then");
  }
}

}  // namespace

void check_batches(const Plan& plan, Reading& reading) {
  for (const Group& group : plan.groups) check_batch(group, plan.transports, plan.sites, reading);
}

void check_method(const Values& own, const Group& group, const std::vector<Transport>& transports,
                  Reading& reading) {
  if (!own.text("method") || !word_from<Method>(*own.text("method"))) return;
  check_timeouts(own, group, reading);
  check_parts(own, group, reading);
  check_transport(own, group, transports, reading);
}

void check_deadlines(const Values& values, const Group& group, const Limits& limits,
                     Reading& reading) {
  const Values converge = values.section("converge");
  const auto shorter = [&](const Place& place, std::string_view name, Duration inner,
                           std::string_view of, Duration outer) {
    if (inner < outer) return;
    reading.error(place,
                  "`" + std::string(name) + "` (" + format_duration(inner) +
                      ") is not shorter than `" + std::string(of) + "` (" + format_duration(outer) +
                      ")",
                  "a client's deadline ends before its wave's, and that before the rollout's");
  };
  const bool converges = group.method != Method::command;
  if (converges) {
    shorter(converge.place("poll"), "converge.poll", group.converge_poll, "converge.within",
            group.converge_within);
    if (group.lost_after && *group.lost_after > group.converge_within) {
      reading.error(values.place("lost_after"), "`lost_after` is longer than `converge.within`",
                    "a client that is not proven by then has failed already");
    }
    if (group.restart.wait >= group.converge_within) {
      reading.error(values.section("restart").place("wait"),
                    "`restart.wait` leaves no time to converge",
                    "converge within " + format_duration(group.converge_within));
    }
  }
  shorter(values.place("retry_late"), "retry_late", group.retry_late, "give_up_late",
          group.give_up_late);
  if (group.backoff > group.backoff_max) {
    reading.error(values.place("backoff"), "`backoff` is longer than `backoff_max`",
                  "the first pause is the shortest");
  }
  if (!limits.rollout_within) return;
  Duration longest{};
  for (const Gate& gate : group.after_wave) longest += gate.soak;
  for (const Gate& gate : group.before) longest += gate.soak;
  if (converges) longest += group.converge_within;
  if (longest < *limits.rollout_within) return;
  reading.error(converge.has("within") ? converge.place("within") : group.place,
                "the group may take " + format_duration(longest) + ", the whole rollout " +
                    format_duration(*limits.rollout_within),
                "`converge.within` and the soaks must fit into `limits.rollout_within`");
}

namespace {

/// Depth-first search that reports each circle once, at the `after` that closes it.
class Circles {
 public:
  Circles(const std::vector<Group>& groups, Reading& reading)
      : groups_(groups), reading_(reading), states_(groups.size(), State::unseen) {
    for (std::size_t i = 0; i < groups.size(); ++i) indices_.emplace(groups[i].name, i);
  }

  void find() {
    for (std::size_t i = 0; i < groups_.size(); ++i) visit(i);
  }

 private:
  enum class State : std::uint8_t { unseen, open, done };

  void visit(std::size_t group) {
    if (states_[group] != State::unseen) return;
    states_[group] = State::open;
    path_.push_back(group);
    for (std::size_t i = 0; i < groups_[group].after.size(); ++i) {
      const auto next = indices_.find(groups_[group].after[i]);
      if (next == indices_.end()) continue;
      if (states_[next->second] == State::open)
        report(next->second, groups_[group].after_places[i]);
      visit(next->second);
    }
    path_.pop_back();
    states_[group] = State::done;
  }

  void report(std::size_t first, const Place& place) {
    std::string circle;
    for (auto i = std::find(path_.begin(), path_.end(), first); i != path_.end(); ++i) {
      circle += groups_[*i].name + " after ";
    }
    reading_.error(
        place,
        "groups wait for each other in a circle: " + escaped(circle + groups_[first].name, 400),
        "delete one of these `after`");
  }

  const std::vector<Group>& groups_;
  Reading& reading_;
  std::vector<State> states_;
  std::vector<std::size_t> path_;
  std::map<std::string, std::size_t> indices_;
};

}  // namespace

void check_references(const std::vector<Group>& groups, Reading& reading) {
  if (groups.size() > kMostGroups) {
    return reading.too_many(groups[kMostGroups].place, "plan", kMostGroups, "groups",
                            "let labels and selectors say more, and groups less");
  }
  std::map<std::string, const Group*> by_name;
  std::vector<std::string_view> names;
  for (const Group& group : groups) {
    if (group.name.empty()) continue;
    const auto [first, is_new] = by_name.emplace(group.name, &group);
    names.push_back(group.name);
    if (is_new) continue;
    reading.problems.push_back({Problem::Severity::error, group.place,
                                "duplicate group name `" + escaped(group.name, 64) + "`", "",
                                first->second->place, "first defined here"});
  }
  for (const Group& group : groups) {
    for (std::size_t i = 0; i < group.after.size(); ++i) {
      if (by_name.count(group.after[i]) > 0) continue;
      reading.error(group.after_places[i],
                    "there is no group `" + escaped(group.after[i], 64) + "`",
                    suggestion(group.after[i], names, "groups"));
    }
  }
  Circles(groups, reading).find();
}

}  // namespace sitewide
