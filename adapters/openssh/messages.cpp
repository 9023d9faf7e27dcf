#include "adapters/openssh/messages.h"

#include <algorithm>
#include <vector>

#include "orchestrator/base/text.h"

namespace sitewide::openssh {
namespace {

using Kind = ssh::Fault::Kind;

constexpr std::size_t kLongestLine = 200;

/// A part of a line that says what happened, the telling before the vague: one failure is often
/// told in several lines.
struct Rule {
  std::string_view part;
  Kind kind;
  std::string_view words;  ///< empty: the line itself says it best
};

constexpr Rule kRules[] = {
    {"host key is known for", Kind::denied,
     "its host key is not known; compare it with the one on the machine, then log in once by hand, "
     "or say `host_keys: accept_new`"},
    {"Host key verification failed", Kind::denied, "its host key is not the one that is known"},
    {"Permission denied (", Kind::denied, ""},
    {"Too many authentication failures", Kind::denied, ""},
    {"Unable to negotiate with", Kind::denied, ""},
    {"subsystem request failed", Kind::denied, "it offers no SFTP"},
    {"Bad configuration option", Kind::denied, ""},
    {"Can't open user config file", Kind::denied, ""},
    {"Bad owner or permissions on", Kind::denied, ""},
    {"Could not resolve hostname", Kind::unreachable, "its name is not found"},
    {"connect to host", Kind::unreachable, ""},
    {"timed out during banner exchange", Kind::unreachable,
     "it takes connections and says nothing"},
    {"kex_exchange_identification", Kind::unreachable,
     "it closes the connection before it says who it is"},
    {"banner exchange", Kind::unreachable, ""},
    {"not responding", Kind::lost, "it no longer answers"},
    {"closed by remote host", Kind::lost, "it closed the connection"},
};

std::vector<std::string_view> lines_of(std::string_view printed) {
  std::vector<std::string_view> lines;
  for (const std::string_view line : split(printed, '\n')) {
    const std::string_view text = trim(line);
    // Told of a key that was taken on this very connection, which then went on.
    if (!text.empty() && !text.starts_with("Warning: Permanently added")) lines.push_back(text);
  }
  return lines;
}

std::string shown(std::string_view line) { return escaped(line, kLongestLine); }

/// `ssh: connect to host pc1 port 22: Connection refused`: the last part says why.
std::string reason_at_end(std::string_view line) {
  const std::size_t colon = line.rfind(": ");
  return shown(colon == std::string_view::npos ? line : line.substr(colon + 2));
}

std::string words_for(const Rule& rule, std::string_view line) {
  if (!rule.words.empty()) return std::string(rule.words);
  if (rule.part == "connect to host") return "no connection: " + reason_at_end(line);
  if (rule.part == "Permission denied (")
    return "the login is refused: " + shown(line.substr(line.find("Permission denied")));
  return shown(line);
}

/// The words for a host whose key is another one than known_hosts holds: what was sent, and the
/// command that ssh itself names for a machine that was installed anew.
std::string changed_key(const std::vector<std::string_view>& lines) {
  std::string text = "it has another host key than the one that is known";
  for (const std::string_view line : lines) {
    if (line.starts_with("SHA256:") || line.starts_with("MD5:"))
      text += ": " + shown(line.substr(0, line.find_last_not_of('.') + 1));
  }
  text += "; this may be another machine that poses as it";
  for (const std::string_view line : lines) {
    if (line.starts_with("ssh-keygen "))
      text += ". If it was installed anew: `" + shown(line) + "`";
  }
  return text;
}

}  // namespace

std::optional<ssh::Fault> fault_in(std::string_view printed, std::string_view host) {
  const std::vector<std::string_view> lines = lines_of(printed);
  if (lines.empty()) return std::nullopt;
  const std::string name = escaped(host, 80) + ": ";
  const bool changed = std::ranges::any_of(lines, [](std::string_view line) {
    return line.find("HOST IDENTIFICATION HAS CHANGED") != std::string_view::npos;
  });
  if (changed) return ssh::Fault{Kind::denied, name + changed_key(lines)};
  for (const Rule& rule : kRules) {
    for (const std::string_view line : lines) {
      if (line.find(rule.part) == std::string_view::npos) continue;
      return ssh::Fault{rule.kind, name + words_for(rule, line)};
    }
  }
  return ssh::Fault{Kind::lost, name + "the connection was lost: " + shown(lines.back())};
}

ssh::Fault silent_fault(std::string_view host) {
  return ssh::Fault{
      Kind::lost,
      escaped(host, 80) +
          ": the connection was lost, as far as one can tell: ssh ended with 255 and said nothing"};
}

}  // namespace sitewide::openssh
