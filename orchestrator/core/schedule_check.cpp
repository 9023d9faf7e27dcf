#include "orchestrator/core/schedule_check.h"

#include <algorithm>

namespace sitewide {
namespace {

bool is_index(std::uint32_t number, std::size_t size) { return number == kNone || number < size; }

bool waves_fill(const ScheduledGroup& group) {
  std::uint32_t at = group.clients.begin;
  for (const Range& wave : group.waves) {
    if (wave.begin != at || wave.end <= wave.begin) return false;
    at = wave.end;
  }
  return at <= group.clients.end;  // those that another group adopted stand behind the waves
}

std::string fault_of_groups(const Schedule& schedule) {
  std::uint32_t at = 0;
  for (const ScheduledGroup& group : schedule.groups) {
    const std::string name = "group `" + group.plan.name + "`";
    if (group.clients.begin != at || group.clients.end < at) return name + " has no such clients";
    at = group.clients.end;
    if (!waves_fill(group)) return "the waves of " + name + " are not its clients";
    if (group.steps.empty()) return name + " has no steps";
    if (group.transport >= schedule.transports.size()) return name + " has no such transport";
    for (const std::uint32_t other : group.after) {
      if (other >= schedule.groups.size()) return name + " waits for no such group";
    }
  }
  return at <= schedule.clients.size() ? "" : "there are fewer clients than the groups have";
}

std::string fault_of_lanes(const Schedule& schedule) {
  for (const Lane& lane : schedule.lanes) {
    if (!is_index(lane.group, schedule.groups.size())) return "a lane has no such group";
    if (!is_index(lane.site, schedule.sites.size())) return "a lane has no such site";
    if (!is_index(lane.zone, schedule.zones.size())) return "a lane has no such zone";
    const bool by_site = lane.group != kNone && lane.site == kNone &&
                         schedule.groups[lane.group].plan.method != Method::command;
    if (by_site) return "a lane needs a site";
    if (lane.adopted_by == kNone) continue;
    if (lane.adopted_by >= schedule.lanes.size()) return "a lane is adopted by no such lane";
    const Lane& owner = schedule.lanes[lane.adopted_by];
    if (owner.group == kNone || owner.adopted_by != kNone || owner.site != lane.site)
      return "a lane is adopted by one that cannot";
  }
  return {};
}

/// Each client stands where its lane says, and each lane counts its clients.
std::string fault_of_clients(const Schedule& schedule) {
  std::vector<std::uint32_t> counted(schedule.lanes.size(), 0);
  const auto check = [&](std::uint32_t c, std::uint32_t group, std::uint32_t waves_end) {
    const Lane& lane = schedule.lanes[schedule.lane_of[c]];
    ++counted[schedule.lane_of[c]];
    const bool waits = lane.adopted_by == kNone;
    return lane.group == group && waits == (c < waves_end);
  };
  std::uint32_t c = 0;
  bool good = true;
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    const ScheduledGroup& group = schedule.groups[g];
    const std::uint32_t waves_end = group.waves.empty() ? c : group.waves.back().end;
    for (; c < group.clients.end; ++c) good = check(c, g, waves_end) && good;
  }
  for (; c < schedule.clients.size(); ++c) good = check(c, kNone, 0) && good;
  for (std::size_t l = 0; l < counted.size(); ++l) {
    // Clients that no group takes and no force reaches are counted, but are not in the schedule.
    const Lane& lane = schedule.lanes[l];
    const bool left_out = lane.group == kNone && lane.adopted_by == kNone;
    good = good && (left_out || counted[l] == lane.clients);
  }
  return good ? "" : "its clients do not stand where its lanes say";
}

std::string fault_of_notifications(const Schedule& schedule) {
  for (const NotifyTarget& target : schedule.notify) {
    const bool command = target.kind == NotifyTarget::Kind::command;
    const bool mail = target.kind == NotifyTarget::Kind::email;
    if (target.timeout.count() <= 0) return "a notification has no time";
    if (command && (target.command.empty() || target.command.front().empty()))
      return "a notification has no program";
    if (mail && (target.email.to.empty() || target.email.sendmail.empty()))
      return "a notification has nobody to go to";
    if (!command && !mail && !target.webhook.url.is_given()) return "a notification has no URL";
  }
  return {};
}

}  // namespace

std::string fault_of(const Schedule& schedule) {
  for (const auto& check :
       {fault_of_groups, fault_of_lanes, fault_of_clients, fault_of_notifications}) {
    std::string fault = check(schedule);
    if (!fault.empty()) return fault;
  }
  return {};
}

}  // namespace sitewide
