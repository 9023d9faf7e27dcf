#include "adapters/ssh/quoting.h"

#include <algorithm>

#include "orchestrator/base/text.h"

namespace sitewide::ssh {
namespace {

constexpr std::string_view kPlain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+./:@";
constexpr std::string_view kCmdMeaning = "()%!^\"<>&|";

bool is_plain(std::string_view word, std::string_view also) {
  return !word.empty() && std::ranges::all_of(word, [&](char letter) {
    return kPlain.find(letter) != std::string_view::npos ||
           also.find(letter) != std::string_view::npos;
  });
}

Error refused(std::string_view word, std::string_view why) {
  return Error{ErrorKind::refused, escaped(word, 60) + " " + std::string(why)};
}

// As CommandLineToArgvW takes it apart: backslashes count only before a quote.
std::string windows_quoted(std::string_view argument) {
  std::string quoted = "\"";
  std::size_t backslashes = 0;
  for (const char letter : argument) {
    if (letter == '\\') {
      ++backslashes;
      continue;
    }
    quoted.append(letter == '"' ? 2 * backslashes + 1 : backslashes, '\\');
    backslashes = 0;
    quoted += letter;
  }
  quoted.append(2 * backslashes, '\\');
  return quoted + "\"";
}

// The command's own name: cmd ends it at a blank unless it is quoted for cmd itself.
Result<std::string> cmd_program(std::string_view program) {
  const bool impossible = std::ranges::any_of(program, [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 ||
           std::string_view("\"<>|*?%").find(letter) != std::string_view::npos;
  });
  if (program.empty() || impossible) return refused(program, "cannot be run by cmd");
  if (is_plain(program, "\\")) return std::string(program);
  return "\"" + std::string(program) + "\"";
}

}  // namespace

std::string posix_word(std::string_view word) {
  if (is_plain(word, ",")) return std::string(word);
  std::string quoted = "'";
  for (const char letter : word) {
    if (letter == '\'') {
      quoted += "'\\''";
    } else {
      quoted += letter;
    }
  }
  return quoted + "'";
}

Result<std::string> posix_line(const Argv& argv) {
  std::string line;
  for (const std::string& word : argv) {
    if (word.find('\0') != std::string::npos) return refused(word, "holds a NUL");
    if (!line.empty()) line += ' ';
    line += posix_word(word);
  }
  return line;
}

Result<std::string> cmd_argument(std::string_view argument) {
  if (argument.find_first_of(std::string_view("\0\r\n", 3)) != std::string_view::npos) {
    return refused(argument, "holds a line end or a NUL, which cmd cannot be given");
  }
  if (is_plain(argument, "\\")) return std::string(argument);
  std::string escaped_for_cmd;
  for (const char letter : windows_quoted(argument)) {
    if (kCmdMeaning.find(letter) != std::string_view::npos) escaped_for_cmd += '^';
    escaped_for_cmd += letter;
  }
  return escaped_for_cmd;
}

Result<std::string> cmd_line(const Argv& argv) {
  if (argv.empty()) return Error{ErrorKind::refused, "there is no program to run"};
  auto line = cmd_program(argv.front());
  if (!line) return line;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const auto argument = cmd_argument(argv[i]);
    if (!argument) return argument.error();
    *line += ' ' + *argument;
  }
  return line;
}

}  // namespace sitewide::ssh
