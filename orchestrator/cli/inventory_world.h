// InventoryWorld: asks the programs and directories of an inventory, for the commands that may.
// Blocks until each has answered or its time is over; Ctrl-C ends a program that runs, and us.
#pragma once

#include <vector>

#include "orchestrator/core/problem.h"
#include "plans/inventory.h"

namespace sitewide {

class InventoryWorld : public InventoryAsker {
 public:
  Result<ListOutput> run(const ListProgram& program) override;
  Result<LdapAnswer> search(const LdapSearch& search) override;
};

/// What sources that are not asked now will need and this machine does not have: secrets of
/// directories. Warnings, at the source's place in the plan.
Problems missing_for(const std::vector<InventorySource>& sources);

}  // namespace sitewide
