// CompileChecks: what must hold between a plan and its inventory, beyond what each says alone.
// Pure; borrows everything. It only adds problems.
#pragma once

#include <vector>

#include "orchestrator/core/client_table.h"
#include "orchestrator/core/operation.h"
#include "orchestrator/core/plan.h"
#include "orchestrator/core/problem.h"

namespace sitewide {

struct CompileChecks {
  const Plan& plan;
  const ClientTable& inventory;
  const std::vector<std::uint32_t>& group_of;  ///< by inventory index; kNone: in no group
  const std::vector<std::uint32_t>& site_of;   ///< the same
  std::vector<Problem>& problems;

  /// Whether the hotfix is for clients of this one's platform and system.
  bool covers(std::uint32_t client) const;
  /// All that must hold for the clients of one group …
  void group(std::uint32_t group) const {
    builds(group);
    covered(group);
  }
  /// … and, once all clients are known: placeholders of the group's programs and transport name
  /// labels that clients have …
  void labels(std::uint32_t group) const;
  /// … and for the force of `site` by group `forcing`.
  void force(std::uint32_t forcing, std::uint32_t site) const {
    command_clients(forcing, site);
    covered_by_force(forcing, site);
  }

 private:
  /// Each client of the group gets at most one build of a file at one place; with two it could
  /// never be proven.
  void builds(std::uint32_t group) const;
  /// Warns of clients that no build is for, by their labels `platform` and `os`. Those of the
  /// group; and, for a force, those of no group that it reaches as well: they stay out of the
  /// rollout, for nothing of theirs changes.
  void covered(std::uint32_t group) const;
  void covered_by_force(std::uint32_t group, std::uint32_t site) const;
  /// A force of `site` by group `forcing` reaches no client of a command group: nothing would have
  /// kept what stood there before.
  void command_clients(std::uint32_t forcing, std::uint32_t site) const;

  template <class Concerned>
  void warn_uncovered(std::uint32_t group, std::string_view which, std::string help,
                      const Concerned& concerned) const;
  ClientKind kind_of(std::uint32_t client) const;
  void add(const Place& place, std::string message, std::string help) const;
};

}  // namespace sitewide
