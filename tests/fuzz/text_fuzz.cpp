// Text on its way out: whatever bytes come in, what is shown is safe, and nothing is lost on the
// way that need not be.
#include <algorithm>
#include <boost/json.hpp>

#include "orchestrator/base/digest.h"
#include "orchestrator/base/text.h"
#include "orchestrator/views/cells.h"
#include "orchestrator/views/json_text.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

void check_escaped(std::string_view input) {
  const std::string safe = escaped(input);
  holds_safe(safe);
  holds(escaped(safe) == safe, "what is escaped stays", safe);
  if (is_printable_ascii(input)) holds(safe == input, "plain text stays as it is", input);
  for (const std::size_t limit : {0U, 1U, 7U, 80U}) {
    const std::string cut = escaped(input, limit);
    holds_safe(cut);
    holds(cut.size() <= limit + 3, "a cut text is short", cut);
    const std::string_view kept = std::string_view(cut).substr(0, cut.rfind("…"));
    holds(safe.starts_with(cut) || safe.starts_with(kept), "it is cut at its end", safe);
  }
}

void check_cells(const std::string& safe) {
  for (const std::size_t width : {0U, 1U, 2U, 5U, 40U}) {
    const std::string cell = fitted(safe, width);
    holds_safe(cell);
    holds(cells_of(cell) == width, "a cell is as wide as it should be", cell);
    holds(safe.starts_with(fitting(safe, width)), "what fits is the beginning", safe);
    holds(cells_of(fitting(safe, width)) <= width, "and fits", safe);
  }
  holds(is_printable_ascii(ascii_text(safe)), "ASCII is ASCII", safe);
}

void check_utf8(std::string_view input) {
  const std::string text = to_utf8(input);
  holds(is_utf8(text), "what is made UTF-8 is UTF-8", input);
  holds(to_utf8(text) == text, "UTF-8 stays", text);
  if (is_utf8(input)) holds(text == input, "UTF-8 is left alone", input);
  boost::json::object object;
  object["key"] = json_string(input);
  for (const bool for_html : {false, true}) {
    const std::string json = json_text(object, for_html);
    holds_safe(json);
    const auto read = boost::json::parse(json);
    holds(read.at("key").as_string() == text, "JSON is read as it was", json);
    if (for_html) {
      holds(json.find_first_of("<>&") == std::string::npos, "JSON ends no script element", json);
    }
  }
  const std::string html = html_escaped(text);
  holds(html.find_first_of("<>\"'") == std::string::npos, "text is no mark-up", html);
}

}  // namespace

void text(std::string_view input) {
  check_escaped(input);
  check_cells(escaped(input));
  check_utf8(input);
  holds(has_control_character(escaped(input)) == false, "escaped text holds no control", input);
  std::vector<std::string> parts;
  for (const std::string_view part : split(input, ',')) parts.emplace_back(part);
  holds(join(parts, ",") == input, "what is split can be joined", input);
  if (parts.size() > 1 && parts.size() < 20 && input.size() < 500) {
    const std::vector<std::string_view> candidates(parts.begin() + 1, parts.end());
    const std::string_view found = nearest(parts.front(), candidates);
    const bool is_candidate =
        std::find(candidates.begin(), candidates.end(), found) != candidates.end();
    holds(found.empty() || is_candidate, "what is near is a candidate", input);
  }
  if (const auto digest = Digest::parse(input)) {
    holds(digest->hex() == to_lower(input), "a digest is read as printed", input);
  }
}

}  // namespace sitewide::fuzz
