// Inline inventories: nothing is opened, and every name is one. Input: a label's value, a line;
// then a pattern a line.
#include <set>

#include "orchestrator/base/text.h"
#include "plans/grammar.h"
#include "plans/inventory.h"
#include "plans/nodeset.h"
#include "tests/fuzz/opened_files.h"
#include "tests/fuzz/problems.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {

void inventory_hosts(std::string_view input) {
  if (input.size() > 4096) return;  // a plan holds no longer pattern
  InventorySource source;
  Input lines(input);
  source.labels = {{"ring", std::string(lines.line())}};
  source.place = {1, 1, 1, 0};
  for (std::uint32_t number = 2; !lines.at_end(); ++number) {
    source.hosts.push_back({std::string(lines.line()), {number, 1, 1, 0}});
  }
  OpenedFiles files;
  Problems problems;
  const ClientTable clients = read_inventory({source}, problems);
  holds(clients.size() <= kNodesetNames, "an inline inventory is bounded", input);
  check_problems(problems, {{"plan.yaml", std::string(input)}}, {input});
  holds(files.take().empty(), "an inline inventory opens no file", input);
  holds(clients.size() > 0 || has_errors(problems), "an inventory without clients is refused",
        input);
  std::set<std::string> names;
  for (std::uint32_t c = 0; c < clients.size() && c < 5000; ++c) {
    holds(is_client_name(clients.name(c)), "a client's name is a name", clients.name(c));
    holds(clients.label(c, "ring") == source.labels[0].second, "each has the label", input);
    const bool is_new = names.insert(to_lower(clients.name(c))).second;
    holds(is_new || has_errors(problems), "no two clients have one name in any case", input);
  }
}

}  // namespace sitewide::fuzz
