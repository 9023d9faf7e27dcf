// What must hold of the problems of any plan or inventory.
#pragma once

#include <string_view>
#include <vector>

#include "plans/diagnostics.h"

namespace sitewide::fuzz {

/// Each problem says what is wrong, its place lies within the file whose text is in
/// `texts[place.source]`, and all of them are safe to show in every form. Reads no file that is not
/// in `files`.
void check_problems(const Problems& problems, const std::vector<SourceFile>& files,
                    const std::vector<std::string_view>& texts);

}  // namespace sitewide::fuzz
