// How the words of an argv are written for the shell that an SSH server hands a command to, so that
// the program gets them back as they were. Pure.
#pragma once

#include <string>
#include <string_view>

#include "orchestrator/base/result.h"
#include "orchestrator/core/plan.h"

namespace sitewide::ssh {

/// One word for a POSIX shell: as it is when nothing in it means anything there, else in single
/// quotes.
std::string posix_word(std::string_view word);
/// The argv as one line for a POSIX shell. Refused: a NUL, which no argument can hold.
Result<std::string> posix_line(const Argv& argv);

/// One argument for Windows' cmd: quoted as programs take their command line apart
/// (CommandLineToArgvW), and every character that cmd itself would act on escaped by `^`, the
/// quotes too. So cmd is never inside a quotation, where `%` could not be escaped. For a command
/// line (`cmd /c`), not for a batch file. Refused: NUL and line ends, which cannot be written
/// there.
Result<std::string> cmd_argument(std::string_view argument);
/// The argv as one line for cmd. Refused too: a program's name that no file can have; for a batch
/// file, and so for a name that ends neither in .exe nor in .com, an argument with a character that
/// cmd acts on: it puts arguments into its lines as text, and does not know `\"`.
Result<std::string> cmd_line(const Argv& argv);

/// More than this cmd does not take.
inline constexpr std::size_t kLongestCmdLine = 8191;

}  // namespace sitewide::ssh
