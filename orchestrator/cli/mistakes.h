// Mistakes: what is wrong with a command line, said with the near miss. Pure.
#pragma once

#include <string>
#include <vector>

namespace sitewide {

/// The words of the command line that are no options of the program, up to its end.
std::vector<std::string> plain_words(int argc, const char* const* argv);

/// The sentence about the first of `words` when it is none of `commands`; empty when it is one, or
/// when there are no words.
std::string unknown_command(const std::vector<std::string>& commands,
                            const std::vector<std::string>& words);

/// The sentence about the first word that looks like an option and is none of `options`; else
/// empty.
std::string unknown_option(const std::vector<std::string>& options, int argc,
                           const char* const* argv);

}  // namespace sitewide
