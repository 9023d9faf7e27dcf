// Lists of hosts as Ansible prints them: what becomes a client is within the grammar, what is left
// out is said safely, and no secret becomes a label.
#include "orchestrator/base/text.h"
#include "plans/grammar.h"
#include "plans/host_list.h"
#include "plans/inventory.h"
#include "tests/fuzz/problems.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

/// Prints the input, whatever is run.
class Printer : public InventoryAsker {
 public:
  explicit Printer(std::string_view text) : text_(text) {}
  Result<ListOutput> run(const ListProgram&) override { return ListOutput{text_, ""}; }
  Result<LdapAnswer> search(const LdapSearch&) override { return LdapAnswer(); }

 private:
  std::string text_;
};

std::vector<InventorySource> sources() {
  InventorySource source;
  source.program.argv = {"lister"};
  source.name = "command lister";
  source.labels = {{"site", "HQ"}};
  source.place = {1, 1, 1, 0};
  return {source};
}

void check_listing(const Listing& listing, std::string_view input) {
  for (std::size_t i = 0; i < listing.labels.size(); ++i) {
    const std::string& label = listing.labels[i];
    holds(is_label_key(label) && label != "name" && label != "address", "a label's name is one",
          label);
    holds(label.starts_with("group.") || to_lower(label).find("password") == label.npos,
          "no password is a label", label);
    holds(i == 0 || listing.labels[i - 1] < label, "labels are sorted, each once", label);
  }
  for (std::size_t i = 0; i < listing.clients.size(); ++i) {
    const ListedClient& client = listing.clients[i];
    holds(i == 0 || listing.clients[i - 1].name < client.name, "hosts are sorted, each once",
          client.name);
    holds_safe(client.origin);
    for (const auto& [label, value] : client.labels) {
      holds(label < listing.labels.size(), "a value has a label", input);
      holds(!value.empty() && is_label_value(value), "a label's value is one", value);
    }
  }
  for (const std::string& fault : listing.faults) holds_safe(fault);
  for (const std::string& note : listing.notes) holds_safe(note);
  holds(listing.faults.size() <= kFaultsOfOneListing, "faults are bounded", input);
}

}  // namespace

void host_list(std::string_view input) {
  const auto listing = read_host_list(input, {});
  if (listing) {
    check_listing(*listing, input);
  } else {
    holds_safe(listing.error().message);
  }
  Printer printer(input);
  Problems problems;
  const ClientTable clients = read_inventory(sources(), problems, &printer);
  holds(listing.has_value() || has_errors(problems), "what is no list is refused", input);
  holds(clients.size() > 0 || has_errors(problems), "an inventory without clients is refused",
        input);
  for (std::uint32_t c = 0; c < clients.size(); ++c) {
    holds(is_client_name(clients.name(c)), "a client's name is a name", clients.name(c));
    holds(is_client_address(clients.address(c)), "its address is one", clients.address(c));
    holds(!clients.label(c, "site").empty(), "a label of the source fills what is empty", input);
  }
  check_problems(problems, {{"plan.yaml", "x\n"}}, {"x\n"});
}

}  // namespace sitewide::fuzz
