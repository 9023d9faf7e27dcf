#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/preview_parts.h"
#include "orchestrator/cli/preview_sites.h"
#include "orchestrator/cli/rollback_look.h"

namespace sitewide {
namespace {

constexpr std::size_t kMostNames = 50;

std::string names_of(const Schedule& schedule, const std::vector<std::uint32_t>& clients) {
  std::string text;
  for (std::size_t i = 0; i < std::min(clients.size(), kMostNames); ++i)
    text += " " + std::string(schedule.clients.name(clients[i]));
  if (clients.size() <= kMostNames) return text;
  return text + " … " + std::to_string(clients.size() - kMostNames) + " more; --json names all";
}

std::string clients_in_words(const Schedule& schedule, const RollbackLook& look) {
  std::string text;
  if (!look.restored.empty() || look.by_site.empty()) {
    text = "puts back " + count_of(look.restored.size(), "client") +
           ", newest trigger first:" + names_of(schedule, look.restored) + "\n";
  }
  if (!look.by_site.empty()) {
    text += count_of(look.by_site.size(), "client") +
            " take the old files by themselves once the site is forced:" +
            names_of(schedule, look.by_site) + "\n";
  }
  for (const Stuck& stuck : look.stuck) {
    text += "cannot put back " + count_of(stuck.clients.size(), "client") + ", for " + stuck.why +
            ":" + names_of(schedule, stuck.clients) + "\n";
  }
  return text;
}

std::string site_in_words(const Schedule& schedule, const SiteGoingBack& back) {
  const std::string name = schedule.sites[back.site].plan.name;
  std::string text = "site " + escaped(name);
  if (!back.undone)
    return text + ": stays staged, for clients outside the rollback are upgraded there\n";
  text += back.forced ? ": undone as a whole; its clients converge on the old files by themselves\n"
                      : ": its files are put back\n";
  for (const FileGoingBack& file : back.files) {
    text += write_in_words(name, file.path, file.now, file.then);
    if (!file.trouble.empty()) text += "      needs hands: " + escaped(file.trouble, 400) + "\n";
  }
  if (back.steps.size() > 1) {
    for (std::size_t i = 0; i < back.steps.size(); ++i)
      text += "  " + std::to_string(i + 1) + ". " + escaped(back.steps[i]) + "\n";
  }
  for (const std::string& what : back.stays) text += "  stays: " + escaped(what) + "\n";
  if (!back.map_diff.empty())
    text += "System.map of " + escaped(name) + "\n" + map_diff_in_words(back.map_diff);
  if (back.forced) {
    text +=
        "  then the site is forced: every client of it takes the old files, also those that are "
        "in no group (Q166771)\n";
  }
  return text;
}

std::string settings_in_words(const RollbackLook& look) {
  const std::size_t clients = look.restored.size() + look.by_site.size();
  if (look.settings.empty() || clients == 0) return {};
  std::string text = "settings of the clients, as " + count_of(look.settings_read, "record") +
                     " of " + count_of(clients, "client") + " say\n";
  for (const SettingGoingBack& setting : look.settings) {
    text += "  " + escaped(setting.what) + "\n";
    for (const auto& [then, count] : setting.then)
      text += "      " + escaped(then, 400) + " on " + count_of(count, "client") + "\n";
  }
  return text;
}

}  // namespace

std::string rollback_in_words(const StoredRollout& stored, const RollbackLook& look) {
  std::string text = clients_in_words(stored.schedule, look);
  for (const SiteGoingBack& site : look.sites) text += site_in_words(stored.schedule, site);
  return text + settings_in_words(look);
}

}  // namespace sitewide
