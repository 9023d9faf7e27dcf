#include "orchestrator/core/smb.h"

#include <algorithm>
#include <charconv>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kLongestPlace = 1024;
constexpr std::size_t kLongestName = 255;
constexpr std::string_view kScheme = "smb:";

/// What stands before an `@` may be a password.
Error refuse(std::string_view text, std::string_view why) {
  const std::size_t at = text.rfind('@');
  const std::size_t user = text.find("//");
  std::string shown(text);
  if (at != std::string_view::npos && user < at) shown.replace(user + 2, at - user - 2, "***");
  return {ErrorKind::invalid, escaped(shown, 200) + ": " + std::string(why)};
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == ':';
}

std::string_view host_fault(std::string_view host) {
  if (host.empty()) return "it names no server";
  // smbclient must never take it for an option.
  if (host.front() == '-' || host.front() == '.') return "the server's name begins wrongly";
  if (!std::ranges::all_of(host, is_host_character))
    return "the server is a name or an address, as in smb://server/share";
  return {};
}

/// Takes `server`, `server:port`, `[::1]:port` or a bare IPv6 address apart. Empty when that went
/// well, else why not.
std::string_view take_server(std::string_view server, SmbPlace& place) {
  if (server.find('@') != std::string_view::npos)
    return "user and password stand under `smb`, not in the address";
  std::string_view host = server;
  std::string_view port;
  bool has_port = false;
  if (server.starts_with('[')) {
    const std::size_t end = server.find(']');
    if (end == std::string_view::npos) return "the bracket of the address is not closed";
    host = server.substr(1, end - 1);
    const std::string_view rest = server.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return "after the bracket comes `:` and a port";
    has_port = !rest.empty();
    if (has_port) port = rest.substr(1);
  } else if (std::ranges::count(server, ':') == 1) {
    has_port = true;
    host = server.substr(0, server.find(':'));
    port = server.substr(host.size() + 1);
  }
  place.host = host;
  if (!has_port) return host_fault(host);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), place.port);
  const bool whole = error == std::errc{} && end == port.data() + port.size();
  return whole && place.port != 0 ? host_fault(host) : "the port is a number from 1 to 65535";
}

}  // namespace

std::string_view smb_name_fault(std::string_view name) {
  if (name.empty()) return "a name is missing";
  if (name == "." || name == "..") return "it leaves its folder";
  if (name.size() > kLongestName) return "a name is longer than 255 bytes";
  if (name.back() == '.' || name.back() == ' ') return "a name ends in a dot or a blank";
  if (!is_utf8(name)) return "a name is not UTF-8";
  if (has_control_character(name)) return "a name holds a control character";
  if (name.find_first_of("<>\"|?*:/\\;") != std::string_view::npos)
    return "a name holds a character that is not handed to smbclient";
  return {};
}

std::string SmbPlace::share_text() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  const std::string server = is_ipv6 ? "[" + host + "]" : host;
  return "//" + server + (port == kSmbPort ? "" : ":" + std::to_string(port)) + "/" + share;
}

std::string SmbPlace::unc() const {
  std::string text = R"(\\)" + host + R"(\)" + share;
  for (const std::string& folder : folders) text += R"(\)" + folder;
  return text;
}

std::string SmbPlace::canonical() const {
  std::string text = "smb:" + share_text();
  for (const std::string& folder : folders) text += "/" + folder;
  return to_lower(text);
}

bool is_smb_place(std::string_view text) {
  return to_lower(text.substr(0, kScheme.size())) == kScheme;
}

Result<SmbPlace> parse_smb_place(std::string_view text) {
  if (text.size() > kLongestPlace) return refuse(text, "it is longer than 1024 bytes");
  std::string_view rest = text;
  if (is_smb_place(text)) rest.remove_prefix(kScheme.size());
  if (!rest.starts_with("//")) return refuse(text, "a place on a server is smb://server/share");
  std::vector<std::string_view> parts = split(rest.substr(2), '/');
  while (parts.size() > 1 && parts.back().empty()) parts.pop_back();
  SmbPlace place;
  if (const auto fault = take_server(parts.front(), place); !fault.empty())
    return refuse(text, fault);
  if (parts.size() < 2) return refuse(text, "it names no share, as in smb://server/share");
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (const auto fault = smb_name_fault(parts[i]); !fault.empty()) return refuse(text, fault);
    if (i > 1) place.folders.emplace_back(parts[i]);
  }
  place.share = parts[1];
  return place;
}

}  // namespace sitewide
