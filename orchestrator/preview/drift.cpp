#include "orchestrator/preview/drift.h"

#include <algorithm>
#include <map>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kNameLimit = 200;

std::string shown(std::string_view text) { return escaped(text, kNameLimit); }

class Drift {
 public:
  Drift(const SavedPreview& saved, const PresentState& present) : saved_(saved), now_(present) {}

  std::vector<DriftItem> items() {
    age();
    program();
    plan();
    artifacts();
    clients();
    files();
    standings();
    return std::move(items_);
  }

 private:
  using Kind = DriftItem::Kind;

  void add(Kind kind, std::string words) { items_.push_back({kind, std::move(words), false}); }

  void age() {
    const Duration old = now_.now - saved_.at;
    if (old < Duration{}) {
      add(Kind::age, "it was saved " + describe_duration(-old) + " in the future");
    } else if (old > kPreviewHolds) {
      add(Kind::age, "it was saved " + describe_duration(old) + " ago, and holds for " +
                         describe_duration(kPreviewHolds));
    }
  }

  void program() {
    if (saved_.program == now_.program) return;
    add(Kind::program, "sitewide " + shown(saved_.program) + " → " + shown(now_.program));
  }

  void plan() {
    const std::string path = "plan " + shown(saved_.schedule.plan_path);
    if (!now_.plan_trouble.empty()) {
      add(Kind::plan, path + ": " + escaped(now_.plan_trouble));
    } else if (now_.plan != saved_.schedule.plan_digest) {
      add(Kind::plan,
          path + ": sha256 " + saved_.schedule.plan_digest.brief() + " → " + now_.plan.brief());
    }
    if (now_.catalogue == saved_.catalogue) return;
    add(Kind::catalogue, "catalogue entry " + shown(saved_.schedule.hotfix.catalogue) +
                             ": sha256 " + saved_.catalogue.brief() + " → " +
                             now_.catalogue.brief());
  }

  void artifacts() {
    for (std::size_t i = 0; i < saved_.artifacts.size(); ++i) {
      const SavedArtifact& then = saved_.artifacts[i];
      const Digest now = i < now_.artifacts.size() ? now_.artifacts[i].digest : Digest{};
      if (now == then.digest) continue;
      add(Kind::artifact, "artifact " + shown(then.path) + ": sha256 " + then.digest.brief() +
                              " → " + (now == Digest{} ? "cannot be read" : now.brief()));
      items_.back().gone = is_staged(then);
    }
  }

  // A fragment of System.map is kept in the schedule; the files of the hotfix are not.
  bool is_staged(const SavedArtifact& artifact) const {
    const auto& files = saved_.schedule.hotfix.files;
    return std::any_of(files.begin(), files.end(),
                       [&](const PlannedFile& file) { return file.source == artifact.path; });
  }

  // Which clients, and how the plan deals with each.
  void clients() {
    if (now_.schedule == nullptr) return;
    const auto then = by_name(saved_.schedule);
    const auto now = by_name(*now_.schedule);
    for (const auto& [name, client] : then) {
      const auto found = now.find(name);
      if (found == now.end()) {
        add(Kind::client, "client " + shown(name) + ": removed");
      } else if (const std::string what = changed(client, found->second); !what.empty()) {
        add(Kind::client, "client " + shown(name) + ": " + what);
      }
    }
    for (const auto& [name, client] : now) {
      if (!then.contains(name))
        add(Kind::client,
            "client " + shown(name) + ": added, in " + place_of(*now_.schedule, client));
    }
  }

  using Names = std::map<std::string_view, std::uint32_t>;
  static Names by_name(const Schedule& schedule) {
    Names names;
    for (std::uint32_t c = 0; c < schedule.clients.size(); ++c)
      names.emplace(schedule.clients.name(c), c);
    return names;
  }

