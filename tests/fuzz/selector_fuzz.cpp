// Selectors: what is accepted is accepted again as it is printed, and matches as its grammar says.
#include <algorithm>

#include "orchestrator/core/selector.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

std::string printed(const Requirement& requirement) {
  using Operator = Requirement::Operator;
  if (requirement.test == Operator::exists) return requirement.key;
  if (requirement.test == Operator::absent) return "!" + requirement.key;
  std::string text = requirement.key + (requirement.test == Operator::in ? " in (" : " notin (");
  for (std::size_t i = 0; i < requirement.values.size(); ++i) {
    text += (i == 0 ? "" : ", ") + requirement.values[i];
  }
  return text + ")";
}

std::string printed(const Selector& selector) {
  std::string text;
  for (const Requirement& requirement : selector.requirements) {
    if (!text.empty()) text += ", ";
    text += printed(requirement);
  }
  return text;
}

// Label by label, as the sentences of the documentation have it.
bool takes(const Selector& selector, const ClientTable& clients, std::uint32_t c) {
  return std::all_of(
      selector.requirements.begin(), selector.requirements.end(), [&](const Requirement& each) {
        std::string value(clients.label(c, each.key));
        bool set = !value.empty();
        if (each.key == "name") value = clients.name(c), set = true;
        if (each.key == "address") value = clients.address(c), set = true;
        const bool listed =
            set && std::find(each.values.begin(), each.values.end(), value) != each.values.end();
        switch (each.test) {
          case Requirement::Operator::in:
            return listed;
          case Requirement::Operator::not_in:
            return !listed;
          case Requirement::Operator::exists:
            return set;
          case Requirement::Operator::absent:
            return !set;
        }
        return false;
      });
}

ClientTable some_clients() {
  ClientTable clients;
  const std::uint32_t site = clients.column("site");
  const std::uint32_t ring = clients.column("ring");
  clients.column("unused");
  for (const char* name : {"pc1", "pc2", "pc3"}) clients.add(name, "10.0.0.1");
  clients.set(0, site, "HQ");
  clients.set(1, site, "PLANT");
  clients.set(1, ring, "canary");
  clients.set(2, ring, "a.b");
  return clients;
}

}  // namespace

void selector(std::string_view input) {
  const Selector read = parse_selector(input);
  if (read.error) {
    holds(read.requirements.empty(), "a refused selector requires nothing", input);
    holds(!read.error->message.empty(), "a refusal says why", input);
    const std::size_t begin = read.error->column - std::size_t{1};
    holds(read.error->column >= 1 && begin <= input.size(), "a refusal's place lies within", input);
    holds(begin + read.error->length <= input.size() + 1, "a refusal's place ends within", input);
    return;
  }
  holds(!read.requirements.empty(), "an accepted selector requires something", input);
  const std::string text = printed(read);
  const Selector again = parse_selector(text);
  holds(!again.error, "an accepted selector is accepted as it is printed", text);
  holds(printed(again) == text, "it means the same", text);
  static const ClientTable clients = some_clients();
  const Matcher matcher(read, clients);
  for (std::uint32_t c = 0; c < clients.size(); ++c) {
    holds(matcher.matches(c) == takes(read, clients, c), "it matches as its words say", input);
  }
}

}  // namespace sitewide::fuzz
