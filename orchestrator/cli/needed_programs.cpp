#include "orchestrator/cli/needed_programs.h"

#include <algorithm>

namespace sitewide {
namespace {

class Needs {
 public:
  void add(const std::string& program, const std::string& needed_for) {
    const bool known = std::ranges::any_of(
        programs_, [&](const NeededProgram& one) { return one.program == program; });
    if (!known && program.find('{') == std::string::npos)
      programs_.push_back({program, needed_for});
  }
  void add(const Argv& argv, const std::string& needed_for) {
    if (!argv.empty()) add(argv.front(), needed_for);
  }
  std::vector<NeededProgram> take() { return std::move(programs_); }

 private:
  std::vector<NeededProgram> programs_;
};

void add_transport(const Transport& transport, Needs& needs) {
  const std::string what = "transport " + transport.name;
  if (transport.type == "exec") {
    for (const Argv* argv : {&transport.run, &transport.read, &transport.write, &transport.digest})
      needs.add(*argv, what);
  }
  if (transport.type == "local") needs.add(transport.batch, what);
  if (transport.type == "ssh" && transport.ssh.by_openssh) needs.add("ssh", what);
}

void add_site(const Site& site, const Parts& parts, Needs& needs) {
  const std::string what = "site " + site.name;
  if (parts.stop_services()) {
    for (const Argv* argv : {&site.services.query, &site.services.stop, &site.services.start})
      needs.add(*argv, what);
  }
  for (const SitePart& part : parts.site) {
    if (part.kind == SitePart::Kind::site_reset) {
      needs.add(site.reset.run, what);
      needs.add(site.reset.probe, what);
    }
    if (part.kind != SitePart::Kind::run) continue;
    for (const Argv* argv : {&part.run.run, &part.run.probe, &part.run.undo})
      needs.add(*argv, what);
  }
}

// The programs of a group run where the transport says: over `local`, here. One that is named with
// a folder may lie below the client's.
void add_group(const ScheduledGroup& group, const Transport& transport, Needs& needs) {
  const std::string what = "group " + group.plan.name;
  for (const auto* gates : {&group.plan.before, &group.plan.after_wave}) {
    for (const Gate& gate : *gates) needs.add(gate.inquiry.run, what);
  }
  if (transport.type != "local") return;
  const CommandSteps& steps = group.plan.command;
  for (const Argv* argv : {&steps.inspect, &steps.back_up, &steps.upgrade, &steps.verify,
                           &steps.restore, &group.plan.restart.run, &group.plan.health.command}) {
    if (!argv->empty() && argv->front().find('/') == std::string::npos) needs.add(*argv, what);
  }
}

}  // namespace

std::vector<NeededProgram> needed_programs(const Schedule& schedule) {
  Needs needs;
  for (const ScheduledSite& site : schedule.sites)
    add_site(site.plan, schedule.hotfix.parts, needs);
  for (const ScheduledGroup& group : schedule.groups) {
    add_transport(schedule.transports[group.transport], needs);
    add_group(group, schedule.transports[group.transport], needs);
  }
  return needs.take();
}

}  // namespace sitewide
