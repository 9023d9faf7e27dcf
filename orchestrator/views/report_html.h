// The few pieces of HTML that every part of the report is made of: escaped text, tables, sections.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/core/step.h"
#include "orchestrator/core/time.h"

namespace sitewide {

/// Text for an element or an attribute value: control characters are made visible, `<` is `&lt;`.
std::string html(std::string_view text);
/// An instant to the second.
std::string html_time(Timestamp at);
/// One decimal at most, for coordinates.
std::string html_number(double value);
/// Fit for the fragment of a link: all but letters, digits, `-`, `.` and `_` is percent-encoded.
std::string url_part(std::string_view text);
/// The link that opens a client: its name as text.
std::string client_link(std::string_view name);

/// `good`, `bad`, `warn`, `busy` or empty: the style of a state.
std::string_view tone_of(ClientState state);
std::string_view tone_of(GroupState state);
std::string_view tone_of(RolloutState state);
/// Glyph and word of a state, in its tone: `<span class="state bad">✖ failed</span>`.
std::string state_html(ClientState state);
std::string state_html(GroupState state);

/// A section with its heading, `id` the place that links lead to. `body` is HTML.
std::string html_section(std::string_view id, std::string_view title, std::string_view body);

/// One table: a caption for those who cannot see where it stands, a header a column, cells that are
/// HTML already. Columns whose title ends in `#` hold numbers. The first cell of a row heads it.
class HtmlTable {
 public:
  HtmlTable(std::string_view caption, const std::vector<std::string>& columns,
            bool first_heads_row = true);
  void row(const std::vector<std::string>& cells);
  bool empty() const { return rows_ == 0; }
  /// The table; it can be read once.
  std::string take();

 private:
  std::string text_;
  std::vector<bool> numbers_;
  bool first_heads_row_;
  std::size_t rows_ = 0;
};

}  // namespace sitewide
