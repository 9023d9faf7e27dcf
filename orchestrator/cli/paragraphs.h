// Paragraphs: sentences as a list that is broken at blanks, for screens. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sitewide {

/// `head` on a line of its own, then each text as `  - …`; nothing without texts. Not escaped.
std::string paragraphs(std::string_view head, const std::vector<std::string>& texts);

}  // namespace sitewide
