// reveal(): what a secret of a plan stands for, read at the moment of use. The value goes where it
// is needed and nowhere else: not into a journal, a log, a screen or an argv.
//
// Threads: any, but it blocks for a file: call it on the pool where that may hang.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/core/secret.h"

namespace sitewide {

inline constexpr std::size_t kLongestSecret = 64 * 1024;

/// The text, or the value of the variable or file with the prefix before it. One line end at the
/// end of a file is left out. An error of kind refused names what is missing, never what is there:
/// a variable that is not set or empty, a file that is not there, is not a regular file, is empty,
/// has more than 64 KiB, or is open to others. That is one that users besides its owner and group
/// may read, or that its group may write: a password that anyone on this machine can read is none.
Result<std::string> reveal(const SecretText& secret);

/// `text` with each of `secrets` replaced by `***`, for words that come back from outside. Secrets
/// of fewer than four bytes stay: they would hide every other word.
std::string masked(std::string text, const std::vector<std::string>& secrets);

}  // namespace sitewide
