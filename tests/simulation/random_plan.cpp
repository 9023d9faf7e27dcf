#include "tests/simulation/random_plan.h"

#include <algorithm>
#include <set>

#include "orchestrator/core/compile.h"
#include "tests/simulation/kinds.h"
#include "tests/simulation/zones.h"

namespace sitewide::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Count random_count(Dice& dice, std::uint32_t most) {
  if (dice.half()) return {dice.below(most + 1), false};
  return {dice.below(60), true};
}

void random_policies(Dice& dice, Group& group) {
  group.in_flight = dice.between(1, 6);
  group.tolerate_failed = random_count(dice, 2);
  group.tolerate_late = random_count(dice, 2);
  if (dice.per_mille(200)) group.unproven = Count{dice.between(1, 4), false};
  if (dice.per_mille(400)) group.strict = dice.half();
  group.converge_within = dice.half() ? Duration(hours(8)) : Duration(minutes(dice.between(5, 90)));
  group.converge_poll = minutes(dice.between(1, 10));
  group.before_force = minutes(dice.between(1, 60));
  group.retry_late = minutes(dice.between(1, 30));
  group.give_up_late = minutes(dice.between(10, 300));
  if (dice.per_mille(300)) group.lost_after = Duration(minutes(dice.between(5, 60)));
  group.attempts = dice.between(1, 3);
  group.backoff = seconds(dice.between(1, 60));
  group.backoff_max = minutes(dice.between(1, 5));
  group.inspect_timeout = minutes(dice.between(1, 5));
  group.trigger_timeout = minutes(dice.between(1, 10));
  group.command_timeout = minutes(dice.between(1, 30));
  group.restore_failed = dice.per_mille(700);
  constexpr Scope kScopes[] = {Scope::none, Scope::wave, Scope::group, Scope::rollout};
  group.on_breach = kScopes[dice.below(4)];
  group.rollback_in_flight = dice.between(1, 4);
  group.rollback_within = minutes(dice.between(20, 200));
  if (dice.per_mille(200)) group.restart = {false, {"restart"}, minutes(5)};
  if (dice.per_mille(200)) group.health.kind = Health::Kind::command;
  group.health.within = minutes(dice.between(5, 60));
}

Gate random_gate(Dice& dice) {
  Gate gate;
  if (dice.half()) {
    gate.soak = minutes(dice.between(1, 30));
  } else {
    gate.kind = Gate::Kind::approval;
    gate.approval = dice.half() ? "board" : "owner";
  }
  return gate;
}

Gate asking_gate(Dice& dice) {
  Gate gate;
  gate.kind = static_cast<Gate::Kind>(static_cast<unsigned>(Gate::Kind::check) + dice.below(3));
  gate.inquiry.policy.attempts = dice.between(1, 3);
  gate.inquiry.policy.backoff = seconds(dice.between(1, 60));
  gate.inquiry.policy.timeout = minutes(dice.between(1, 5));
  return gate;
}

void add_asking_gates(Dice& dice, Group& group) {
  for (std::vector<Gate>* gates : {&group.before, &group.after_wave}) {
    while (dice.per_mille(300)) {
      const auto place = dice.below(static_cast<std::uint32_t>(gates->size()) + 1);
      gates->insert(gates->begin() + place, asking_gate(dice));
    }
  }
}

void random_gates(Dice& dice, Group& group) {
  while (dice.per_mille(200)) group.before.push_back(random_gate(dice));
  while (dice.per_mille(200)) group.after_wave.push_back(random_gate(dice));
  if (!dice.per_mille(150)) return;
  Window window;
  for (bool& day : window.days) day = dice.per_mille(700);
  window.days[dice.below(7)] = true;
  window.start = hours(dice.below(24));
  window.length = hours(dice.between(1, 30));
  window.needs = minutes(dice.below(50));
  group.windows.push_back(window);
}

void random_command(Dice& dice, Group& group) {
  group.command.upgrade = {"upgrade"};
  if (dice.half()) group.command.inspect = {"inspect"};
  if (dice.half()) group.command.back_up = {"back_up"};
  if (dice.half()) group.command.verify = {"verify"};
  if (dice.half()) group.command.restore = {"restore"};
  group.command.repeatable = dice.half();
}

Group random_group(Dice& dice, std::uint32_t index, std::uint32_t sms_share) {
  Group group;
  group.name = std::string(1, static_cast<char>('a' + index));
  group.select = "ring=" + group.name;
  group.transport = "shop";
  group.method = Method::command;
  if (dice.per_mille(sms_share)) {
    group.method = dice.per_mille(600) ? Method::upgrade_bat : Method::site_wide;
  }
  for (std::uint32_t earlier = 0; earlier < index; ++earlier) {
    const bool must = group.method != Method::command;  // forces reach all groups of their site
    if (must || dice.per_mille(400))
      group.after.push_back(std::string(1, static_cast<char>('a' + earlier)));
  }
  random_policies(dice, group);
  random_gates(dice, group);
  if (group.method == Method::command) random_command(dice, group);
  if (group.method == Method::site_wide) {
    group.reaches_site = true;
    group.force_over_failed = dice.half();
    group.force_over_restored = dice.half();
    group.force_over_skipped = dice.half();
  } else {
    while (dice.per_mille(500)) group.waves.push_back({dice.between(1, 4), false});
    if (dice.half()) group.waves.push_back({dice.between(20, 100), true});
  }
  return group;
}

