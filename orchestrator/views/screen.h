// Screen: what the terminal behind a file descriptor can show. The judgement is pure; only
// screen_of looks around.
#pragma once

#include <string>

#include "orchestrator/views/wording.h"

namespace sitewide {

/// What is known of a process's surroundings. Variables that are not set are empty.
struct ScreenFacts {
  bool terminal = false;    ///< the descriptor is one
  std::string term;         ///< TERM
  std::string no_color;     ///< NO_COLOR
  std::string force_color;  ///< CLICOLOR_FORCE, or FORCE_COLOR
  std::string ci;           ///< CI
  std::string locale;       ///< the first set of LC_ALL, LC_CTYPE, LANG
};

struct Screen {
  bool live = false;  ///< lines can be painted over
  bool colour = false;
  Charset charset = Charset::ascii;
};

Screen judge_screen(const ScreenFacts& facts);
/// The screen behind `fd`, by the environment as it is now.
Screen screen_of(int fd);

struct ScreenSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
  friend bool operator==(const ScreenSize&, const ScreenSize&) = default;
};
/// The size of the terminal now; 80 by 24 when it does not say.
ScreenSize size_of_screen(int fd);

}  // namespace sitewide
