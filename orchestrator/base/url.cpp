#include "orchestrator/base/url.h"

#include <algorithm>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kLongestHost = 253;
constexpr std::size_t kLongestLabel = 63;
constexpr std::uint16_t kPlainPort = 80;
constexpr std::uint16_t kSecurePort = 443;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Error refuse(std::string why) { return {ErrorKind::invalid, std::move(why)}; }

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kLongestLabel) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

bool is_byte(std::string_view digits) {
  if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits[0] == '0')) return false;
  if (!std::all_of(digits.begin(), digits.end(), is_digit)) return false;
  int value = 0;
  for (const char c : digits) value = 10 * value + (c - '0');
  return value <= 255;
}

bool is_ipv4(std::string_view text) {
  const auto parts = split(text, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), is_byte);
}

// A name, or an IPv4 address. A last part of digits alone can only mean an address: other programs
// take `127.1` and `0x7f000001` for one, and a plan shall say what it means.
bool is_host(std::string_view host) {
  if (host.empty() || host.size() > kLongestHost) return false;
  const auto labels = split(host, '.');
  if (!std::all_of(labels.begin(), labels.end(), is_label)) return false;
  return !is_digit(labels.back().front()) || is_ipv4(host);
}

// Up to eight groups of four hex digits, at most one `::`, perhaps an IPv4 address at the end.
bool is_ipv6_address(std::string_view text) {
  const std::size_t gap = text.find("::");
  if (gap != text.npos && text.find("::", gap + 1) != text.npos) return false;
  std::size_t groups = 0;
  bool good = true;
  const auto count = [&](std::string_view side, bool at_the_end) {
    if (side.empty()) return;
    const auto parts = split(side, ':');
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool dotted = at_the_end && i + 1 == parts.size() && is_ipv4(parts[i]);
      const bool group = !parts[i].empty() && parts[i].size() <= 4 &&
                         std::all_of(parts[i].begin(), parts[i].end(), is_hex);
      good = good && (dotted || group);
      groups += dotted ? 2 : 1;
    }
  };
  if (gap == text.npos) {
    count(text, true);
    return good && groups == 8;
  }
  count(text.substr(0, gap), false);
  count(text.substr(gap + 2), true);
  return good && groups < 8;
}

// Printable ASCII but for what must be written as %HH.
bool is_target_character(char c) {
  return c > ' ' && c < '\x7f' && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
}

std::string fault_of_target(std::string_view target) {
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (target[i] == '#') return "a part after `#` is never sent; leave it out";
    if (!is_target_character(target[i]))
      return "`" + escaped(target.substr(i, 1)) + "` has to be written as % and two hex digits";
    if (target[i] != '%') continue;
    const bool complete = i + 2 < target.size() && is_hex(target[i + 1]) && is_hex(target[i + 2]);
    if (!complete) return "a `%` needs two hex digits after it";
  }
  return {};
}

Result<std::uint16_t> read_port(std::string_view digits) {
  unsigned value = 0;
  const bool number =
      !digits.empty() && digits.size() <= 5 && std::all_of(digits.begin(), digits.end(), is_digit);
  if (number) {
    for (const char c : digits) value = 10 * value + static_cast<unsigned>(c - '0');
  }
  if (value == 0 || value > 65535) return refuse("its port is not a number from 1 to 65535");
  return static_cast<std::uint16_t>(value);
}

// `host`, `host:port`, `[address]` or `[address]:port`.
Result<> read_authority(std::string_view text, Url& url) {
  if (text.find('@') != text.npos)
    return refuse("names and passwords do not belong into it; use a header with a secret");
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == text.npos) return refuse("a `[` has no `]`");
    url.host = to_lower(text.substr(1, close - 1));
    if (!is_ipv6_address(url.host)) return refuse("what stands in `[]` is no IPv6 address");
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && rest.front() != ':') return refuse("only a port may follow the `]`");
    has_port = !rest.empty();
    port = rest.substr(has_port ? 1 : 0);
  } else {
    const std::size_t colon = text.find(':');
    has_port = colon != text.npos;
    url.host = to_lower(text.substr(0, colon));
    if (url.host.empty()) return refuse("it names no host");
    if (!is_host(url.host))
      return refuse("`" + escaped(url.host, 80) + "` is no name or address of a host");
    if (has_port) port = text.substr(colon + 1);
  }
  if (!has_port) return {};
  const auto number = read_port(port);
  if (!number) return number.error();
  url.port = *number;
  return {};
}

}  // namespace

std::string Url::authority() const {
  const std::string name = is_ipv6() ? "[" + host + "]" : host;
  return port == (secure ? kSecurePort : kPlainPort) ? name : name + ":" + std::to_string(port);
}

std::string Url::origin() const {
  return std::string(secure ? "https://" : "http://") + authority();
}

std::string Url::text() const { return origin() + target; }

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kLongestUrl)
    return refuse("it has more than " + with_separators(kLongestUrl) + " characters");
  const std::size_t colon = text.find("://");
  const std::string scheme = to_lower(text.substr(0, colon == text.npos ? 0 : colon));
  if (scheme != "http" && scheme != "https")
    return refuse("it has to begin with `https://` or `http://`");
  Url url;
  url.secure = scheme == "https";
  url.port = url.secure ? kSecurePort : kPlainPort;
  const std::string_view rest = text.substr(colon + 3);
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  if (auto read = read_authority(rest.substr(0, end), url); !read) return read.error();
  const std::string_view target = rest.substr(end);
  if (std::string fault = fault_of_target(target); !fault.empty()) return refuse(std::move(fault));
  url.target = (target.starts_with('/') ? "" : "/") + std::string(target);
  return url;
}

}  // namespace sitewide
