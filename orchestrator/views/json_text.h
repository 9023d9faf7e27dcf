// JsonText: JSON as text that no terminal, log or HTML page can misunderstand: control characters,
// bidirectional overrides and line separators are `\u` escapes, bytes that are not UTF-8 become
// U+FFFD.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace sitewide {

/// A JSON string value from any bytes.
boost::json::string json_string(std::string_view bytes);
/// One line. With `for_html`, `<`, `>` and `&` are escapes too, so that it may stand in a script
/// element.
std::string json_text(const boost::json::value& value, bool for_html = false);

}  // namespace sitewide
