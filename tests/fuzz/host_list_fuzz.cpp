// Lists of hosts as Ansible prints them: what becomes a client is within the grammar, what is left
// out is said safely, and no secret becomes a label.
#include "orchestrator/base/text.h"
#include "plans/grammar.h"
#include "plans/host_list.h"
#include "plans/inventory.h"
#include "tests/fuzz/listings.h"
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

void check_labels(const Listing& listing) {
  for (std::size_t i = 0; i < listing.labels.size(); ++i) {
    const std::string& label = listing.labels[i];
    holds(label.starts_with("group.") || to_lower(label).find("password") == label.npos,
          "no password is a label", label);
    holds(i == 0 || listing.labels[i - 1] < label, "labels are sorted, each once", label);
  }
  for (std::size_t i = 1; i < listing.clients.size(); ++i) {
    const std::string& name = listing.clients[i].name;
    holds(listing.clients[i - 1].name < name, "hosts are sorted, each once", name);
  }
}

}  // namespace

void host_list(std::string_view input) {
  const auto listing = read_host_list(input, {});
  if (listing) {
    check_listing(*listing, input);
    check_labels(*listing);
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
