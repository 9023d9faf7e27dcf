// Keyboard: reads single keys from the terminal on standard input, without echo, while this process
// is in its foreground; signals such as ctrl-c stay signals. Where standard input is no terminal,
// or another process has it, there are no keys. Threads: one.
#pragma once

#include <termios.h>

#include <optional>
#include <vector>

#include "orchestrator/core/time.h"
#include "orchestrator/views/keys.h"

namespace sitewide {

/// Somebody can press keys and see what they do: standard input and output are terminals.
bool has_keyboard();
/// The terminal is this process's to read and paint now; true where there is none.
bool in_foreground();

class Keyboard {
 public:
  explicit Keyboard(bool wanted);
  ~Keyboard() { give_back(); }
  Keyboard(const Keyboard&) = delete;
  Keyboard& operator=(const Keyboard&) = delete;

  /// The keys that were pressed, waiting at most `patience` for one. A signal ends the wait.
  std::vector<Key> wait(Duration patience);
  /// The terminal is as it was found; the next wait() takes it again.
  void give_back();
  /// The terminal has gone away.
  bool gone() const { return gone_; }

 private:
  bool take();
  std::vector<Key> read_keys();

  bool wanted_;
  bool gone_ = false;
  std::optional<termios> before_;  // while it is taken
  KeyReader reader_;
};

}  // namespace sitewide
