#include "orchestrator/core/procedures.h"

namespace sitewide {
namespace {

PlannedStep action(Step step, const Group& plan, Duration timeout) {
  PlannedStep planned;
  planned.step = step;
  planned.policy = {plan.attempts, timeout, plan.backoff, plan.backoff_max};
  return planned;
}

// A watch is one attempt: it ends when its time is over.
PlannedStep watch(Step step, const Group& plan, Duration within, Duration poll) {
  PlannedStep planned = action(step, plan, within);
  planned.policy.attempts = 1;
  planned.poll = poll;
  return planned;
}

/// All that the client's programs may take, and the reading and writing besides.
Duration configure_timeout(const Group& plan, const Parts& parts) {
  Duration timeout = plan.inspect_timeout;
  for (const ClientPart& part : parts.client) {
    if (part.kind == ClientPart::Kind::run) timeout += part.run.within;
  }
  return timeout;
}

/// Going back runs what `undo` names.
Duration restore_timeout(const Group& plan, const Parts& parts) {
  Duration timeout = plan.inspect_timeout;
  for (const ClientPart& part : parts.client) {
    if (!part.run.undo.empty()) timeout += part.run.within;
  }
  return timeout;
}

/// What one attempt of a site may take besides the files: each service may be stopped, started, and
/// started once more on the way out.
Duration parts_timeout(const Site& site, const Parts& parts) {
  Duration timeout{};
  for (const SitePart& part : parts.site) {
    timeout += static_cast<std::int64_t>(part.services.size()) * 2 * site.services.within;
    if (part.kind == SitePart::Kind::site_reset) timeout += site.reset.within;
    if (part.kind == SitePart::Kind::run) timeout += part.run.within;
  }
  return timeout;
}

void add_sms_steps(ScheduledGroup& group, const Parts& parts) {
  const Group& plan = group.plan;
  group.steps.push_back(action(Step::inspect, plan, plan.inspect_timeout));
  group.steps.push_back(action(Step::back_up, plan, plan.inspect_timeout));
  if (plan.method == Method::upgrade_bat)
    group.steps.push_back(action(Step::trigger, plan, plan.trigger_timeout));
  if (!plan.restart.by_user)
    group.steps.push_back(action(Step::restart, plan, plan.trigger_timeout));
  group.steps.push_back(watch(Step::converge, plan, plan.converge_within, plan.converge_poll));
  if (!parts.client.empty())
    group.steps.push_back(action(Step::configure, plan, configure_timeout(plan, parts)));
  group.restore = action(Step::restore, plan, restore_timeout(plan, parts));
  group.converge_originals =
      watch(Step::converge_originals, plan, plan.rollback_within, plan.converge_poll);
}

void add_command_steps(ScheduledGroup& group) {
  const Group& plan = group.plan;
  const auto add = [&](Step step, const Argv& argv, Duration timeout) {
    if (!argv.empty()) group.steps.push_back(action(step, plan, timeout));
  };
  add(Step::inspect, plan.command.inspect, plan.inspect_timeout);
  add(Step::back_up, plan.command.back_up, plan.inspect_timeout);
  add(Step::upgrade, plan.command.upgrade, plan.command_timeout);
  if (!group.steps.empty()) group.steps.back().repeatable = plan.command.repeatable;
  if (!plan.restart.by_user)
    group.steps.push_back(action(Step::restart, plan, plan.command_timeout));
  add(Step::verify, plan.command.verify, plan.inspect_timeout);
  group.restore = action(Step::restore, plan, plan.inspect_timeout);
  if (plan.command.restore.empty()) group.restore.policy.attempts = 0;
}

}  // namespace

void add_client_procedure(ScheduledGroup& group, const Parts& parts) {
  Group& plan = group.plan;
  using std::chrono::hours;
  if (plan.converge_within.count() == 0)
    plan.converge_within = plan.method == Method::site_wide ? hours(5 * 24) : hours(8);
  if (plan.method == Method::command) {
    add_command_steps(group);
  } else {
    add_sms_steps(group, parts);
  }
  if (plan.recheck.count() > 0)
    group.recheck = watch(Step::recheck, plan, plan.recheck_within, plan.retry_late);
  if (plan.health.kind != Health::Kind::none) {
    group.steps.push_back(watch(Step::health, plan, plan.health.within, plan.health.poll));
  }
}

void add_site_procedure(ScheduledSite& site, const Parts& parts) {
  const Site& plan = site.plan;
  // A site serves several groups, so their `attempts` say nothing about it: it has its own.
  Group own;
  own.attempts = plan.attempts;
  own.backoff = plan.backoff;
  own.backoff_max = plan.backoff_max;
  const Duration quick = std::chrono::minutes(10);
  const Duration long_enough = quick + parts_timeout(plan, parts);
  site.stage = action(Step::stage, own, long_enough);
  site.force = action(Step::force, own, quick);
  site.unstage = action(Step::unstage, own, long_enough);
  site.force_originals = action(Step::force_originals, own, quick);
  const auto wait = [&](Step step) {
    return watch(step, own, plan.replication_within, plan.replication_poll);
  };
  site.replicate = wait(Step::replicate);
  site.regenerate = wait(Step::regenerate);
  site.replicate_originals = wait(Step::replicate_originals);
  site.regenerate_originals = wait(Step::regenerate_originals);
}

}  // namespace sitewide
