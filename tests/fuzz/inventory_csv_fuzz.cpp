// CSV inventories: only the file itself is opened; what is read is within the grammar, and is read
// again when it is written out.
#include "orchestrator/base/text.h"
#include "plans/grammar.h"
#include "plans/inventory.h"
#include "tests/fuzz/opened_files.h"
#include "tests/fuzz/problems.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

const std::string kFile = "/plans/clients.csv";

std::vector<InventorySource> sources_of(const std::string& file) {
  InventorySource source;
  source.file = file;
  source.number = 1;
  source.labels = {{"site", "HQ"}};
  source.place = {1, 1, 1, 0};
  return {source};
}

std::string quoted(std::string_view cell) {
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + "\"";
}

std::string written(const ClientTable& clients) {
  std::string text = "name,address";
  for (const std::string& column : clients.columns()) text += "," + column;
  for (std::uint32_t c = 0; c < clients.size(); ++c) {
    text += "\r\n" + quoted(clients.name(c)) + "," + quoted(clients.address(c));
    for (std::uint32_t i = 0; i < clients.columns().size(); ++i) {
      text += "," + quoted(clients.cell(c, i));
    }
  }
  return text;
}

void check_clients(const ClientTable& clients, const Problems& problems, std::string_view input) {
  std::vector<std::string> names;
  for (std::uint32_t c = 0; c < clients.size(); ++c) {
    names.push_back(to_lower(clients.name(c)));
    holds(is_client_name(clients.name(c)), "a client's name is a name", clients.name(c));
    holds(is_client_address(clients.address(c)), "its address is one", clients.address(c));
    holds(!clients.label(c, "site").empty(), "a label of the source fills what is empty", input);
    for (std::uint32_t i = 0; i < clients.columns().size(); ++i) holds_safe(clients.cell(c, i));
  }
  std::sort(names.begin(), names.end());
  const bool twins = std::adjacent_find(names.begin(), names.end()) != names.end();
  holds(!twins || has_errors(problems), "no two clients have one name in any case", input);
  holds(clients.size() > 0 || has_errors(problems), "an inventory without clients is refused",
        input);
}

}  // namespace

void inventory_csv(std::string_view input) {
  OpenedFiles files;
  files.add(kFile, input);
  Problems problems;
  const ClientTable clients = read_inventory(sources_of(kFile), problems);
  for (const std::string& opened : files.take()) {
    holds(opened == kFile, "only the inventory is opened", opened);
  }
  check_clients(clients, problems, input);
  check_problems(problems, {{"plan.yaml", "x\n"}, {kFile, std::nullopt}}, {"x\n", input});
  if (has_errors(problems) || clients.size() > 2000) return;
  files.add(kFile, written(clients));
  const ClientTable again = read_inventory(sources_of(kFile), problems);
  holds(problems.empty(), "what was read can be written", input);
  holds(written(again) == written(clients), "and is read again as it was", input);
}

}  // namespace sitewide::fuzz
