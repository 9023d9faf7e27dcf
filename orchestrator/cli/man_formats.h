// Manual pages of formats: the plan language, from the tables that plans are read by, and the
// events that --json prints. Pure.
#pragma once

#include <string>

namespace sitewide {

std::string man_page_of_plans();   ///< sitewide-plan(5)
std::string man_page_of_events();  ///< sitewide-events(5)

}  // namespace sitewide
