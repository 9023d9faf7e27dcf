// Nodeset: names with ranges, as ClusterShell writes them: `pc[001-040].hq`, `[1-3,7]`,
// `rack[1-2]u[01-42]`. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "orchestrator/base/result.h"

namespace sitewide {

/// More names than this, in all of a plan, belong in a CSV file.
inline constexpr std::uint64_t kNodesetNames = 1'000'000;

/// Calls `name` for each name of `pattern`, the last range running fastest, and returns how many
/// there were. Numbers keep the zeros that a range's first number is written with. A malformed
/// pattern, or one of more than `limit` names, is an Error of kind invalid; then `name` was not
/// called.
Result<std::uint64_t> expand_nodeset(std::string_view pattern,
                                     const std::function<void(const std::string&)>& name,
                                     std::uint64_t limit = kNodesetNames);

}  // namespace sitewide
