// Shape: whether a document has the keys and kinds of values that the tables in plans/keys.h allow.
// Everything that a JSON Schema can say about a plan is said here; readers then take values without
// looking at their form again. Pure.
#pragma once

#include <string>

#include "orchestrator/core/problem.h"
#include "plans/document.h"
#include "plans/keys.h"

namespace sitewide {

/// Adds one problem for each unknown, missing or malformed key and value below `node`.
void check_shape(const Node& node, const Section& section, Problems& problems);

/// True when the single value has the form that check_shape asks for.
bool is_well_formed(const Node& node, const Key& key);

/// "a key with a similar name exists: `x`", or the list of what there is.
std::string suggestion(std::string_view word, std::span<const std::string_view> candidates,
                       std::string_view noun);

}  // namespace sitewide
