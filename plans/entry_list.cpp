#include "plans/entry_list.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "plans/grammar.h"

namespace sitewide {
namespace {

constexpr std::size_t kShown = 200;

class Reader {
 public:
  explicit Reader(const std::map<std::string, std::string>& attributes) : attributes_(attributes) {
    for (const auto& [key, attribute] : attributes) {
      if (key != "name" && key != "address") listing_.labels.push_back(key);
    }
  }

  void add(const LdapEntry& entry) {
    ListedClient client;
    client.origin = "entry `" + escaped(entry.dn, kShown) + "`";
    client.name = value(entry, client, "name");
    if (client.name.empty()) {
      if (listing_.faults.size() == faults_before_)
        fault(client, "it has no `" + attributes_.at("name") + "`, which is to be its name");
      faults_before_ = listing_.faults.size();
      return;
    }
    if (attributes_.contains("address")) client.address = value(entry, client, "address");
    for (std::uint32_t i = 0; i < listing_.labels.size(); ++i) {
      std::string text = value(entry, client, listing_.labels[i]);
      if (!text.empty()) client.labels.emplace_back(i, std::move(text));
    }
    faults_before_ = listing_.faults.size();
    listing_.clients.push_back(std::move(client));
  }

  Listing take() {
    std::stable_sort(listing_.clients.begin(), listing_.clients.end(),
                     [](const ListedClient& a, const ListedClient& b) { return a.name < b.name; });
    return std::move(listing_);
  }

 private:
  void fault(const ListedClient& client, const std::string& what) {
    if (listing_.faults.size() < kFaultsOfOneListing)
      listing_.faults.push_back(client.origin + ": " + what);
  }

  /// Of what the plan calls `key`; empty when the entry has none.
  std::string value(const LdapEntry& entry, const ListedClient& client, const std::string& key) {
    const std::string& attribute = attributes_.at(key);
    const auto found = entry.values.find(attribute);
    if (found == entry.values.end() || found->second.empty()) return {};
    if (found->second.size() > 1) {
      fault(client, "its `" + attribute + "` has " + std::to_string(found->second.size()) +
                        " values, and `" + key + "` can have one");
      return {};
    }
    const std::string& text = found->second.front();
    if (is_label_value(text)) return text;
    fault(client, "its `" + attribute + "` is no text of one line: `" + escaped(text, 40) + "`");
    return {};
  }

  const std::map<std::string, std::string>& attributes_;
  std::size_t faults_before_ = 0;
  Listing listing_;
};

}  // namespace

Listing read_entries(const LdapAnswer& answer,
                     const std::map<std::string, std::string>& attributes) {
  Reader reader(attributes);
  for (const LdapEntry& entry : answer.entries) reader.add(entry);
  return reader.take();
}

}  // namespace sitewide
