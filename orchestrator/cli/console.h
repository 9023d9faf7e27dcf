// Console: where a command writes. Results go to stdout, progress, questions and mistakes to
// stderr; colour only where somebody can see it.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/base/result.h"
#include "orchestrator/cli/exit_code.h"
#include "orchestrator/cli/options.h"
#include "orchestrator/views/screen.h"

namespace sitewide {

class Console {
 public:
  explicit Console(const Options& options);

  void out(std::string_view text) const;
  void err(std::string_view text) const;
  /// One NDJSON object of this type on stdout; `members` are the rest of it.
  void line(std::string_view type, const boost::json::object& members) const;
  /// Why text for stdout was lost (a full disk, not a reader that left); empty when none was.
  static const std::string& output_lost();
  /// `error: failed to …` on stderr (as a JSON object on stdout with --json), and the exit code
  /// that goes with it.
  ExitCode fail(const Error& error) const;
  /// Asks on the terminal; false without one.
  bool confirm(const std::string& question) const;
  /// The line that somebody answers on the terminal, without blanks around it; nothing without a
  /// terminal, or at its end.
  std::optional<std::string> ask(const std::string& question) const;

  bool interactive() const { return interactive_; }  ///< somebody can answer
  bool live() const { return screen_.live; }         ///< stdout is a terminal that may be repainted
  bool colour() const { return screen_.colour; }
  Charset charset() const { return screen_.charset; }
  const Screen& screen() const { return screen_; }
  bool json() const { return json_; }

 private:
  bool interactive_ = false;
  bool json_ = false;
  Screen screen_;
};

/// Filled up with blanks to this many bytes, for columns.
std::string pad(std::string text, std::size_t width);

}  // namespace sitewide
