#include <algorithm>

#include "orchestrator/base/text.h"
#include "plans/steps_reader.h"

namespace sitewide {
namespace {

bool is_sms(const Group& group) { return group.method != Method::command; }

template <class Kind, class Part>
const Part* first_of(const std::vector<Part>& parts, Kind kind) {
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [kind](const Part& part) { return part.kind == kind; });
  return found == parts.end() ? nullptr : &*found;
}

void missing(const Place& place, const std::string& message, const std::string& help,
             const Place& step, Reading& reading) {
  reading.problems.push_back(
      {Problem::Severity::error, place, message, help, step, "the step that needs it"});
}

void check_sites(const Plan& plan, Reading& reading) {
  const SitePart* stop = first_of(plan.hotfix.parts.site, SitePart::Kind::stop_service);
  const SitePart* reset = first_of(plan.hotfix.parts.site, SitePart::Kind::site_reset);
  for (const Site& site : plan.sites) {
    if (stop != nullptr && site.services.stop.empty()) {
      missing(site.place, "site `" + site.name + "` does not say how services are stopped",
              "give it `services` with `query`, `stop` and `start`", stop->place, reading);
    }
    if (reset != nullptr && site.reset.run.empty()) {
      missing(site.place, "site `" + site.name + "` does not say how it is reset",
              "give it `site_reset` with `run`", reset->place, reading);
    }
  }
}

void check_registry(const Plan& plan, Reading& reading) {
  const ClientPart* set = first_of(plan.hotfix.parts.client, ClientPart::Kind::set_registry);
  if (set == nullptr) return;
  for (const Transport& transport : plan.transports) {
    const bool used = std::any_of(plan.groups.begin(), plan.groups.end(), [&](const Group& group) {
      return is_sms(group) && group.transport == transport.name;
    });
    if (!used || !transport.registry.set.empty()) continue;
    missing(transport.place,
            "transport `" + transport.name + "` does not say how a registry is handled",
            "give it `registry` with `query`, `set` and `delete`", set->place, reading);
  }
}

/// An edit is a force that every client of the site follows at its next log-on (Q254532), so the
/// waves of `upgrade_bat` would hold nothing back.
void check_map_edit(const Plan& plan, Reading& reading) {
  if (plan.hotfix.parts.map.empty()) return;
  for (const Group& group : plan.groups) {
    if (group.method != Method::upgrade_bat) continue;
    missing(group.place, "the hotfix edits System.map, which forces every client of a site",
            "use `method: site_wide` for this group", plan.hotfix.parts.map.front().place, reading);
  }
}

/// Two values for one place could never both hold, and no client could be proven.
void check_settings(const Plan& plan, Reading& reading) {
  const auto place_of = [](const ClientPart& part) {
    return to_lower(part.section) + '\n' + to_lower(part.key) + '\n' + to_lower(part.name);
  };
  const auto& parts = plan.hotfix.parts.client;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].kind == ClientPart::Kind::run) continue;
    const auto first = std::find_if(
        parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(i), [&](const ClientPart& part) {
          return part.kind == parts[i].kind && place_of(part) == place_of(parts[i]);
        });
    if (first == parts.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    reading.problems.push_back({Problem::Severity::error, parts[i].place,
                                "`client_steps` set the same value twice", "leave one of them",
                                first->place, "first set here"});
  }
}

}  // namespace

void check_parts_in_plan(const Plan& plan, Reading& reading) {
  check_settings(plan, reading);
  check_sites(plan, reading);
  check_registry(plan, reading);
  check_map_edit(plan, reading);
}

}  // namespace sitewide
