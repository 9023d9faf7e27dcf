// Inventory: the sources that a plan names become one ClientTable. A million clients from CSV take
// about a second. Blocking (it reads files); any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "orchestrator/core/client_table.h"
#include "orchestrator/core/problem.h"

namespace sitewide {

/// One item of `inventory:`.
struct InventorySource {
  struct Hosts {
    std::string pattern;  ///< a nodeset: `pc[001-040].hq`
    Place place;
  };
  std::string file;          ///< a CSV file, absolute; empty: `hosts` counts
  std::uint16_t number = 0;  ///< Place::source of what stands in the file
  std::vector<Hosts> hosts;
  std::vector<std::pair<std::string, std::string>>
      labels;  ///< where the source says nothing itself
  Place place;
};

/// Reads every source. What cannot be read, is malformed or is named twice becomes a problem; the
/// table then holds the other clients. A file stops being read after some hundred problems.
ClientTable read_inventory(const std::vector<InventorySource>& sources, Problems& problems);

}  // namespace sitewide
