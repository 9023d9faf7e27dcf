// The parts of the report's page that are the same in each: its style, its script, and the policy
// that lets a browser run these and load nothing else. Style and script are files in page/.
#pragma once

#include <string>
#include <string_view>

namespace sitewide {

/// CSS, for the screen and for paper.
std::string_view report_style();
/// JavaScript that shows the clients of the embedded data.
const std::string& report_script();
/// The page's Content-Security-Policy: nothing is loaded, and only this style and this script, by
/// their SHA-256, are obeyed.
std::string report_policy();
/// Everything before the body's content, and everything after it. `title` and `data` are safe
/// already: HTML, and JSON that may stand in a script element.
std::string page_begin(std::string_view title);
std::string page_end(std::string_view data);

}  // namespace sitewide
