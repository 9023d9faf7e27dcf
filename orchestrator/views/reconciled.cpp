#include "orchestrator/views/reconciled.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/views/json_text.h"

namespace sitewide {

namespace json = boost::json;

std::string reconciliation_counts(const Rollout& rollout) {
  const Reconciliation all = reconcile(rollout);
  std::string counts;
  for (std::size_t i = 0; i < kEndings; ++i) {
    if (all.lists[i].empty()) continue;
    counts += (counts.empty() ? "" : ", ") + with_separators(all.lists[i].size()) + " " +
              spoken(name_of(static_cast<Ending>(i)));
  }
  return "  " + count_of(all.clients, "client") + ", each once: " + counts + "\n";
}

std::string reconciliation_text(const Rollout& rollout, std::size_t most) {
  const Reconciliation all = reconcile(rollout);
  std::string lines;
  for (std::size_t i = 0; i < kEndings; ++i) {
    const auto& list = all.lists[i];
    if (list.empty()) continue;
    const std::string name = spoken(name_of(static_cast<Ending>(i)));
    const auto ending = static_cast<Ending>(i);
    // Who is under way, or has yet to begin, has no end to tell before the rollout has one.
    const bool on_its_way = ending == Ending::under_way || ending == Ending::not_begun;
    if (ending == Ending::on_target || (on_its_way && !rollout.ended())) continue;
    for (std::size_t at = 0; at < list.size() && at < most; ++at) {
      lines += "    " + name + ": " + escaped(rollout.schedule().clients.name(list[at]), 80) +
               ": " + escaped(reason_of_ending(rollout, list[at]), 200) + "\n";
    }
    if (list.size() > most)
      lines += "    " + name + ": " + with_separators(list.size() - most) + " more\n";
  }
  return reconciliation_counts(rollout) + lines;
}

json::object reconciliation_json(const Rollout& rollout, std::size_t most) {
  const Reconciliation all = reconcile(rollout);
  json::array lists;
  for (std::size_t i = 0; i < kEndings; ++i) {
    const auto& list = all.lists[i];
    if (list.empty()) continue;
    json::array clients;
    for (std::size_t at = 0; at < list.size() && at < most; ++at) {
      const auto name = json_string(rollout.schedule().clients.name(list[at]));
      if (static_cast<Ending>(i) == Ending::on_target) {
        clients.emplace_back(name);
      } else {
        clients.push_back(json::object{
            {"client", name}, {"reason", json_string(reason_of_ending(rollout, list[at]))}});
      }
    }
    json::object object{{"list", name_of(static_cast<Ending>(i))}, {"count", list.size()}};
    object["clients"] = std::move(clients);
    if (list.size() > most) object["left_out"] = list.size() - most;
    lists.push_back(std::move(object));
  }
  return {{"clients", all.clients}, {"lists", std::move(lists)}};
}

}  // namespace sitewide
