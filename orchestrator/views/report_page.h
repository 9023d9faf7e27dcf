// The parts of the report's page that are the same in each: its style and its script.
#pragma once

#include <string_view>

namespace sitewide {

/// CSS, for the screen and for paper.
std::string_view report_style();
/// JavaScript that shows the clients of the embedded data, page by page.
std::string_view report_script();

}  // namespace sitewide
