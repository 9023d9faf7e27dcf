// InventoryWorld: asks the programs and directories of an inventory, for the commands that may.
// Blocks until each has answered or its time is over; Ctrl-C ends a program that runs, and us.
#pragma once

#include "plans/inventory_asker.h"

namespace sitewide {

class InventoryWorld : public InventoryAsker {
 public:
  Result<ListOutput> run(const ListProgram& program) override;
  Result<LdapAnswer> search(const LdapSearch& search) override;
};

}  // namespace sitewide
