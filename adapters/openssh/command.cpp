#include "adapters/openssh/command.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <utility>

#include "orchestrator/base/text.h"

namespace sitewide::openssh {
namespace {

bool is_host(std::string_view host) {
  return !host.empty() && host.front() != '-' && std::ranges::all_of(host, [](char letter) {
    const auto code = static_cast<unsigned char>(letter);
    return (code < 0x80 && std::isalnum(code) != 0) ||
           std::string_view("-._:%").find(letter) != std::string_view::npos;
  });
}

/// A path as the value of an option: ssh splits it at blanks and has tokens that begin with `%`,
/// and variables with `${`.
Result<std::string> path_value(const std::string& path) {
  if (path.find_first_of("\"\\\r\n$") != std::string::npos)
    return Error{ErrorKind::refused,
                 "the path " + escaped(path) + " cannot be written in an option of ssh"};
  std::string value = "\"";
  for (const char letter : path) value += letter == '%' ? "%%" : std::string(1, letter);
  return value + "\"";
}

std::string seconds(std::chrono::milliseconds duration) {
  const auto whole = std::chrono::ceil<std::chrono::seconds>(duration).count();
  return std::to_string(std::max<std::int64_t>(whole, 1));
}

// `exec`, for what is run is a program and never one of the shell's own commands.
constexpr const char* kRunScript = R"sh(
(exec "$@") 2>&1
code=$?
[ "$code" -ne 255 ] || echo "$0" >&2
exit "$code"
)sh";

}  // namespace

Argv telling_own_end(Argv argv) {
  Argv whole{"/bin/sh", "-c", kRunScript, std::string(kOwnEnd)};
  for (std::string& element : argv) whole.push_back(std::move(element));
  return whole;
}

Result<Argv> ssh_argv(const ssh::Settings& settings, Use use) {
  if (!is_host(settings.host))
    return Error{ErrorKind::refused,
                 "the host " + escaped(settings.host) + " is no name of a host"};
  Argv argv{"ssh", "-T"};
  if (!settings.config.empty()) argv.insert(argv.end(), {"-F", settings.config});
  const auto option = [&argv](std::string_view name, std::string_view value) {
    argv.push_back("-o" + std::string(name) + "=" + std::string(value));
  };
  option("BatchMode", "yes");
  // Its words tell its own failures apart, so ssh_config must not silence it.
  option("LogLevel", "INFO");
  option("RemoteCommand", "none");
  option("ClearAllForwardings", "yes");
  option("ForwardAgent", "no");
  option("ConnectTimeout", seconds(settings.connect_within));
  option("ServerAliveInterval", seconds(settings.keepalive));
  option("ServerAliveCountMax", "3");
  option("StrictHostKeyChecking", settings.accept_new ? "accept-new" : "yes");
  if (settings.port != 0) option("Port", std::to_string(settings.port));
  if (!settings.user.empty()) option("User", settings.user);
  if (!settings.known_hosts.empty()) {
    const auto value = path_value(settings.known_hosts);
    if (!value) return value.error();
    option("UserKnownHostsFile", *value);
  }
  if (!settings.identity.empty()) {
    const auto value = path_value(settings.identity);
    if (!value) return value.error();
    option("IdentityFile", *value);
    option("IdentitiesOnly", "yes");
  }
  // Files are had over a connection that others keep; a master that ended with them would take the
  // programs of others with it.
  if (use == Use::files) option("ControlMaster", "no");
  if (use == Use::files) argv.emplace_back("-s");
  argv.insert(argv.end(), {"--", settings.host});
  if (use == Use::files) argv.emplace_back("sftp");
  return argv;
}

}  // namespace sitewide::openssh
