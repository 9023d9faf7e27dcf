// A plan from its file to its schedule: loader, payload, inventory, time zones, compiler, one after
// the other.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/core/compile.h"
#include "plans/loader.h"

namespace sitewide {

struct CompiledPlan {
  LoadedPlan loaded;
  Compiled compiled;                   ///< its schedule is complete only when there are no errors
  Problems problems;                   ///< of all stages, sorted
  Digest inventory;                    ///< of the whole inventory in canonical form, if asked for
  std::vector<std::string> not_asked;  ///< sources of the inventory that were passed over
  /// The plan has no other errors than secrets that are missing for those who are to be asked.
  bool lacks_secrets = false;
  bool ok() const { return !has_errors(problems); }
};

struct CompileHow {
  bool ask = true;  ///< programs and directories of the inventory; else they are passed over
  bool digest_inventory = false;
};

/// Reports every problem of every stage that can still be judged; nothing is written anywhere. With
/// sources that were not asked, the schedule is of the clients that are known, and what only a
/// whole inventory can show is not judged.
CompiledPlan compile_plan(const std::string& path, const std::string& only, Timestamp now,
                          const CompileHow& how = {});

}  // namespace sitewide
