// Roff: the pieces that manual pages are made of, in the man macros. Pure.
#pragma once

#include <string>
#include <string_view>

namespace sitewide::roff {

/// Text in which nothing is a request or an escape. Hyphens and the quotes of code stay what can be
/// typed.
std::string text(std::string_view words);
/// The same, with what stands between backquotes in bold.
std::string marked(std::string_view words);
std::string bold(std::string_view words);
std::string italic(std::string_view words);

std::string section(std::string_view name);
std::string subsection(std::string_view name);
/// An entry of a list: `head` (roff already) and what it is.
std::string entry(std::string_view head, std::string_view words);
/// Lines that are not filled.
std::string lines(std::string_view words);

/// The beginning of a page of that name and section of the manual.
std::string head(std::string_view page, int manual, std::string_view what_it_is);

}  // namespace sitewide::roff
