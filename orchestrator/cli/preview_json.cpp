#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/preview_clients.h"
#include "orchestrator/cli/preview_parts.h"
#include "orchestrator/cli/preview_text.h"
#include "orchestrator/cli/preview_warnings.h"
#include "orchestrator/cli/what_if_text.h"
#include "orchestrator/views/json_text.h"

namespace sitewide {
namespace {

namespace json = boost::json;

class Lines {
 public:
  explicit Lines(const PreviewFacts& facts)
      : facts_(facts), schedule_(facts.plan.compiled.schedule) {}

  std::string all() {
    sites();
    groups();
    clients();
    reach();
    notifications();
    for (const ForecastMoment& moment : facts_.forecast.moments) {
      line({{"type", "preview.moment"},
            {"ts", format_timestamp(moment.at)},
            {"subject", subject_name(schedule_, moment.subject)},
            {"msg", moment.text}});
    }
    what_if();
    for (const std::string& note : article_notes(schedule_))
      line({{"type", "preview.note"}, {"msg", to_utf8(note)}});
    for (const std::string& warning : warnings_of(facts_))
      line({{"type", "preview.warning"}, {"msg", to_utf8(warning)}});
    summary();
    return std::move(text_);
  }

 private:
  void line(json::object object) {
    object["v"] = 1;
    text_ += json_text(object) + "\n";
  }

  void sites() {
    for (const PlannedWrite& write : facts_.probe.writes) {
      json::object object{
          {"type", "preview.write"},     {"site", schedule_.sites[write.site].plan.name},
          {"path", write.file->on_site}, {"to", write.file->digest.hex()},
          {"size", write.file->size},    {"same", write.same()}};
      if (write.present) object["from"] = write.present->digest.hex();
      line(std::move(object));
    }
    for (const PlannedMapEdit& edit : facts_.probe.map_edits) {
      json::array diff;
      for (const std::string& changed : edit.diff) diff.emplace_back(changed);
      line({{"type", "preview.system_map"},
            {"site", schedule_.sites[edit.site].plan.name},
            {"diff", std::move(diff)}});
    }
  }

  void groups() {
    for (const ScheduledGroup& group : schedule_.groups) {
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
  }

  void clients() {
    if (facts_.clients == nullptr) return;
    for (std::uint32_t c = 0; c < schedule_.clients.size(); ++c) {
      const SavedClient& seen = facts_.clients->clients[c];
      const std::uint32_t group = schedule_.lanes[schedule_.lane_of[c]].group;
      json::object object{{"type", "preview.client"},
                          {"client", json_string(schedule_.clients.name(c))},
                          {"state", word_of(seen.standing)}};
      if (group != kNone) object["group"] = schedule_.groups[group].plan.name;
      if (!seen.why.empty()) object["reason"] = json_string(seen.why);
      line(std::move(object));
    }
  }

  void reach() {
    for (const BlastRadius& radius : facts_.plan.compiled.blast_radius) {
      json::array names;
      for (const std::uint32_t c : radius.clients) names.emplace_back(schedule_.clients.name(c));
      line({{"type", "preview.reach"},
            {"group", schedule_.groups[radius.group].plan.name},
            {"site", schedule_.sites[radius.site].plan.name},
            {"clients", std::move(names)}});
    }
  }

  void notifications() {
    for (const NotifyTarget& target : schedule_.notify) {
      json::array on;
      for (const Occasion occasion : target.on) on.emplace_back(name_of(occasion));
      line(
          {{"type", "preview.notify"}, {"target", describe_target(target)}, {"on", std::move(on)}});
    }
  }

  void what_if() {
    if (facts_.what_if == nullptr) return;
    const WhatIf& played = *facts_.what_if;
    json::array stops;
    for (const WhatIfStop& stop : played.stops) {
      stops.emplace_back(json::object{{"where", json_string(stop.where)},
                                      {"reason", stop.why},
                                      {"seeds", stop.seeds},
                                      {"median_touched", stop.median_touched},
                                      {"worst_touched", stop.worst_touched},
                                      {"worst_seed", stop.worst_seed}});
    }
    line({{"type", "preview.what_if"},
          {"msg", "what if " + shares_in_words(played.shares)},
          {"failed", played.shares.failed / 1e6},
          {"late", played.shares.late / 1e6},
          {"seeds_asked", played.seeds_asked},
          {"seeds", played.seeds},
          {"client_plays", played.plays},
          {"completed", played.completed},
          {"stopped", played.seeds - played.completed},
          {"stops", std::move(stops)}});
  }

  void summary() {
    json::object object{{"type", "preview.summary"},
                        {"clients", schedule_.clients.size()},
                        {"ends", format_timestamp(facts_.forecast.end)},
                        {"result", name_of(facts_.forecast.result)}};
    if (facts_.clients != nullptr) {
      for (std::size_t i = 0; i < kClientStandings; ++i)
        object[word_of(static_cast<ClientStanding>(i))] = facts_.clients->counts[i];
    }
    line(std::move(object));
  }

  static std::string word_of(ClientStanding standing) {
    std::string word(name_of(standing));
    for (char& letter : word) letter = letter == ' ' ? '_' : letter;
    return word;
  }

  const PreviewFacts& facts_;
  const Schedule& schedule_;
  std::string text_;
};

}  // namespace

std::string preview_json(const PreviewFacts& facts) { return Lines(facts).all(); }

}  // namespace sitewide
