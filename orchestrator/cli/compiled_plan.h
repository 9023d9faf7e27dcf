// A plan from its file to its schedule: loader, payload, inventory, time zones, compiler, one after
// the other.
#pragma once

#include <string>

#include "orchestrator/core/compile.h"
#include "plans/loader.h"

namespace sitewide {

struct CompiledPlan {
  LoadedPlan loaded;
  Compiled compiled;  ///< its schedule is complete only when there are no errors
  Problems problems;  ///< of all stages, sorted
  Digest inventory;   ///< of the whole inventory in canonical form, if asked for
  bool ok() const { return !has_errors(problems); }
};

/// Reports every problem of every stage that can still be judged; nothing is written anywhere.
CompiledPlan compile_plan(const std::string& path, const std::string& only, Timestamp now,
                          bool digest_inventory = false);

}  // namespace sitewide