// A force must not reach clients of a command group, so those have no site.
ClientTable random_clients(Dice& dice, const std::vector<Group>& plan, std::uint32_t sites) {
  const auto groups = static_cast<std::uint32_t>(plan.size());
  ClientTable clients;
  const auto site = clients.column("site");
  const auto ring = clients.column("ring");
  const std::uint32_t count = groups + dice.below(dice.per_mille(100) ? 40 : 12);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t client = clients.add("pc" + std::to_string(i), "");
    const char* of_site = dice.below(sites) == 0 ? "HQ" : "PLANT";
    const std::uint32_t group = i < groups ? i : dice.below(groups + (dice.per_mille(100) ? 1 : 0));
    const bool command = group < groups && plan[group].method == Method::command;
    clients.set(client, site, command ? "" : of_site);
    clients.set(client, ring, std::string(1, static_cast<char>('a' + group)));
  }
  return clients;
}

// A third of the plans have something that the clock decides. Drawn apart, so that the others stay
// what they were.
void random_timing(Dice dice, Plan& plan, ClientTable& clients) {
  if (!dice.per_mille(350)) return;
  const auto tz = clients.column("tz");
  for (std::uint32_t c = 0; c < clients.size(); ++c)
    clients.set(c, tz, test_zones()[dice.below(3)].name);
  if (dice.half()) {
    plan.limits.rate = {dice.between(1, 3), minutes(1)};
    plan.limits.ramp = Ramp{minutes(dice.between(1, 8)), {dice.between(5, 12), minutes(1)}};
  }
  for (Group& group : plan.groups) {
    const bool proves = group.method != Method::command || !group.command.verify.empty() ||
                        !group.command.inspect.empty();
    if (proves && dice.half()) {
      group.recheck = minutes(dice.between(5, 600));
      group.recheck_within = minutes(dice.between(35, 300));
    }
    if (group.method == Method::site_wide || !dice.per_mille(400)) continue;
    group.windows.clear();
    for (std::uint32_t i = 0; i < dice.between(1, 3); ++i) {
      Window& window = group.windows.emplace_back();
      window.days.fill(true);
      window.start = minutes(30 * dice.below(48));
      window.length = hours(dice.between(1, 6));
      window.needs = minutes(dice.below(50));
      if (i == 0 || dice.half()) window.zone_label = "tz";
    }
  }
}

bool is_sms(const Group& group) { return group.method != Method::command; }

std::set<std::string> sites_of(const Group& group, const ClientTable& clients) {
  std::set<std::string> sites;
  for (std::uint32_t c = 0; c < clients.size(); ++c) {
    if ("ring=" + std::string(clients.label(c, "ring")) == group.select)
      sites.emplace(clients.label(c, "site"));
  }
  return sites;
}

// SMS groups side by side. A force is ordered only against those of its own sites.
void set_abreast(Dice& dice, Plan& plan, const ClientTable& clients) {
  for (Group& later : plan.groups) {
    for (const Group& earlier : plan.groups) {
      if (&earlier == &later) break;
      const bool forces = later.method == Method::site_wide || earlier.method == Method::site_wide;
      const std::set<std::string> of_later = sites_of(later, clients);
      const std::set<std::string> of_earlier = sites_of(earlier, clients);
      const bool meet = std::any_of(of_later.begin(), of_later.end(),
                                    [&](const auto& site) { return of_earlier.contains(site); });
      if (!is_sms(later) || !is_sms(earlier) || (forces && meet) || dice.per_mille(300)) continue;
      std::erase(later.after, earlier.name);
    }
  }
}

// Programs that run elsewhere than here, and mostly without a record.
void add_transport(Dice& dice, Plan& plan) {
  Transport far = plan.transports.front();
  far.name = "far";
  far.type = "exec";
  if (dice.per_mille(300)) far.records = "records";
  plan.transports.push_back(std::move(far));
  for (Group& group : plan.groups) {
    if (dice.per_mille(700)) group.transport = "far";
  }
}

// Files that sites do not have before; files for one platform; the first is everybody's and known.
void vary_files(Dice& dice, Plan& plan, ClientTable& clients) {
  const bool to_clients = !plan.hotfix.parts.map.empty();
  const bool platforms = dice.per_mille(400);
  for (std::size_t i = 1; i < plan.hotfix.files.size(); ++i) {
    PlannedFile& file = plan.hotfix.files[i];
    if (platforms && dice.half()) file.platform = dice.half() ? "x86" : "alpha";
    if (!dice.half()) continue;
    file.name = std::string(kFresh) + file.name;
    if (!to_clients) file.on_client.clear();  // no copy list names it
  }
  if (!platforms) return;
  const auto platform = clients.column("platform");
  for (std::uint32_t c = 0; c < clients.size(); ++c)
    clients.set(c, platform, dice.half() ? "x86" : "alpha");
}

