#include "orchestrator/cli/roff.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace sitewide::roff {
namespace {

// The code point that begins at `at`, which moves past it. The text is our own, so it is UTF-8.
std::uint32_t code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  std::uint32_t value = more == 0 ? lead : lead & (0x3FU >> more);
  for (std::size_t i = 1; i <= more && at + i < text.size(); ++i)
    value = (value << 6U) | (byte(at + i) & 0x3FU);
  at += more + 1;
  return value;
}

}  // namespace

std::string text(std::string_view words) {
  std::string result;
  bool line_begins = true;
  for (std::size_t at = 0; at < words.size();) {
    const std::uint32_t c = code_point(words, at);
    if (line_begins && (c == '.' || c == '\'')) result += "\\&";
    line_begins = c == '\n';
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else if (c == '\'') {
      result += "\\(aq";
    } else if (c == '`') {
      result += "\\(ga";
    } else if (c == '^') {
      result += "\\(ha";
    } else if (c == '~') {
      result += "\\(ti";
    } else if (c < 0x80) {
      result += static_cast<char>(c);
    } else {
      char name[16];
      std::snprintf(name, sizeof name, "\\[u%04X]", static_cast<unsigned>(c));
      result += name;
    }
  }
  return result;
}

std::string marked(std::string_view words) {
  std::string result;
  for (bool inside = false; !words.empty(); inside = !inside) {
    const std::size_t end = std::min(words.find('`'), words.size());
    const std::string_view part = words.substr(0, end);
    result += inside ? bold(part) : text(part);
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return result;
}

std::string bold(std::string_view words) { return "\\fB" + text(words) + "\\fR"; }
std::string italic(std::string_view words) { return "\\fI" + text(words) + "\\fR"; }
std::string section(std::string_view name) { return ".SH " + text(name) + "\n"; }
std::string subsection(std::string_view name) { return ".SS " + text(name) + "\n"; }
std::string entry(std::string_view head, std::string_view words) {
  return ".TP\n" + std::string(head) + "\n" + std::string(words) + "\n";
}
std::string lines(std::string_view words) { return ".PP\n.nf\n" + text(words) + "\n.fi\n"; }

std::string head(std::string_view page, int manual, std::string_view what_it_is) {
  std::string title(page);
  for (char& c : title) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return ".\\\" Printed by `sitewide man`; the program is the source.\n.TH " + title + " " +
         std::to_string(manual) +
         " \"\" \"sitewide " SITEWIDE_VERSION "\" \"Sitewide\"\n.nh\n.ad l\n" + section("NAME") +
         text(page) + " \\- " + text(what_it_is) + "\n";
}

}  // namespace sitewide::roff
