#include "adapters/ssh/remote_command.h"

#include <algorithm>
#include <cctype>

#include "adapters/ssh/quoting.h"
#include "orchestrator/base/text.h"

namespace sitewide::ssh {
namespace {

// Constant; the token comes by standard input, for a server with a forced command shows a command
// line in the environment of what runs.
constexpr const char* kEndScript = R"sh(
[ -d /proc/self ] && IFS= read -r token && [ -n "$token" ] || exit 3
members() { grep -lF -- "$token" /proc/[0-9]*/environ 2>/dev/null | tr -cd '0-9\n'; }
turn=0
while [ "$turn" -lt 60 ]; do
  left=$(members)
  [ -n "$left" ] || exit 0
  case $turn in
    0) kill -TERM $left 2>/dev/null ;;
    2[5-9] | [345]?) kill -KILL $left 2>/dev/null ;;
  esac
  sleep 0.2 2>/dev/null || sleep 1
  turn=$((turn + 1))
done
exit 1
)sh";

Error refused(std::string why) { return Error{ErrorKind::refused, std::move(why)}; }

bool is_name(std::string_view text, std::string_view also) {
  return !text.empty() && text.size() <= 64 && text.front() != '-' && text.front() != '.' &&
         std::ranges::all_of(text, [&](char letter) {
           const auto code = static_cast<unsigned char>(letter);
           return (code < 0x80 && std::isalnum(code) != 0) ||
                  also.find(letter) != std::string_view::npos;
         });
}

// What can stand inside cmd's own quotes and mean itself.
bool fits_cmd_quotes(std::string_view text) {
  return text.find_first_of(std::string_view("\"%!\r\n\0", 6)) == std::string_view::npos;
}

Result<std::string> posix_command(const RunRequest& request, std::string_view root) {
  if (request.argv.empty()) return refused("there is no program to run");
  const std::string& program = request.argv.front();
  // env would take them for something else.
  if (program.find('=') != std::string::npos || program.starts_with('-')) {
    return refused("the program " + escaped(program) + " has a name that cannot be run over SSH");
  }
  Argv argv{"env"};
  for (const auto& [name, value] : request.environment) argv.push_back(name + "=" + value);
  if (argv.size() == 1) argv.clear();
  argv.insert(argv.end(), request.argv.begin(), request.argv.end());
  auto line = posix_line(argv);
  if (!line) return line;
  // The whole disk, or what SFTP begins in: a program stays where a login begins.
  const bool is_home = root.empty() || root == "/" || root == ".";
  const std::string start = is_home ? "" : "cd -- " + posix_word(root) + " && ";
  return start + "exec " + *line;
}

// `\\SERVER\SMS_SHR` as current drive, and a batch file in it. Nothing but two checked names.
Result<std::string> batch_command(const RunRequest& request) {
  if (!is_name(request.logon_server, "-_.")) {
    return refused("the logon server " + escaped(request.logon_server) +
                   " has a name that cannot stand on a batch file's command line");
  }
  if (request.argv.size() != 1 || !is_name(request.argv.front(), "-_.")) {
    return refused("that is no batch file of a logon server's share");
  }
  return "pushd \\\\" + request.logon_server + "\\SMS_SHR && " + request.argv.front();
}

Result<std::string> cmd_command(const RunRequest& request, std::string_view root) {
  std::string start;
  for (const auto& [name, value] : request.environment) {
    if (!is_name(name, "_") || !fits_cmd_quotes(value)) {
      return refused("the variable " + escaped(name) + " cannot be set by cmd");
    }
    start += "set \"" + name + "=" + value + "\"&& ";
  }
  if (const auto folder = windows_folder(root)) {
    if (!fits_cmd_quotes(*folder))
      return refused("root " + escaped(root) + " cannot be said to cmd");
    start += "cd /d \"" + *folder + "\"&& ";
  }
  auto line = request.logon_server.empty() ? cmd_line(request.argv) : batch_command(request);
  if (!line) return line;
  std::string whole = start + *line;
  if (whole.size() <= kLongestCmdLine) return whole;
  return refused("the command has " + with_separators(whole.size()) + " bytes; cmd takes " +
                 with_separators(kLongestCmdLine));
}

}  // namespace

std::optional<std::string> windows_folder(std::string_view root) {
  const bool drive = root.size() >= 3 && root[0] == '/' &&
                     std::isalpha(static_cast<unsigned char>(root[1])) != 0 && root[2] == ':' &&
                     (root.size() == 3 || root[3] == '/');
  if (!drive) return std::nullopt;
  std::string folder(root.substr(1));
  std::ranges::replace(folder, '/', '\\');
  if (folder.size() == 2) folder += '\\';
  return folder;
}

Result<std::string> remote_command(Shell shell, const RunRequest& request, std::string_view root) {
  if (shell == Shell::cmd) return cmd_command(request, root);
  if (!request.logon_server.empty()) {
    return refused("only a client with shell: cmd runs a batch file from its logon server's share");
  }
  return posix_command(request, root);
}

std::string end_command() { return "exec /bin/sh -c " + posix_word(kEndScript) + " sitewide-end"; }

}  // namespace sitewide::ssh
