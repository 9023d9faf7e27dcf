// Inventory: the sources that a plan names become one ClientTable. A million clients from CSV take
// about a second. Blocking (it reads files, and asks programs and directories); any thread.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "orchestrator/core/client_table.h"
#include "orchestrator/core/problem.h"
#include "plans/inventory_asker.h"

namespace sitewide {

/// One item of `inventory:`.
struct InventorySource {
  struct Hosts {
    std::string pattern;  ///< a nodeset: `pc[001-040].hq`
    Place place;
  };
  std::string file;          ///< a CSV file, absolute; empty: another kind
  std::uint16_t number = 0;  ///< Place::source of what stands in the file
  std::vector<Hosts> hosts;
  ListProgram program;                 ///< of `ansible` and `command`; no argv: another kind
  std::vector<std::string> variables;  ///< of its hosts, that become labels; empty: all that can
  LdapSearch ldap;                     ///< no url: another kind
  std::map<std::string, std::string> attributes;  ///< of `ldap`: name, address, labels
  std::vector<std::pair<std::string, std::string>>
      labels;          ///< where the source says nothing itself
  bool merge = false;  ///< clients that are listed before get what they lack
  std::string name;    ///< of what is asked, for people: `ansible hosts.ini`
  Place place;

  /// Whether somebody has to be asked: a program is run, or a connection made.
  bool is_asked() const { return !program.argv.empty() || !ldap.url.empty(); }
};

/// Reads every source. What cannot be read, is malformed or is named twice becomes a problem; the
/// table then holds the other clients. A file stops being read after some hundred problems. Without
/// an asker, sources that have to be asked are passed over.
ClientTable read_inventory(const std::vector<InventorySource>& sources, Problems& problems,
                           InventoryAsker* asker = nullptr);

}  // namespace sitewide
