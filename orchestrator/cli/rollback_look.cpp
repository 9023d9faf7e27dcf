#include "orchestrator/cli/rollback_look.h"

#include <algorithm>

#include "adapters/share.h"
#include "adapters/sms/manifest.h"
#include "adapters/sms/site/map_edit.h"
#include "adapters/sms/work.h"
#include "orchestrator/cli/part_words.h"
#include "orchestrator/journal/backup_store.h"

namespace sitewide {
namespace {

constexpr std::uint32_t kMostSettingsRead = 200;
constexpr const char* kSystemMap = "System.map";

class Looker {
 public:
  Looker(const StoredRollout& stored, const RollbackStarted& event)
      : stored_(stored), event_(event), store_(stored.directory.backups()) {}

  RollbackLook look(const std::vector<std::uint32_t>& clients) {
    for (const std::uint32_t c : clients) client(c);
    for (std::uint32_t s = 0; s < stored_.schedule.sites.size(); ++s) {
      if (stored_.rollout.site(s).ever_staged) look_.sites.push_back(site(s));
    }
    settings();
    return std::move(look_);
  }

 private:
  bool is_undone(std::uint32_t site) const {
    const auto& undone = event_.undo_sites;
    return std::find(undone.begin(), undone.end(), site) != undone.end();
  }

  void stuck(const std::string& why, std::uint32_t client) {
    const auto found = std::find_if(look_.stuck.begin(), look_.stuck.end(),
                                    [&](const Stuck& each) { return each.why == why; });
    if (found == look_.stuck.end()) {
      look_.stuck.push_back({why, {client}});
    } else {
      found->clients.push_back(client);
    }
  }

  void client(std::uint32_t c) {
    const Schedule& schedule = stored_.schedule;
    const ScheduledGroup& group = schedule.groups[stored_.rollout.owner_group(c)];
    const std::uint32_t site = schedule.site_of(c);
    if (site != kNone && is_undone(site) && stored_.rollout.site(site).ever_forced) {
      look_.by_site.push_back(c);
    } else if (group.restore.policy.attempts == 0) {
      stuck("the plan gives no `restore`", c);
    } else if (group.plan.method != Method::command && !stored_.rollout.client(c).backed_up) {
      stuck("nothing of them was kept before they were upgraded", c);
    } else {
      look_.restored.push_back(c);
    }
  }

  std::optional<sms::SiteManifest> manifest(const std::string& name) const {
    const auto text = store_.manifest(name);
    if (!text || !*text) return std::nullopt;
    auto read = sms::decode_site_manifest(**text);
    if (!read) return std::nullopt;
    return std::move(*read);
  }

  SiteGoingBack site(std::uint32_t s) const {
    const Site& plan = stored_.schedule.sites[s].plan;
    SiteGoingBack back;
    back.site = s;
    back.undone = is_undone(s);
    back.forced = stored_.rollout.site(s).ever_forced;
    if (!back.undone) return back;
    const auto opened = open_share(plan.root, plan.smb, sessions_);
    Files& root = *opened;
    if (const auto kept = manifest("site/" + plan.name)) {
      for (const sms::FileRecord& record : kept->files) back.files.push_back(file(root, record));
    } else {
      back.stays.emplace_back("no record of its files: nothing of them is put back");
    }
    parts(back);
    if (back.forced) system_map(root, plan.name, back);
    return back;
  }

  static FileGoingBack file(Files& root, const sms::FileRecord& record) {
    FileGoingBack back{record.path, {}, record.original, {}};
    const auto now = root.state(record.path);
    if (!now) {
      back.trouble = now.error().message;
      return back;
    }
    back.now = *now;
    const bool same = back.now.has_value() == back.then.has_value() &&
                      (!back.now || back.now->digest == back.then->digest);
    if (same || (back.now && back.now->digest == record.hotfix)) return back;
    back.trouble = back.now ? "changed by someone else" : "taken away by someone else";
    return back;
  }

  void parts(SiteGoingBack& back) const {
    const auto& all = stored_.schedule.hotfix.parts.site;
    const bool stops = stored_.schedule.hotfix.parts.stop_services();
    for (const SitePart& part : all) {
      if (part.kind == SitePart::Kind::stop_service) back.steps.push_back(words_of(part));
    }
    back.steps.emplace_back("put the files back");
    for (auto part = all.rbegin(); part != all.rend(); ++part) undo(*part, back);
    if (stops) back.steps.emplace_back("start again what was stopped");
  }

  static void undo(const SitePart& part, SiteGoingBack& back) {
    switch (part.kind) {
      case SitePart::Kind::rename:
        back.steps.push_back("rename " + part.to + " back to " + part.path);
        break;
      case SitePart::Kind::run:
        if (part.run.undo.empty()) {
          back.stays.push_back(part.run.what + ": the plan gives no `undo`");
        } else {
          back.steps.push_back("undo " + part.run.what);
        }
        break;
      case SitePart::Kind::site_reset:
        back.steps.emplace_back("reset the site, if it was reset");
        break;
      case SitePart::Kind::copy:
      case SitePart::Kind::stop_service:
      case SitePart::Kind::start_service:
        break;
    }
  }

  void system_map(Files& root, const std::string& name, SiteGoingBack& back) const {
    const auto kept = manifest("system_map/" + name);
    if (!kept || kept->files.empty() || !kept->files.front().original) return;
    const auto now = root.read(kSystemMap, sms::kMostLogBytes);
    const auto then = store_.get(kept->files.front().original->digest);
    if (now && *now && then) {
      back.map_diff = sms::map_diff(**now, *then, SIZE_MAX);
    } else {
      back.stays.emplace_back("System.map cannot be looked at");
    }
  }

  // What each client's record says its settings were; of many clients, the first ones tell.
  void settings() {
    const auto& parts = stored_.schedule.hotfix.parts.client;
    for (const ClientPart& part : parts) look_.settings.push_back({words_of(part), {}});
    if (parts.empty()) return;
    // Clients of a forced site get theirs back once they hold the old files.
    std::vector<std::uint32_t> all = look_.restored;
    all.insert(all.end(), look_.by_site.begin(), look_.by_site.end());
    for (const std::uint32_t c : all) {
      if (look_.settings_read == kMostSettingsRead) return;
      const std::string name(stored_.schedule.clients.name(c));
      const auto text = store_.manifest("settings/" + name);
      if (!text || !*text) continue;
      const auto record = sms::decode_settings_record(**text);
      if (!record || record->parts.size() != parts.size()) continue;
      ++look_.settings_read;
      for (std::size_t i = 0; i < parts.size(); ++i)
        ++look_.settings[i].then[before(parts[i], record->parts[i])];
    }
  }

  static std::string before(const ClientPart& part, const sms::SettingRecord& record) {
    if (part.kind != ClientPart::Kind::run)
      return record.there ? "back to " + record.value : "removed again";
    if (record.there) return "stays: it had been run before";
    return part.run.undo.empty() ? "stays: the plan gives no `undo`" : "undone";
  }

  const StoredRollout& stored_;
  const RollbackStarted& event_;
  BackupStore store_;
  std::shared_ptr<SmbSessions> sessions_ = SmbSessions::make();
  RollbackLook look_;
};

}  // namespace

RollbackLook look_at_rollback(const StoredRollout& stored, const RollbackStarted& event,
                              const std::vector<std::uint32_t>& clients) {
  return Looker(stored, event).look(clients);
}

}  // namespace sitewide
