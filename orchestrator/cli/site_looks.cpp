#include "orchestrator/cli/site_looks.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "adapters/share.h"
#include "adapters/sms/site/programs.h"
#include "adapters/sms/site/services.h"
#include "orchestrator/base/text.h"
#include "orchestrator/cli/site_probe.h"

namespace sitewide {
namespace {

using sms::SharedWork;

constexpr Duration kEnding = std::chrono::seconds(8);

sms::SiteUse use_of(const Schedule& schedule, std::uint32_t site) {
  sms::SiteUse use;
  use.forces = !schedule.hotfix.parts.map.empty();
  for (const Lane& lane : schedule.lanes) {
    if (lane.site != site || lane.group == kNone) continue;
    const Method method = schedule.groups[lane.group].plan.method;
    use.forces = use.forces || method == Method::site_wide;
    use.upgrade_bat = use.upgrade_bat || method == Method::upgrade_bat;
  }
  return use;
}

SharedWork work_for(const Schedule& schedule, std::uint32_t site, Timestamp now, Duration within) {
  Action action;
  action.subject = Subject::site(site);
  action.step = Step::stage;
  action.purpose = Purpose::poll;
  action.deadline = now + within;
  auto work = std::make_shared<sms::Work>();
  work->operation = make_operation(schedule, "probe", action);
  work->now = now;
  const Site& place = work->operation.site;
  const auto sessions = SmbSessions::make();
  work->files = open_share(place.root, place.smb, sessions);
  for (const LogonServer& server : place.logon_servers)
    work->shares.push_back({server.name, open_share(server.share, place.smb, sessions)});
  return work;
}

// What staging and the force would say of what stands in the root.
void add_objections(const Schedule& schedule, std::uint32_t site, const sms::Work& work,
                    Lacks& lacks) {
  SiteProbe probe;
  probe_root(schedule, site, *work.files, probe);
  for (const std::string& warning : probe.warnings)
    lacks.push_back({warning, "see `sitewide preview`, which shows what stands there"});
}

Look root_look(const Schedule& schedule, std::uint32_t site, const SharedWork& work) {
  const sms::SiteUse use = use_of(schedule, site);
  std::string place =
      "site " + work->operation.site.name + ", root " + escaped(work->operation.site.root);
  auto at = [&schedule, site, work, use] {
    Lacks lacks = sms::lacks_of_root(*work, use);
    const bool stops = std::ranges::any_of(lacks, [](const sms::Lack& lack) { return lack.stops; });
    if (!stops) add_objections(schedule, site, *work, lacks);
    return lacks;
  };
  return blocking_look(std::move(place), std::move(at));
}

Look share_look(const SharedWork& work, std::size_t index, const sms::SiteUse& use) {
  const LogonServer& server = work->operation.site.logon_servers[index];
  std::string place = "site " + work->operation.site.name + ", logon server " + server.name + ", " +
                      escaped(server.share);
  auto at = [work, index, use] { return sms::lacks_of_share(*work, work->shares[index], use); };
  return blocking_look(std::move(place), std::move(at));
}

boost::asio::awaitable<Lacks> ask_for_service(StepContext context, SharedWork work,
                                              std::string service, Duration within) {
  const Argv query = work->operation.site.services.query;
  const auto runs = co_await sms::ask_site_program(context, work, query, service, within);
  Lacks lacks;
  if (!runs) {
    lacks.push_back({"its `query` says nothing: " + escaped(runs.error().message, 200),
                     "mend `services` of the site: nothing is stopped before it is known to run"});
  }
  co_return lacks;
}

Look service_look(const SharedWork& work, const std::string& service, Duration within) {
  auto at = [work, service, within](StepContext context) {
    return ask_for_service(std::move(context), work, service, within);
  };
  return {"site " + work->operation.site.name + ", service " + escaped(service), std::move(at)};
}

}  // namespace

SiteLooks site_looks(const Schedule& schedule, Timestamp now, Duration within) {
  SiteLooks all;
  for (std::uint32_t s = 0; s < schedule.sites.size(); ++s) {
    if (!needs_site(schedule, s)) continue;
    ++all.sites;
    const SharedWork work = work_for(schedule, s, now, within);
    all.looks.push_back(root_look(schedule, s, work));
    const sms::SiteUse use = use_of(schedule, s);
    for (std::size_t i = 0; i < work->shares.size(); ++i, ++all.logon_servers)
      all.looks.push_back(share_look(work, i, use));
    auto maintenance = [work] { return sms::lacks_of_maintenance(*work); };
    all.looks.push_back(blocking_look("site " + work->operation.site.name + ", Maintenance Manager",
                                      std::move(maintenance)));
    all.looks.back().tells_of_silence = false;
    for (const std::string& service : sms::services_to_stop(*work))
      all.looks.push_back(service_look(work, service, std::max(within - kEnding, within / 2)));
  }
  return all;
}

}  // namespace sitewide