void vary_sites(Dice& dice, Plan& plan) {
  for (Site& site : plan.sites) {
    site.attempts = dice.between(1, 4);
    site.backoff = seconds(dice.between(1, 60));
    site.backoff_max = minutes(dice.between(1, 5));
  }
}

// Where no force comes, clients of a command group may lie as well.
void place_command_clients(Dice& dice, const Plan& plan, ClientTable& clients) {
  const auto site = clients.column("site");
  std::set<std::string> forced;
  for (const Group& group : plan.groups) {
    if (group.method == Method::site_wide) forced.merge(sites_of(group, clients));
  }
  for (std::uint32_t c = 0; c < clients.size(); ++c) {
    const std::string& at =
        plan.sites[dice.below(static_cast<std::uint32_t>(plan.sites.size()))].name;
    if (clients.label(c, "site").empty() && !forced.contains(at)) clients.set(c, site, at);
  }
}

void zone_windows(Dice& dice, Plan& plan) {
  for (Group& group : plan.groups) {
    for (Window& window : group.windows) {
      if (window.zone_label.empty() && dice.half()) window.zone = test_zones()[dice.below(3)].name;
    }
  }
}

// What the first generator never gave, for half of the plans. Drawn apart: the others stay what
// they were.
void vary(Dice dice, Plan& plan, ClientTable& clients) {
  if (!dice.half()) return;
  plan.name = kVarious;
  const auto has = [&](Method method) {
    return std::any_of(plan.groups.begin(), plan.groups.end(),
                       [&](const Group& group) { return group.method == method; });
  };
  // An edit of System.map is a force, so it takes no waves of Upgrade.bat.
  if (has(Method::site_wide) && !has(Method::upgrade_bat) && dice.half())
    plan.hotfix.parts.map.emplace_back().kind = MapEdit::Kind::merge;
  if (dice.per_mille(300)) {
    SitePart& part = plan.hotfix.parts.site.emplace_back();
    part.kind = SitePart::Kind::stop_service;
    part.services = {"SMS_EXECUTIVE"};
  }
  if (dice.per_mille(700)) set_abreast(dice, plan, clients);
  if (dice.half()) add_transport(dice, plan);
  if (dice.half()) vary_files(dice, plan, clients);
  if (dice.half()) vary_sites(dice, plan);
  if (dice.half()) place_command_clients(dice, plan, clients);
  zone_windows(dice, plan);
}

}  // namespace

Timestamp simulation_start() { return *parse_timestamp("2026-11-23T21:00:00Z"); }

std::optional<Schedule> random_schedule(Dice& dice) {
  Dice copy = dice;
  const Dice various(copy.next() + 1);
  Plan plan;
  plan.name = "random";
  const std::uint32_t groups = dice.between(1, 4);
  const std::uint32_t sites = dice.between(1, 2);
  for (std::uint32_t s = 0; s < sites; ++s) {
    Site& site = plan.sites.emplace_back();
    site.name = s == 0 ? "HQ" : "PLANT";
    site.replication_within = minutes(dice.between(30, 300));
    site.replication_warn_after = minutes(dice.between(5, 60));
    const std::uint32_t servers = dice.between(1, 3);
    for (std::uint32_t i = 0; i < servers; ++i)
      site.logon_servers.push_back({site.name + std::to_string(i), "share"});
  }
  const std::uint32_t files = dice.between(1, 3);
  for (std::uint32_t i = 0; i < files; ++i) {
    PlannedFile& file = plan.hotfix.files.emplace_back();
    file.name = "file" + std::to_string(i) + ".exe";
    file.on_site = file.on_logon_server = file.on_client = file.name;
  }
  Transport& transport = plan.transports.emplace_back();
  transport.name = "shop";
  transport.type = "local";
  transport.batch = {"cmd"};
  const std::uint32_t sms_share = dice.below(1001);
  for (std::uint32_t g = 0; g < groups; ++g)
    plan.groups.push_back(random_group(dice, g, sms_share));
  plan.limits.in_flight = dice.between(2, 10);
  if (dice.per_mille(150)) plan.limits.rate = {dice.between(1, 10), minutes(1)};
  if (dice.per_mille(100)) plan.limits.rollout_within = Duration(hours(dice.between(2, 48)));
  ClientTable clients = random_clients(dice, plan.groups, sites);
  Dice apart = dice;  // plans without settings stay what they were
  if (apart.per_mille(250)) plan.hotfix.parts.client.emplace_back().key = "SmsrunStartupDelay";
  random_timing(apart, plan, clients);
  if (apart.per_mille(300)) {
    for (Group& group : plan.groups) add_asking_gates(apart, group);
  }
  vary(various, plan, clients);
  CompileOptions options;
  options.zones = offsets_of;
  Compiled compiled = compile(plan, std::move(clients), options);
  for (const Problem& problem : compiled.problems) {
    if (problem.severity == Problem::Severity::error) return std::nullopt;
  }
  return std::move(compiled.schedule);
}

}  // namespace sitewide::simulation
