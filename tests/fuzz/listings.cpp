#include "tests/fuzz/listings.h"

#include "plans/grammar.h"
#include "tests/fuzz/property.h"

namespace sitewide::fuzz {
namespace {

void check_client(const Listing& listing, const ListedClient& client) {
  holds_safe(client.origin);
  for (const auto& [label, value] : client.labels) {
    holds(label < listing.labels.size(), "a value has a label", client.origin);
    holds(!value.empty() && is_label_value(value), "a label's value is one", value);
  }
}

}  // namespace

void check_listing(const Listing& listing, std::string_view input) {
  for (const std::string& label : listing.labels) {
    holds(is_label_key(label) && label != "name" && label != "address", "a label's name is one",
          label);
  }
  for (std::size_t i = 0; i < listing.clients.size(); ++i) {
    const ListedClient& client = listing.clients[i];
    holds(i == 0 || listing.clients[i - 1].name <= client.name, "clients are sorted", client.name);
    check_client(listing, client);
  }
  for (const std::string& fault : listing.faults) holds_safe(fault);
  for (const std::string& note : listing.notes) holds_safe(note);
  holds(listing.faults.size() <= kFaultsOfOneListing, "faults are bounded", input);
}

}  // namespace sitewide::fuzz
