// Schema: the plan language as JSON Schema (draft-07), for editors that check and complete a plan
// while it is written. Made from the same tables as the loader's own checks. Pure.
#pragma once

#include <string>

namespace sitewide {

/// The schema of a plan, as indented JSON with a line end.
std::string plan_schema();

}  // namespace sitewide
