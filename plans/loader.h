// Loader: a plan file becomes a Plan, the sources of its inventory, and every problem that the file
// itself shows. Loading runs nothing and reads nothing but the file; payloads (plans/payload.h) and
// inventory (plans/inventory.h) come after. Blocking; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/digest.h"
#include "orchestrator/core/plan.h"
#include "orchestrator/core/problem.h"
#include "plans/diagnostics.h"
#include "plans/inventory.h"

namespace sitewide {

struct LoadedPlan {
  Plan plan;  ///< complete only when no problem is an error
  std::vector<InventorySource> sources;
  Problems problems;  ///< sorted by place
  std::vector<SourceFile>
      files;          ///< what places point into: the plan, then inventory files; for render
  std::string path;   ///< of the plan, absolute
  std::string bytes;  ///< the file as it was read, once
  Digest digest;      ///< of these bytes
};

/// Reads the plan at `path`. A file that cannot be read is a problem without a line.
LoadedPlan load_plan(const std::string& path);

/// The same for bytes that were read before; `path` says where relative paths begin.
LoadedPlan load_plan(const std::string& path, std::string bytes);

}  // namespace sitewide
