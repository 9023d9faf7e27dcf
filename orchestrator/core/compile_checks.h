// CompileChecks: what must hold between a plan and its inventory, beyond what each says alone.
// Pure; borrows everything. It only adds problems.
#pragma once

#include <vector>

#include "orchestrator/core/client_table.h"
#include "orchestrator/core/plan.h"
#include "orchestrator/core/problem.h"

namespace sitewide {

struct CompileChecks {
  const Plan& plan;
  const ClientTable& inventory;
  const std::vector<std::uint32_t>& group_of;  ///< by inventory index; kNone: in no group
  const std::vector<std::uint32_t>& site_of;   ///< the same
  std::vector<Problem>& problems;

  /// Each client of the group gets at most one build of a file at one place; with two it could
  /// never be proven.
  void builds(std::uint32_t group) const;
  /// Placeholders of the group's programs and transport name labels that clients have.
  void labels(std::uint32_t group) const;
  /// A force of `site` by group `forcing` reaches no client of a command group: nothing would have
  /// kept what stood there before.
  void command_clients(std::uint32_t forcing, std::uint32_t site) const;

 private:
  void add(const Place& place, std::string message, std::string help) const;
};

}  // namespace sitewide