  static std::string place_of(const Schedule& schedule, std::uint32_t client) {
    const std::uint32_t group = schedule.lanes[schedule.lane_of[client]].group;
    if (group == kNone) return "no group";
    std::string name = "group " + shown(schedule.groups[group].plan.name);
    if (schedule.adopted(client)) return name;
    return name + " wave " + std::to_string(schedule.wave_of(client) + 1);
  }

  std::string changed(std::uint32_t then, std::uint32_t now) const {
    const ClientTable& old = saved_.schedule.clients;
    const ClientTable& fresh = now_.schedule->clients;
    std::string text;
    const auto compare = [&](std::string_view what, std::string_view a, std::string_view b) {
      if (a == b) return;
      text += (text.empty() ? "" : ", ") + shown(what) + " " + (a.empty() ? "none" : shown(a)) +
              " → " + (b.empty() ? "none" : shown(b));
    };
    compare("address", old.address(then), fresh.address(now));
    for (const std::string& label : old.columns())
      compare(label, old.label(then, label), fresh.label(now, label));
    for (const std::string& label : fresh.columns()) {
      if (!old.find_column(label)) compare(label, {}, fresh.label(now, label));
    }
    const std::string before = place_of(saved_.schedule, then);
    const std::string after = place_of(*now_.schedule, now);
    if (before != after) text += (text.empty() ? "" : ", ") + before + " → " + after;
    return text;
  }

  // What only one side has seen is a change too: a list that was cut must not pass.
  void files() {
    using Key = std::pair<std::string_view, std::string_view>;
    std::map<Key, std::pair<const SavedFile*, const SavedFile*>> both;
    for (const SavedFile& file : saved_.files) both[{file.place, file.path}].first = &file;
    for (const SavedFile& file : now_.files) both[{file.place, file.path}].second = &file;
    const auto words = [](const SavedFile* file) {
      return file == nullptr ? std::string("not looked at") : file_in_words(*file);
    };
    for (const auto& [key, sides] : both) {
      const auto [then, now] = sides;
      if (then != nullptr && now != nullptr && *then == *now) continue;
      add(Kind::site,
          shown(key.first) + ": " + shown(key.second) + ": " + words(then) + " → " + words(now));
    }
  }

  void standings() {
    if (!saved_.clients || !now_.clients) return;
    const std::size_t count = std::min(saved_.clients->size(), now_.clients->size());
    for (std::uint32_t c = 0; c < count; ++c) {
      const SavedClient& then = (*saved_.clients)[c];
      const SavedClient& now = (*now_.clients)[c];
      if (then.standing == now.standing) continue;
      add(Kind::standing, "client " + shown(saved_.schedule.clients.name(c)) + ": " +
                              std::string(name_of(then.standing)) + " → " +
                              std::string(name_of(now.standing)) +
                              (now.why.empty() ? "" : " (" + shown(now.why) + ")"));
    }
  }

  const SavedPreview& saved_;
  const PresentState& now_;
  std::vector<DriftItem> items_;
};

}  // namespace

std::string_view name_of(DriftItem::Kind kind) {
  switch (kind) {
    case DriftItem::Kind::age:
      return "age";
    case DriftItem::Kind::program:
      return "program";
    case DriftItem::Kind::plan:
      return "plan";
    case DriftItem::Kind::catalogue:
      return "catalogue";
    case DriftItem::Kind::artifact:
      return "artifact";
    case DriftItem::Kind::client:
      return "client";
    case DriftItem::Kind::site:
      return "site_file";
    case DriftItem::Kind::standing:
      return "client_state";
  }
  return {};
}

std::vector<DriftItem> drift_since(const SavedPreview& saved, const PresentState& present) {
  return Drift(saved, present).items();
}

std::string file_in_words(const SavedFile& file) {
  if (!file.trouble.empty()) return "cannot be seen: " + escaped(file.trouble, kNameLimit);
  if (!file.present) return "no such file";
  return with_separators(file.size) + " bytes of " +
         format_timestamp(std::chrono::floor<std::chrono::seconds>(file.modified)) + " (sha256 " +
         file.digest.brief() + ")";
}

}  // namespace sitewide
