#include "orchestrator/core/operation.h"

#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/base/text.h"
#include "orchestrator/core/gate.h"

namespace sitewide {
namespace {

// Parts of a key become one path segment: anything but letters, digits and `.-` is written as `_`.
std::string key_of(const Schedule& schedule, std::string_view rollout, const Action& action) {
  std::string key = std::string(rollout) + "~" + subject_name(schedule, action.subject) + "~" +
                    std::string(name_of(action.step)) + "~" + std::to_string(action.attempt);
  for (char& c : key) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '.' || c == '~';
    if (!plain) c = '_';
  }
  return key;
}

void add_site_values(const Site& site, std::map<std::string, std::string>& values) {
  values["site.name"] = site.name;
  values["site.root"] = site.root;
  for (const auto& [key, value] : site.labels) values["site." + key] = value;
}

Argv argv_of(const Group& group, Step step) {
  switch (step) {
    case Step::inspect:
      return group.command.inspect;
    case Step::back_up:
      return group.command.back_up;
    case Step::upgrade:
      return group.command.upgrade;
    case Step::verify:
      return group.command.verify;
    case Step::recheck:
      return group.command.verify.empty() ? group.command.inspect : group.command.verify;
    case Step::restore:
      return group.command.restore;
    case Step::restart:
      return group.restart.run;
    case Step::health:
      return group.health.command;
    default:
      return {};
  }
}

void fill_client(const Schedule& schedule, std::uint32_t c, Operation& operation) {
  const ClientTable& clients = schedule.clients;
  const ScheduledGroup& group = schedule.groups[schedule.lanes[schedule.owner_lane(c)].group];
  ClientTarget& client = operation.client;
  client.name = clients.name(c);
  client.address = clients.address(c);
  client.platform = to_lower(clients.label(c, "platform"));
  client.os = to_lower(clients.label(c, "os"));
  // A client that a force of another group reaches is still reached the way its own group says.
  const std::uint32_t own = schedule.lanes[schedule.lane_of[c]].group;
  operation.transport =
      schedule.transports[own == kNone ? group.transport : schedule.groups[own].transport];
  for (const std::string& label : clients.columns()) {
    operation.values["client." + label] = std::string(clients.label(c, label));
  }
  operation.values["client.name"] = client.name;
  operation.values["client.address"] = client.address;
  // The root may itself name the client, but nothing that is only known later.
  if (auto root = substitute(operation.transport.root, operation.values)) client.root = *root;
  operation.values["client.root"] = client.root;
  operation.argv = argv_of(group.plan, operation.action.step);
  if (operation.action.step == Step::upgrade) operation.verify = group.plan.command.verify;
  operation.health = group.plan.health;
  operation.repeatable = group.plan.method != Method::command || group.plan.command.repeatable;
  operation.forced = group.plan.method == Method::site_wide;
  if (operation.action.step == Step::health) {  // it began when the client was proven
    operation.values["proven_at"] =
        format_timestamp(operation.action.deadline - group.plan.health.within);
  }
}

}  // namespace

bool concerns(const PlannedFile& file, const ClientKind& client) {
  if (file.on_client.empty()) return false;
  if (!file.platform.empty() && !client.platform.empty() && file.platform != client.platform)
    return false;
  return file.os.empty() || client.os.empty() ||
         std::find(file.os.begin(), file.os.end(), client.os) != file.os.end();
}

Operation make_operation(const Schedule& schedule, std::string_view rollout, const Action& action) {
  Operation operation;
  operation.key = key_of(schedule, rollout, action);
  operation.action = action;
  operation.subject_name = subject_name(schedule, action.subject);
  operation.allow_downgrade = schedule.hotfix.allow_downgrade;
  operation.values["hotfix.id"] = schedule.hotfix.id;
  if (action.subject.kind == Subject::Kind::gate) {
    operation.gate = gate_at(schedule, action.subject);
    return operation;
  }
  const bool about_client = action.subject.kind == Subject::Kind::client;
  const std::uint32_t s =
      about_client ? schedule.site_of(action.subject.index) : action.subject.index;
  if (s != kNone) {
    operation.site = schedule.sites[s].plan;
    add_site_values(operation.site, operation.values);
  }
  if (about_client) fill_client(schedule, action.subject.index, operation);
  for (const PlannedFile& file : schedule.hotfix.files) {
    if (!about_client || concerns(file, {operation.client.platform, operation.client.os}))
      operation.files.push_back(file);
  }
  operation.has_client_files =
      std::any_of(schedule.hotfix.files.begin(), schedule.hotfix.files.end(),
                  [](const PlannedFile& file) { return !file.on_client.empty(); });
  if (about_client) {
    operation.parts.client = schedule.hotfix.parts.client;
  } else {
    operation.parts = schedule.hotfix.parts;
  }
  return operation;
}

Result<std::string> substitute(std::string_view text,
                               const std::map<std::string, std::string>& values) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find('{', at);
    out += text.substr(at, open - at);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos)
      return Error{ErrorKind::invalid, "`{` without `}` in `" + std::string(text) + "`"};
    const std::string name(text.substr(open + 1, close - open - 1));
    const auto value = values.find(name);
    if (value == values.end())
      return Error{ErrorKind::invalid, "unknown placeholder `{" + name + "}`"};
    if (has_control_character(value->second)) {
      return Error{ErrorKind::refused, "the value of `{" + name + "}` holds a control character"};
    }
    out += value->second;
    at = close + 1;
  }
  return out;
}

Result<Argv> substitute(const Argv& argv, const std::map<std::string, std::string>& values) {
  Argv out;
  for (const std::string& element : argv) {
    auto replaced = substitute(element, values);
    if (!replaced) return replaced.error();
    out.push_back(std::move(*replaced));
  }
  return out;
}

}  // namespace sitewide
