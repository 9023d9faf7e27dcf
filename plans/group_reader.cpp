#include "orchestrator/base/text.h"
#include "orchestrator/core/selector.h"
#include "plans/placeholders.h"
#include "plans/readers.h"

namespace sitewide {
namespace {

/// Takes values and remembers which defaults were used instead.
class Filler {
 public:
  Filler(const Values& values, Group& group, std::string prefix = {})
      : values_(values), group_(group), prefix_(std::move(prefix)) {}

  void duration(std::string_view key, Duration& target) {
    note(key, assign(target, values_.duration(key)));
  }
  void number(std::string_view key, std::uint32_t& target) {
    note(key, assign(target, values_.number(key)));
  }
  void count(std::string_view key, Count& target) { note(key, assign(target, values_.count(key))); }
  void note(std::string_view key, bool given) {
    if (!given) group_.defaulted.push_back(prefix_ + std::string(key));
  }

 private:
  Values values_;
  Group& group_;
  std::string prefix_;
};

void read_selector(const Values& values, Group& group, Reading& reading) {
  assign(group.select, values.text("select"));
  group.select_place = values.place("select");
  const Node* node = values.find("select");
  if (node == nullptr || !node->is_scalar() || group.select.empty()) return;
  const Selector selector = parse_selector(group.select);
  if (!selector.error) return;
  Place place = node->place;
  // Where the text stands as it is read, the fault itself can be shown.
  const std::uint32_t quote = node->quoted ? 1 : 0;
  if (place.length == group.select.size() + 2 * quote) {
    place.column += quote + selector.error->column - 1;
    place.length = selector.error->length;
  }
  reading.error(place, selector.error->message,
                "selectors look like: site=HQ, ring in (canary, pilot), os!=dos, !laptop");
}

void read_restart(const Values& values, Group& group, Reading& reading) {
  const Values restart = values.section("restart");
  if (restart.has("run")) {
    group.restart.by_user = false;
    group.restart.run = restart.argv("run");
    assign(group.restart.wait, restart.duration("wait"));
    check_argv(restart.list("run"), PlaceholderUse::step, reading);
  }
}

void read_health(const Values& values, Group& group, Reading& reading) {
  if (!values.has("health")) return;
  const Values health = values.section("health");
  Filler fill(health, group, "health.");
  if (health.has("command")) {
    group.health.kind = Health::Kind::command;
    group.health.command = health.argv("command");
    check_argv(health.list("command"), PlaceholderUse::health, reading);
  } else if (health.flag("pcm_log").value_or(false)) {
    group.health.kind = Health::Kind::pcm_log;
  }
  fill.duration("within", group.health.within);
  fill.duration("poll", group.health.poll);
  if (group.health.poll >= group.health.within) {
    reading.error(health.place("poll"), "`poll` is not shorter than `within`",
                  "health within " + format_duration(group.health.within));
  }
}

void read_command(const Values& values, Group& group, Reading& reading) {
  const Values command = values.section("command");
  const std::pair<std::string_view, Argv&> programs[] = {{"inspect", group.command.inspect},
                                                         {"back_up", group.command.back_up},
                                                         {"upgrade", group.command.upgrade},
                                                         {"verify", group.command.verify},
                                                         {"restore", group.command.restore}};
  for (const auto& [key, argv] : programs) {
    argv = command.argv(key);
    check_argv(command.list(key), PlaceholderUse::step, reading);
  }
  assign(group.command.repeatable, command.flag("repeatable"));
}

void read_waves(const Values& values, Group& group, Reading& reading) {
  for (const Text& text : values.list("waves")) {
    const auto wave = parse_wave(text.value);
    if (!wave) continue;
    const bool is_rest = text.value == "rest";
    if (!group.waves.empty() && group.waves.back().percent && group.waves.back().value == 100) {
      reading.error(text.place, "nothing is left for this wave",
                    "the wave before it takes the rest");
    }
    if (wave->percent && wave->value == 100 && !is_rest && !group.waves.empty()) {
      reading.warning(text.place, "100% of the group is what is left of it here", "write `rest`");
    }
    group.waves.push_back(*wave);
    group.wave_places.push_back(text.place);
  }
}

Duration default_convergence(Method method) {
  return method == Method::site_wide ? std::chrono::hours(5 * 24) : std::chrono::hours(8);
}

void read_proof(const Values& values, Group& group) {
  if (group.method == Method::command) return;
  const Values converge = values.section("converge");
  Filler fill(converge, group, "converge.");
  group.converge_within = default_convergence(group.method);
  fill.duration("within", group.converge_within);
  fill.duration("poll", group.converge_poll);
  if (group.method == Method::site_wide) {
    Filler(values, group).duration("before_force", group.before_force);
  }
  Filler(values, group).note("restart", values.has("restart"));
}

void read_pace(const Values& values, Group& group) {
  Filler fill(values, group);
  fill.number("in_flight", group.in_flight);
  if (group.method != Method::site_wide) {
    group.unproven = values.count("unproven");
    fill.note("unproven", group.unproven.has_value());
    group.strict = values.flag("strict");
    fill.note("strict", group.strict.has_value());
  }
  const Values tolerate = values.section("tolerate");
  Filler budget(tolerate, group, "tolerate.");
  budget.count("failed", group.tolerate_failed);
  budget.count("late", group.tolerate_late);
}

void read_attempts(const Values& values, Group& group) {
  Filler fill(values, group);
  fill.number("attempts", group.attempts);
  fill.duration("backoff", group.backoff);
  // A longer first pause raises the longest one, unless the plan names that too.
  if (!assign(group.backoff_max, values.duration("backoff_max"))) {
    group.backoff_max = std::max(group.backoff_max, group.backoff);
    fill.note("backoff_max", false);
  }
  const Values timeouts = values.section("timeouts");
  Filler timeout(timeouts, group, "timeouts.");
  timeout.duration("inspect", group.inspect_timeout);
  if (group.method == Method::command) {
    timeout.duration("command", group.command_timeout);
  } else {
    timeout.duration("trigger", group.trigger_timeout);
  }
}

void read_absence(const Values& values, Group& group) {
  Filler fill(values, group);
  fill.duration("retry_late", group.retry_late);
  fill.duration("give_up_late", group.give_up_late);
  group.lost_after = values.duration("lost_after");
  fill.note("lost_after", group.lost_after.has_value());
}

void read_breach(const Values& values, Group& group) {
  Filler fill(values, group);
  const auto on_failure = values.text("on_failure");
  group.restore_failed = on_failure.value_or("restore") != "leave";
  fill.note("on_failure", on_failure.has_value());
  const auto scope = values.section("on_breach").text("rollback");
  fill.note("on_breach", scope.has_value());
  if (scope == "none") group.on_breach = Scope::none;
  if (scope == "wave") group.on_breach = Scope::wave;
  if (scope == "rollout") group.on_breach = Scope::rollout;
  const Values rollback = values.section("rollback");
  Filler undo(rollback, group, "rollback.");
  undo.number("in_flight", group.rollback_in_flight);
  undo.duration("within", group.rollback_within);
}

void read_recheck(const Values& values, Group& group, Reading& reading) {
  if (!values.has("recheck")) return;
  const Values recheck = values.section("recheck");
  if (!assign(group.recheck, values.duration("recheck")))
    assign(group.recheck, recheck.duration("after"));
  Filler(recheck, group, "recheck.").duration("within", group.recheck_within);
  const CommandSteps& command = group.command;
  if (group.method == Method::command && command.verify.empty() && command.inspect.empty()) {
    reading.error(values.place("recheck"), "nothing tells whether a client is still on target",
                  "give `command` a `verify` or an `inspect`");
  }
  if (group.retry_late >= group.recheck_within) {
    reading.error(recheck.has("within") ? recheck.place("within") : values.place("recheck"),
                  "a client that is off would be looked at once: `retry_late` (" +
                      format_duration(group.retry_late) + ") is not shorter than `within`",
                  "clients that are off are tried again every `retry_late`");
  }
}

void read_force(const Values& values, Group& group) {
  group.reaches_site = values.text("reaches") == "site";
  for (const Text& state : values.list("force_over")) {
    if (state.value == "failed") group.force_over_failed = true;
    if (state.value == "restored") group.force_over_restored = true;
    if (state.value == "skipped") group.force_over_skipped = true;
  }
}

}  // namespace

Group read_group(const Values& values, Reading& reading) {
  Group group;
  assign(group.name, values.text("name"));
  group.place = values.place("name");
  assign(group.description, values.text("description"));
  for (const Text& name : values.list("after")) {
    group.after.push_back(name.value);
    group.after_places.push_back(name.place);
  }
  if (const auto method = values.text("method")) {
    group.method = word_from<Method>(*method).value_or(Method::upgrade_bat);
  }
  assign(group.transport, values.text("transport"));
  read_selector(values, group, reading);
  if (group.method != Method::command) read_restart(values, group, reading);
  if (group.method != Method::site_wide) read_waves(values, group, reading);
  read_proof(values, group);
  read_pace(values, group);
  read_health(values, group, reading);
  read_command(values, group, reading);
  read_attempts(values, group);
  read_absence(values, group);
  read_breach(values, group);
  read_force(values, group);
  group.before = read_gates(values.items("before"), reading);
  group.after_wave = read_gates(values.items("after_wave"), reading);
  read_windows(values, group.windows, reading);
  read_recheck(values, group, reading);
  return group;
}

}  // namespace sitewide
