#include "orchestrator/views/report_html.h"

#include <array>
#include <cstdio>

#include "orchestrator/base/text.h"
#include "orchestrator/views/wording.h"

namespace sitewide {

std::string html(std::string_view text) { return html_escaped(escaped(text)); }

std::string html_time(Timestamp at) {
  return format_timestamp(std::chrono::floor<std::chrono::seconds>(at));
}

std::string html_number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  std::string number = text.data();
  if (number.ends_with(".0")) number.resize(number.size() - 2);
  return number;
}

std::string url_part(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_';
    if (plain) {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result += '%';
    result += "0123456789ABCDEF"[byte >> 4U];
    result += "0123456789ABCDEF"[byte & 15U];
  }
  return result;
}

std::string client_link(std::string_view name) {
  // The script knows clients by the text that is shown.
  return "<a class=\"mono\" href=\"#client=" + url_part(escaped(name)) + "\">" + html(name) +
         "</a>";
}

std::string_view tone_of(ClientState state) {
  switch (state) {
    case ClientState::upgraded:
    case ClientState::already_current:
      return "good";
    case ClientState::failed:
    case ClientState::lost:
    case ClientState::needs_hands:
      return "bad";
    case ClientState::late:
    case ClientState::in_doubt:
    case ClientState::restoring:
    case ClientState::restored:
      return "warn";
    case ClientState::inspecting:
    case ClientState::backing_up:
    case ClientState::triggered:
    case ClientState::converging:
      return "busy";
    case ClientState::waiting:
    case ClientState::skipped:
      break;
  }
  return "";
}

std::string_view tone_of(GroupState state) {
  switch (state) {
    case GroupState::passed:
      return "good";
    case GroupState::halted:
      return "bad";
    case GroupState::rolling_back:
    case GroupState::rolled_back:
    case GroupState::awaiting_approval:
      return "warn";
    case GroupState::running:
    case GroupState::soaking:
    case GroupState::checking:
      return "busy";
    case GroupState::waiting:
    case GroupState::skipped:
      break;
  }
  return "";
}

std::string_view tone_of(RolloutState state) {
  switch (state) {
    case RolloutState::completed:
      return "good";
    case RolloutState::halted:
    case RolloutState::needs_hands:
      return "bad";
    case RolloutState::paused:
    case RolloutState::rolling_back:
    case RolloutState::interrupted:
    case RolloutState::completed_with_failures:
    case RolloutState::rolled_back:
    case RolloutState::aborted:
      return "warn";
    case RolloutState::running:
      break;
  }
  return "busy";
}

namespace {

template <class State>
std::string state_span(State state) {
  return "<span class=\"state " + std::string(tone_of(state)) + "\">" +
         std::string(glyph(state, Charset::utf8)) + "&nbsp;" + spoken(name_of(state)) + "</span>";
}

}  // namespace

std::string state_html(ClientState state) { return state_span(state); }
std::string state_html(GroupState state) { return state_span(state); }

std::string html_section(std::string_view id, std::string_view title, std::string_view body) {
  const std::string name(id);
  std::string text = "<section id=\"" + name + "\" aria-labelledby=\"" + name + "-title\">\n";
  text += "<h2 id=\"" + name + "-title\">" + html(title) + "</h2>\n";
  return text.append(body).append("</section>\n");
}

HtmlTable::HtmlTable(std::string_view caption, const std::vector<std::string>& columns,
                     bool first_heads_row)
    : first_heads_row_(first_heads_row) {
  const std::string name = html(caption);
  // What scrolls sideways can be reached by keyboard.
  text_ = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + name +
          "\"><table><caption class=\"unseen\">" + name + "</caption><thead><tr>";
  for (const std::string& column : columns) {
    const bool number = column.ends_with('#');
    numbers_.push_back(number);
    text_ += number ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">";
    text_ += html(number ? column.substr(0, column.size() - 1) : column) + "</th>";
  }
  text_ += "</tr></thead><tbody>\n";
}

void HtmlTable::row(const std::vector<std::string>& cells) {
  text_ += "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i == 0 && first_heads_row_) {
      text_ += "<th scope=\"row\">" + cells[i] + "</th>";
    } else {
      text_ += numbers_[i] ? "<td class=\"number\">" : "<td>";
      text_ += cells[i] + "</td>";
    }
  }
  text_ += "</tr>\n";
  ++rows_;
}

std::string HtmlTable::take() { return std::move(text_) + "</tbody></table></div>\n"; }

}  // namespace sitewide
