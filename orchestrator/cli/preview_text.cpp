#include "orchestrator/cli/preview_text.h"

#include "orchestrator/base/text.h"
#include "orchestrator/cli/console.h"
#include "orchestrator/cli/preview_clients.h"
#include "orchestrator/cli/preview_parts.h"
#include "orchestrator/cli/preview_sites.h"
#include "orchestrator/cli/preview_timeline.h"
#include "orchestrator/cli/preview_timing.h"
#include "orchestrator/cli/preview_warnings.h"
#include "orchestrator/cli/what_if_text.h"
#include "orchestrator/core/gate.h"
#include "plans/keys.h"

namespace sitewide {
namespace {

// The default of a key such as `tolerate.failed` as the plan language has it; empty when it is not
// one value.
std::string default_of(std::string_view dotted) {
  const Section* section = &group_section();
  for (;;) {
    const std::size_t dot = dotted.find('.');
    const Key* key = section->find(dotted.substr(0, dot));
    if (key == nullptr) return {};
    if (dot == std::string_view::npos) {
      const std::string_view value = key->fallback;
      return std::string(value.starts_with('"') ? value.substr(1, value.size() - 2) : value);
    }
    if (key->section == nullptr) return {};
    section = key->section;
    dotted.remove_prefix(dot + 1);
  }
}

std::string defaults_in_words(const std::vector<std::string>& keys) {
  std::string text;
  for (const std::string& key : keys) {
    const std::string value = default_of(key);
    if (!value.empty()) text += (text.empty() ? "" : ", ") + key + " " + value;
  }
  return text;
}

// The programs that a group's clients get, as the plan has them.
void add_programs(const Group& plan, std::string& text) {
  const auto add = [&](const char* name, const Argv& argv) {
    if (argv.empty()) return;
    text += "      " + pad(std::string(name) + ":", 10);
    for (const std::string& word : argv) {
      const bool blank = word.empty() || word.find(' ') != std::string::npos;
      text += blank ? " '" + escaped(word, 200) + "'" : " " + escaped(word, 200);
    }
    text += "\n";
  };
  add("inspect", plan.command.inspect);
  add("back_up", plan.command.back_up);
  add("upgrade", plan.command.upgrade);
  add("verify", plan.command.verify);
  add("restore", plan.command.restore);
}

std::string waves_in_words(const ScheduledGroup& group) {
  if (group.waves.empty()) return "no wave of its own";
  std::string text =
      group.waves.size() == 1 ? "1 wave of " : count_of(group.waves.size(), "wave") + ": ";
  for (std::size_t i = 0; i < group.waves.size() && i < 8; ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(group.waves[i].size());
  }
  return group.waves.size() > 8 ? text + " …" : text;
}

std::string gates_in_words(const std::vector<Gate>& gates) {
  std::string text;
  for (const Gate& gate : gates) {
    text += (text.empty() ? "" : ", ") + describe_gate(gate);
  }
  return text;
}

void add_groups(const Schedule& schedule, Timestamp start, std::string& text) {
  text += "Groups\n";
  std::uint32_t index = 0;
  for (const ScheduledGroup& group : schedule.groups) {
    const Group& plan = group.plan;
    text += "  " + pad(escaped(plan.name), 16) + " " + pad(std::string(name_of(plan.method)), 12) +
            " " + pad(count_of(group.clients.size(), "client"), 12) + " " + waves_in_words(group) +
            "\n";
    text +=
        "      " + budget_in_words(group) + "; " + std::to_string(plan.in_flight) + " at a time";
    if (group.strict_first)
      text +=
          "; the first wave never fails by more than " + std::to_string(group.tolerate_failed + 1);
    text += "\n";
    const bool one_step = plan.method == Method::site_wide;
    if (one_step)
      text += "      one force is one wave: until it is proven, the whole site may fail\n";
    if (!plan.after.empty()) text += "      after " + join(plan.after, ", ") + "\n";
    if (!plan.before.empty()) text += "      before it: " + gates_in_words(plan.before) + "\n";
    if (!plan.after_wave.empty())
      text += "      after each wave: " + gates_in_words(plan.after_wave) + "\n";
    text += timing_of_group(schedule, index++, start);
    add_programs(plan, text);
    const std::string defaults = defaults_in_words(plan.defaulted);
    if (!defaults.empty()) text += "      by default: " + defaults + "\n";
  }
  text += "\n";
}

std::string occasions_in_words(const NotifyTarget& target) {
  std::string text;
  for (const Occasion occasion : target.on)
    text += (text.empty() ? "" : ", ") + spoken(name_of(occasion));
  return text;
}

void add_notifications(const Schedule& schedule, std::string& text) {
  if (schedule.notify.empty()) return;
  text += "Tells\n";
  for (const NotifyTarget& target : schedule.notify)
    text += "  " + describe_target(target) + "\n      of " + occasions_in_words(target) + "\n";
  text += "\n";
}

}  // namespace

std::string budget_in_words(const ScheduledGroup& group) {
  const std::string of = " of " + std::to_string(group.clients.size());
  return "tolerates " + std::to_string(group.tolerate_failed) + of + " failed and " +
         std::to_string(group.tolerate_late) + of + " late; the " +
         ordinal(group.tolerate_failed + 1) + " failure halts";
}

std::string preview_text(const PreviewFacts& facts) {
  const Schedule& schedule = facts.plan.compiled.schedule;
  std::string text = "sitewide " SITEWIDE_VERSION ", plan " + escaped(schedule.plan_path) +
                     " (sha256 " + schedule.plan_digest.brief() + "), " +
                     count_of(schedule.clients.size(), "client") + ", " +
                     count_of(schedule.sites.size(), "site") + "\n\n";
  text += writes_in_words(facts);
  text += parts_in_words(facts);
  add_groups(schedule, facts.forecast.start, text);
  text += rate_in_words(schedule.limits);
  text += clients_in_words(facts);
  text += reach_in_words(facts.plan.compiled);
  add_notifications(schedule, text);
  text += timeline_in_words(facts);
  if (facts.what_if != nullptr) text += what_if_in_words(*facts.what_if, schedule.clients.size());
  for (const std::string& warning : warnings_of(facts))
    text += "warning: " + escaped(warning) + "\n";
  return text;
}

}  // namespace sitewide
