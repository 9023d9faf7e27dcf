// Tmux: a terminal of so many columns and rows with a shell in it, as a person would have it, for
// tests of the live screen. Each has a server of its own, ended with it.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace sitewide::test {

class Tmux {
 public:
  /// `environment` is added to the shell's. Throws when tmux cannot be started.
  Tmux(int columns, int rows, const std::map<std::string, std::string>& environment = {});
  ~Tmux();
  Tmux(const Tmux&) = delete;
  Tmux& operator=(const Tmux&) = delete;

  static bool is_there();

  /// Types the characters as they stand.
  void type(const std::string& text) const;
  /// Presses keys by tmux's names: `Enter`, `Escape`, `C-c`, `PageDown` …
  void press(const std::vector<std::string>& keys) const;
  /// Types a command and enter.
  void command(const std::string& line) const;
  void resize(int columns, int rows) const;
  /// What a person sees, without blanks at the ends of lines and without empty lines at the end.
  std::vector<std::string> lines() const;
  std::string text() const;
  /// The same with its colour codes.
  std::string text_with_codes() const;
  /// True when the screen shows `text` before patience runs out.
  bool shows(const std::string& text,
             std::chrono::seconds patience = std::chrono::seconds(30)) const;
  /// True when the screen does not show `text` any more before patience runs out.
  bool hides(const std::string& text,
             std::chrono::seconds patience = std::chrono::seconds(30)) const;
  /// Whether the cursor can be seen.
  bool cursor_shown() const;
  /// Closes the terminal under whatever runs in it.
  void close();

 private:
  std::string ask(std::vector<std::string> arguments) const;

  std::filesystem::path folder_;
  bool open_ = true;
};

}  // namespace sitewide::test
