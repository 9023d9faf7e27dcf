// Addresses of web servers: what is accepted is read as it is printed, and fits into one line of a
// request.
#include <algorithm>

#include "orchestrator/base/url.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {

void url(std::string_view input) {
  const auto read = parse_url(input);
  if (!read) {
    holds(!read.error().message.empty(), "a refusal says why", input);
    return;
  }
  const std::string text = read->text();
  const auto again = parse_url(text);
  // The printed form may be longer by a slash and shorter by a port.
  if (!again) {
    holds(text.size() > kLongestUrl, "what is accepted is accepted as it is printed", input);
    return;
  }
  holds(again->text() == text, "it means the same", input);
  holds(read->port != 0 && !read->host.empty(), "it names a host and a port", input);
  holds(read->target.starts_with('/'), "a target is a path", input);
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  holds(std::all_of(text.begin(), text.end(), visible), "nothing in it ends a line", input);
  holds(read->authority().find_first_of("@/?#") == std::string::npos, "a host is a host", input);
}

}  // namespace sitewide::fuzz
