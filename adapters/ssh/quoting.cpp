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

bool ends_with_ignoring_case(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         equals_ignoring_case(text.substr(text.size() - end.size()), end);
}

// From where on the arguments must hold nothing that cmd acts on, for a program that takes its
// command line apart by cmd's own rules. To those `\"` is the end of a quotation. A name without
// an extension may be a batch file too, by PATHEXT. What cmd itself is told to do (`cmd /c TEXT`)
// is the plan's own language, as with `sh -c`; what follows it are arguments.
std::size_t first_read_by_cmd(const Argv& argv) {
  const std::string_view program = argv.front();
  const std::string_view name = program.substr(program.find_last_of("/\\:") + 1);
  if (equals_ignoring_case(name, "cmd") || equals_ignoring_case(name, "cmd.exe")) {
    std::size_t text = 1;
    while (text < argv.size() && argv[text].starts_with('/')) ++text;
    return text + 1;
  }
  const bool is_program =
      ends_with_ignoring_case(name, ".exe") || ends_with_ignoring_case(name, ".com");
  return is_program ? argv.size() : 1;
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
  const std::size_t read_by_cmd = first_read_by_cmd(argv);
  for (std::size_t i = 1; i < argv.size(); ++i) {
    if (i >= read_by_cmd && argv[i].find_first_of(kCmdMeaning) != std::string::npos) {
      return refused(argv[i], "cannot be given to " + escaped(argv.front(), 60) +
                                  ": to a batch file, and so to a name that does not end in .exe "
                                  "or .com, no argument is given that holds one of " +
                                  std::string(kCmdMeaning));
    }
    const auto argument = cmd_argument(argv[i]);
    if (!argument) return argument.error();
    *line += ' ' + *argument;
  }
  return line;
}

}  // namespace sitewide::ssh
