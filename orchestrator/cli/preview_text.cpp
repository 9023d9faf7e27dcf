#include "orchestrator/cli/preview_text.h"

#include <algorithm>
#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/console.h"
#include "orchestrator/cli/preview_parts.h"
#include "orchestrator/cli/preview_timing.h"
#include "orchestrator/core/gate.h"
#include "orchestrator/core/summary.h"
#include "orchestrator/views/json_text.h"
#include "plans/keys.h"

namespace sitewide {
namespace {

namespace json = boost::json;

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

void add_files(const PreviewFacts& facts, std::string& text) {
  const Schedule& schedule = facts.plan.compiled.schedule;
  if (facts.probe.writes.empty()) return;
  text += "Writes on the sites\n";
  for (const PlannedWrite& write : facts.probe.writes) {
    const PlannedFile& file = *write.file;
    const std::string now = !write.present ? std::string("new file")
                                           : write.present->digest.brief(8) + " " +
                                                 with_separators(write.present->size);
    const std::string then =
        write.same() ? "already there" : file.digest.brief(8) + " " + with_separators(file.size);
    const std::string date = file.date ? ", " + format_timestamp(*file.date).substr(0, 10) : "";
    text += "  " + std::string(write.same() ? "=" : "~") + " " +
            escaped(schedule.sites[write.site].plan.name) + "  " + escaped(file.on_site) +
            "\n      " + now + " -> " + then + date + "\n";
  }
  text += "\n";
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

void add_blast_radius(const Compiled& compiled, std::string& text) {
  const Schedule& schedule = compiled.schedule;
  for (const BlastRadius& radius : compiled.blast_radius) {
    text += "Reach of the force of " + escaped(schedule.groups[radius.group].plan.name) +
            " on site " + escaped(schedule.sites[radius.site].plan.name) + "\n";
    for (std::size_t i = 0; i < radius.clients.size(); ++i) {
      if (i == 20) {
        text += "  … " + count_of(radius.clients.size() - i, "further client") + "\n";
        break;
      }
      const std::uint32_t c = radius.clients[i];
      const std::uint32_t group = schedule.lanes[schedule.lane_of[c]].group;
      text += "  " + std::string(schedule.clients.name(c)) +
              (group == kNone ? " (in no group)"
                              : " (group " + escaped(schedule.groups[group].plan.name) + ")") +
              "\n";
    }
    text += "  and any client that is not in the inventory, and those of child secondary sites\n\n";
  }
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

void add_timeline(const PreviewFacts& facts, std::string& text) {
  text += "Timeline, if all goes well and things last as assumed\n";
  const auto& moments = facts.forecast.moments;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (moments.size() > 60 && i == 40) {
      const std::size_t left = moments.size() - 60;
      text += "  … " + count_of(left, "further moment") + "\n";
      i += left;
    }
    text += "  " + format_timestamp(std::chrono::floor<std::chrono::seconds>(moments[i].at)) +
            "  " + escaped(moments[i].text) + "\n";
  }
  text += "  " + format_timestamp(std::chrono::floor<std::chrono::seconds>(facts.forecast.end)) +
          "  " + spoken(name_of(facts.forecast.result)) + "\n\n";
}

std::vector<std::string> warnings_of(const PreviewFacts& facts) {
  std::vector<std::string> warnings = facts.probe.warnings;
  const Schedule& schedule = facts.plan.compiled.schedule;
  for (const Problem& problem : facts.plan.problems) {
    if (problem.severity == Problem::Severity::warning) warnings.push_back(problem.message);
  }
  for (const ScheduledGroup& group : schedule.groups) {
    const std::uint32_t size = group.waves.empty() ? 0 : group.waves.front().size();
    if (size > 0 && size < 30 && group.plan.method != Method::site_wide && group.waves.size() > 1) {
      const double rate =
          100.0 * 3.0 / size;  // the rule of three, good enough below 30 when capped
      warnings.push_back("the first wave of " + group.plan.name + " is " + std::to_string(size) +
                         ": that all of it is good proves only a failure rate under " +
                         std::to_string(static_cast<int>(std::min(95.0, size == 3 ? 63.0 : rate))) +
                         "% (95% confidence)");
    }
    if (group.plan.method == Method::command && !group.plan.command.repeatable) {
      const Transport& transport = schedule.transports[group.transport];
      if (transport.type != "local" && transport.records.empty()) {
        warnings.push_back("group " + group.plan.name + ": transport " + transport.name +
                           " keeps no attempt records, so its upgrade may run again after a crash");
      }
    }
  }
  if (!schedule.limits.rollout_within)
    warnings.push_back("no rollout_within: the rollout may last as long as its clients take");
  return warnings;
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
  add_files(facts, text);
  text += parts_in_words(facts);
  add_groups(schedule, facts.forecast.start, text);
  text += rate_in_words(schedule.limits);
  add_blast_radius(facts.plan.compiled, text);
  add_notifications(schedule, text);
  add_timeline(facts, text);
  for (const std::string& warning : warnings_of(facts))
    text += "warning: " + escaped(warning) + "\n";
  return text;
}

std::string preview_json(const PreviewFacts& facts) {
  const Schedule& schedule = facts.plan.compiled.schedule;
  std::string text;
  const auto line = [&](json::object object) {
    object["v"] = 1;
    text += json_text(object) + "\n";
  };
  for (const PlannedWrite& write : facts.probe.writes) {
    json::object object{
        {"type", "preview.write"},     {"site", schedule.sites[write.site].plan.name},
        {"path", write.file->on_site}, {"to", write.file->digest.hex()},
        {"size", write.file->size},    {"same", write.same()}};
    if (write.present) object["from"] = write.present->digest.hex();
    line(std::move(object));
  }
  for (const PlannedMapEdit& edit : facts.probe.map_edits) {
    json::array diff;
    for (const std::string& changed : edit.diff) diff.emplace_back(changed);
    line({{"type", "preview.system_map"},
          {"site", schedule.sites[edit.site].plan.name},
          {"diff", std::move(diff)}});
  }
  for (const ScheduledGroup& group : schedule.groups) {
    json::array waves;
    for (const Range& wave : group.waves) waves.emplace_back(wave.size());
    line({{"type", "preview.group"},
          {"group", group.plan.name},
          {"method", name_of(group.plan.method)},
          {"clients", group.clients.size()},
          {"waves", std::move(waves)},
          {"tolerate_failed", group.tolerate_failed},
          {"tolerate_late", group.tolerate_late}});
  }
  for (const BlastRadius& radius : facts.plan.compiled.blast_radius) {
    json::array clients;
    for (const std::uint32_t c : radius.clients) clients.emplace_back(schedule.clients.name(c));
    line({{"type", "preview.reach"},
          {"group", schedule.groups[radius.group].plan.name},
          {"site", schedule.sites[radius.site].plan.name},
          {"clients", std::move(clients)}});
  }
  for (const NotifyTarget& target : schedule.notify) {
    json::array on;
    for (const Occasion occasion : target.on) on.emplace_back(name_of(occasion));
    line({{"type", "preview.notify"}, {"target", describe_target(target)}, {"on", std::move(on)}});
  }
  for (const ForecastMoment& moment : facts.forecast.moments) {
    line({{"type", "preview.moment"},
          {"ts", format_timestamp(moment.at)},
          {"subject", subject_name(schedule, moment.subject)},
          {"msg", moment.text}});
  }
  for (const std::string& warning : warnings_of(facts))
    line({{"type", "preview.warning"}, {"msg", to_utf8(warning)}});
  line({{"type", "preview.summary"},
        {"clients", schedule.clients.size()},
        {"ends", format_timestamp(facts.forecast.end)},
        {"result", name_of(facts.forecast.result)}});
  return text;
}

}  // namespace sitewide
