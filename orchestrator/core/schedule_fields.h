// The fields of a schedule and of everything in it, each listed once with the name it has in text.
// `Ar` is called with each field: see Save and Load in schedule_codec.cpp, which alone include
// this.
#pragma once

#include "orchestrator/core/schedule.h"

namespace sitewide {

template <class Ar>
void describe(Ar& ar, Count& v) {
  ar("value", v.value);
  ar("percent", v.percent);
}
template <class Ar>
void describe(Ar& ar, PlannedFile& v) {
  ar("name", v.name);
  ar("platform", v.platform);
  ar("source", v.source);
  ar("digest", v.digest);
  ar("size", v.size);
  ar("date", v.date);
  ar("language", v.language);
  ar("os", v.os);
  ar("on_site", v.on_site);
  ar("on_logon_server", v.on_logon_server);
  ar("on_client", v.on_client);
}
template <class Ar>
void describe(Ar& ar, RunPart& v) {
  ar("what", v.what);
  ar("run", v.run);
  ar("probe", v.probe);
  ar("undo", v.undo);
  ar("within", v.within);
}
template <class Ar>
void describe(Ar& ar, SitePart& v) {
  ar("kind", v.kind);
  ar("services", v.services);
  ar("path", v.path);
  ar("to", v.to);
  ar("run", v.run);
}
template <class Ar>
void describe(Ar& ar, MapEdit& v) {
  ar("kind", v.kind);
  ar("entry", v.entry);
  ar("as", v.as);
  ar("size", v.size);
  ar("list", v.list);
  ar("directory", v.directory);
  ar("platform", v.platform);
  ar("language", v.language);
  ar("fragment", v.fragment);
  ar("fragment_text", v.fragment_text);
}
template <class Ar>
void describe(Ar& ar, ClientPart& v) {
  ar("kind", v.kind);
  ar("section", v.section);
  ar("key", v.key);
  ar("name", v.name);
  ar("value", v.value);
  ar("type", v.type);
  ar("run", v.run);
}
template <class Ar>
void describe(Ar& ar, Parts& v) {
  ar("site", v.site);
  ar("map", v.map);
  ar("client", v.client);
}
template <class Ar>
void describe(Ar& ar, Services& v) {
  ar("query", v.query);
  ar("stop", v.stop);
  ar("start", v.start);
  ar("within", v.within);
}
template <class Ar>
void describe(Ar& ar, SiteReset& v) {
  ar("run", v.run);
  ar("probe", v.probe);
  ar("within", v.within);
}
template <class Ar>
void describe(Ar& ar, Registry& v) {
  ar("query", v.query);
  ar("set", v.set);
  ar("delete", v.remove);
}
template <class Ar>
void describe(Ar& ar, Hotfix& v) {
  ar("id", v.id);
  ar("catalogue", v.catalogue);
  ar("files", v.files);
  ar("allow_downgrade", v.allow_downgrade);
  ar("parts", v.parts);
}
template <class Ar>
void describe(Ar& ar, LogonServer& v) {
  ar("name", v.name);
  ar("share", v.share);
}
template <class Ar>
void describe(Ar& ar, SecretText& v) {
  ar("text", v.text);
  ar("env", v.env);
  ar("file", v.file);
  ar("prefix", v.prefix);
}
template <class Ar>
void describe(Ar& ar, SmbLogin& v) {
  ar("user", v.user);
  ar("domain", v.domain);
  ar("password", v.password);
  ar("kerberos", v.kerberos);
  ar("encrypt", v.encrypt);
}
template <class Ar>
void describe(Ar& ar, Site& v) {
  ar("name", v.name);
  ar("root", v.root);
  ar("logon_servers", v.logon_servers);
  ar("poll", v.replication_poll);
  ar("within", v.replication_within);
  ar("warn_after", v.replication_warn_after);
  ar("attempts", v.attempts);
  ar("backoff", v.backoff);
  ar("backoff_max", v.backoff_max);
  ar("labels", v.labels);
  ar("services", v.services);
  ar("site_reset", v.reset);
  ar("smb", v.smb);
}
template <class Ar>
void describe(Ar& ar, SshAccess& v) {
  ar("shell", v.shell);
  ar("host", v.host);
  ar("port", v.port);
  ar("user", v.user);
  ar("identity", v.identity);
  ar("password", v.password);
  ar("config", v.config);
  ar("known_hosts", v.known_hosts);
  ar("accept_new", v.accept_new);
  ar("connect_within", v.connect_within);
  ar("keepalive", v.keepalive);
  ar("by_openssh", v.by_openssh);
}
template <class Ar>
void describe(Ar& ar, Transport& v) {
  ar("name", v.name);
  ar("type", v.type);
  ar("root", v.root);
  ar("batch", v.batch);
  ar("run", v.run);
  ar("read", v.read);
  ar("write", v.write);
  ar("digest", v.digest);
  ar("unreachable_exit", v.unreachable_exit);
  ar("records", v.records);
  ar("registry", v.registry);
  if (v.type == "ssh") ar("ssh", v.ssh);
  ar("files", v.files);
  ar("share", v.share);
  ar("smb", v.smb);
}
template <class Ar>
void describe(Ar& ar, PlannedHeader& v) {
  ar("name", v.name);
  ar("value", v.value);
}
template <class Ar>
void describe(Ar& ar, StepPolicy& v) {
  ar("attempts", v.attempts);
  ar("timeout", v.timeout);
  ar("backoff", v.backoff);
  ar("backoff_max", v.backoff_max);
}
template <class Ar>
void describe(Ar& ar, Inquiry& v) {
  ar("policy", v.policy);
  ar("run", v.run);
  ar("pass", v.pass);
  ar("inconclusive", v.inconclusive);
  ar("url", v.url);
  ar("body", v.body);
  ar("headers", v.headers);
  ar("ca_file", v.ca_file);
  ar("query", v.query);
  ar("at_least", v.at_least);
  ar("at_most", v.at_most);
  ar("empty_fails", v.empty_fails);
}
template <class Ar>
void describe(Ar& ar, Gate& v) {
  ar("kind", v.kind);
  ar("soak", v.soak);
  ar("approval", v.approval);
  if (v.asks()) ar("inquiry", v.inquiry);
}
template <class Ar>
void describe(Ar& ar, Window& v) {
  ar("days", v.days);
  ar("start", v.start);
  ar("for", v.length);
  ar("zone", v.zone);
  ar("zone_label", v.zone_label);
  ar("needs", v.needs);
}
template <class Ar>
void describe(Ar& ar, ZoneOffset& v) {
  ar("from", v.from);
  ar("offset", v.offset);
}
template <class Ar>
void describe(Ar& ar, ScheduledWindow& v) {
  ar("window", v.window);
  ar("offsets", v.offsets);
}
template <class Ar>
void describe(Ar& ar, Zone& v) {
  ar("name", v.name);
  ar("offsets", v.offsets);
}
template <class Ar>
void describe(Ar& ar, Health& v) {
  ar("kind", v.kind);
  ar("command", v.command);
  ar("within", v.within);
  ar("poll", v.poll);
}
template <class Ar>
void describe(Ar& ar, Restart& v) {
  ar("by_user", v.by_user);
  ar("run", v.run);
  ar("wait", v.wait);
}
template <class Ar>
void describe(Ar& ar, CommandSteps& v) {
  ar("inspect", v.inspect);
  ar("back_up", v.back_up);
  ar("upgrade", v.upgrade);
  ar("verify", v.verify);
  ar("restore", v.restore);
  ar("repeatable", v.repeatable);
}
template <class Ar>
void describe(Ar& ar, Group& v) {
  ar("name", v.name);
  ar("description", v.description);
  ar("select", v.select);
  ar("method", v.method);
  ar("transport", v.transport);
  ar("restart", v.restart);
  ar("waves", v.waves);
  ar("in_flight", v.in_flight);
  ar("unproven", v.unproven);
  ar("strict", v.strict);
  ar("tolerate_failed", v.tolerate_failed);
  ar("tolerate_late", v.tolerate_late);
  ar("reaches_site", v.reaches_site);
  ar("force_over_failed", v.force_over_failed);
  ar("force_over_restored", v.force_over_restored);
  ar("force_over_skipped", v.force_over_skipped);
  ar("converge_within", v.converge_within);
  ar("converge_poll", v.converge_poll);
  ar("before_force", v.before_force);
  ar("retry_late", v.retry_late);
  ar("give_up_late", v.give_up_late);
  ar("lost_after", v.lost_after);
  ar("attempts", v.attempts);
  ar("backoff", v.backoff);
  ar("backoff_max", v.backoff_max);
  ar("inspect_timeout", v.inspect_timeout);
  ar("trigger_timeout", v.trigger_timeout);
  ar("command_timeout", v.command_timeout);
  ar("health", v.health);
  ar("command", v.command);
  ar("before", v.before);
  ar("after_wave", v.after_wave);
  ar("recheck", v.recheck);
  ar("recheck_within", v.recheck_within);
  ar("restore_failed", v.restore_failed);
  ar("on_breach", v.on_breach);
  ar("rollback_in_flight", v.rollback_in_flight);
  ar("rollback_within", v.rollback_within);
  ar("defaulted", v.defaulted);
}
template <class Ar>
void describe(Ar& ar, Range& v) {
  ar("begin", v.begin);
  ar("end", v.end);
}
template <class Ar>
void describe(Ar& ar, ScheduledGroup& v) {
  ar("plan", v.plan);
  ar("clients", v.clients);
  ar("waves", v.waves);
  ar("after", v.after);
  ar("failed", v.tolerate_failed);
  ar("late", v.tolerate_late);
  ar("unproven", v.unproven);
  ar("strict_first", v.strict_first);
  ar("strict_later", v.strict_later);
  ar("windows", v.windows);
  ar("transport", v.transport);
}
template <class Ar>
void describe(Ar& ar, ScheduledSite& v) {
  ar("plan", v.plan);
}
template <class Ar>
void describe(Ar& ar, Lane& v) {
  ar("group", v.group);
  ar("site", v.site);
  ar("adopted_by", v.adopted_by);
  ar("clients", v.clients);
  ar("zone", v.zone);
}
template <class Ar>
void describe(Ar& ar, Rate& v) {
  ar("count", v.count);
  ar("per", v.per);
}
template <class Ar>
void describe(Ar& ar, Ramp& v) {
  ar("double_every", v.double_every);
  ar("to", v.to);
}
template <class Ar>
void describe(Ar& ar, Limits& v) {
  ar("in_flight", v.in_flight);
  ar("rate", v.rate);
  ar("ramp", v.ramp);
  ar("rollout_within", v.rollout_within);
}
template <class Ar>
void describe(Ar& ar, Webhook& v) {
  ar("url", v.url);
  ar("headers", v.headers);
  ar("ca_file", v.ca_file);
}
template <class Ar>
void describe(Ar& ar, Email& v) {
  ar("to", v.to);
  ar("from", v.from);
  ar("sendmail", v.sendmail);
}
template <class Ar>
void describe(Ar& ar, NotifyTarget& v) {
  ar("kind", v.kind);
  ar("webhook", v.webhook);
  ar("command", v.command);
  ar("email", v.email);
  ar("timeout", v.timeout);
  ar("on", v.on);
}
template <class Ar>
void describe(Ar& ar, Schedule& v) {
  ar("name", v.name);
  ar("description", v.description);
  ar("hotfix", v.hotfix);
  ar("transports", v.transports);
  ar("sites", v.sites);
  ar("groups", v.groups);
  ar("zones", v.zones);
  ar("lanes", v.lanes);
  ar("limits", v.limits);
  ar("notify", v.notify);
  ar("plan_path", v.plan_path);
  ar("plan_digest", v.plan_digest);
}

}  // namespace sitewide
