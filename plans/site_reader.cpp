#include <algorithm>
#include <map>

#include "orchestrator/base/text.h"
#include "plans/placeholders.h"
#include "plans/readers.h"

namespace sitewide {
namespace {

void check_replication(const Values& replication, const Site& site, Reading& reading) {
  if (site.replication_poll >= site.replication_within) {
    reading.error(replication.place("poll"), "`poll` is not shorter than `within`",
                  "replication within " + format_duration(site.replication_within));
  }
  if (site.replication_warn_after > site.replication_within) {
    reading.error(replication.place("warn_after"), "`warn_after` is longer than `within`",
                  "replication within " + format_duration(site.replication_within));
  }
}

void read_attempts(const Values& values, Site& site, Reading& reading) {
  assign(site.attempts, values.number("attempts"));
  assign(site.backoff, values.duration("backoff"));
  // A longer first pause raises the longest one, unless the plan names that too.
  if (!assign(site.backoff_max, values.duration("backoff_max")))
    site.backoff_max = std::max(site.backoff_max, site.backoff);
  if (site.backoff > site.backoff_max) {
    reading.error(values.place("backoff"), "`backoff` is longer than `backoff_max`",
                  "the first pause is the shortest");
  }
}

Services read_services(const Values& values, Reading& reading) {
  for (const std::string_view key : {"query", "stop", "start"}) {
    check_argv(values.list(key), PlaceholderUse::service, reading);
  }
  Services services{read_program(values, "query", reading), read_program(values, "stop", reading),
                    read_program(values, "start", reading)};
  assign(services.within, values.duration("within"));
  return services;
}

SiteReset read_reset(const Values& values, Reading& reading) {
  for (const std::string_view key : {"run", "probe"}) {
    check_argv(values.list(key), PlaceholderUse::site, reading);
  }
  SiteReset reset{read_program(values, "run", reading), read_program(values, "probe", reading)};
  assign(reset.within, values.duration("within"));
  return reset;
}

void check_smb_use(const Values& values, const Site& site, Reading& reading) {
  if (!values.has("smb") || is_smb_place(site.root)) return;
  for (const LogonServer& server : site.logon_servers) {
    if (is_smb_place(server.share)) return;
  }
  reading.error(values.key_place("smb"), "`smb` of a site whose folders are on this machine",
                "write `root: smb://server/share/folder`, or leave `smb` out");
}

Site read_site(const Entry& entry, Reading& reading) {
  const Values values(&entry.value);
  Site site;
  site.name = entry.key;
  site.place = entry.place;
  site.root = read_place(values.text("root").value_or(""), values.place("root"), reading);
  for (const Entry& server : values.entries("logon_servers")) {
    if (!server.value.is_scalar()) continue;
    const std::string share = read_place(server.value.text, server.value.place, reading);
    site.logon_servers.push_back({server.key, share});
  }
  const Values replication = values.section("replication");
  assign(site.replication_poll, replication.duration("poll"));
  assign(site.replication_within, replication.duration("within"));
  // Without a word about it, the warning comes early enough for whatever the deadline is.
  if (!assign(site.replication_warn_after, replication.duration("warn_after"))) {
    site.replication_warn_after = std::min(site.replication_warn_after, site.replication_within);
  }
  check_replication(replication, site, reading);
  site.smb = read_smb_login(values.section("smb"), reading);
  check_smb_use(values, site, reading);
  read_attempts(values, site, reading);
  site.services = read_services(values.section("services"), reading);
  site.reset = read_reset(values.section("site_reset"), reading);
  site.service_pack = values.number("service_pack");
  if (values.has("fixes")) site.fixes = values.argv("fixes");
  assign(site.language, values.text("language"));
  for (const Entry& label : values.entries("labels")) {
    if (label.value.is_scalar()) site.labels[label.key] = label.value.text;
  }
  return site;
}

/// Two names of one folder would be staged and locked as two sites.
void check_roots(const std::vector<Site>& sites, Reading& reading) {
  std::map<std::string, const Site*> by_root;
  for (const Site& site : sites) {
    if (site.root.empty()) continue;
    const auto smb = parse_smb_place(site.root);
    const bool on_server = is_smb_place(site.root) && smb;
    const auto [first, is_new] = by_root.emplace(on_server ? smb->canonical() : site.root, &site);
    if (is_new) continue;
    reading.problems.push_back(
        {Problem::Severity::error, site.place,
         "site `" + site.name + "` has the same root as site `" + first->second->name + "`",
         "a site is named once; its clients say `site: NAME`", first->second->place,
         "the other one"});
  }
}

}  // namespace

std::vector<Site> read_sites(const std::vector<Entry>& entries, Reading& reading) {
  std::vector<Site> sites;
  for (const Entry& entry : entries) {
    if (entry.value.is_map()) sites.push_back(read_site(entry, reading));
  }
  check_roots(sites, reading);
  return sites;
}

namespace {

/// Triggers in a day: large enough to compare any two rates.
double speed(const Rate& rate) {
  return rate.per.count() == 0 ? 0
                               : 86'400'000.0 * rate.count / static_cast<double>(rate.per.count());
}

void read_ramp(const Values& values, Limits& limits, Reading& reading) {
  if (!values.has("from")) return;
  Ramp ramp;
  limits.rate = parse_rate(values.text("from").value_or("")).value_or(Rate{});
  ramp.to = parse_rate(values.text("to").value_or("")).value_or(Rate{});
  ramp.double_every = values.duration("double_every").value_or(Duration{});
  if (limits.rate.count == 0 || ramp.to.count == 0 || ramp.double_every.count() == 0) return;
  if (speed(limits.rate) >= speed(ramp.to)) {
    reading.error(values.place("to"), "the ramp does not rise: `to` is not faster than `from`",
                  "for a rate that stays, write `rate: " + *values.text("from") + "`");
  }
  limits.ramp = ramp;
}

}  // namespace

Limits read_limits(const Values& values, Reading& reading) {
  Limits limits;
  assign(limits.in_flight, values.number("in_flight"));
  if (const auto rate = values.text("rate")) limits.rate = parse_rate(*rate).value_or(Rate{});
  read_ramp(values.section("rate"), limits, reading);
  limits.rollout_within = values.duration("rollout_within");
  return limits;
}

}  // namespace sitewide
