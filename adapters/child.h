// Child: a program that serves us for as long as we want it, such as ssh with a file server behind
// it or smbclient; what is run for an attempt is a ProcessRun instead, which also looks for what it
// leaves behind.
//
// Threads: one at a time. Ownership: the program and its process group end with this object.
#pragma once

#include <sys/types.h>

#include <chrono>

#include "adapters/spawn.h"

namespace sitewide {

class Child {
 public:
  Child() = default;
  /// Takes over what spawn() started; of what it could not start nothing is known but its end.
  explicit Child(const Spawned& spawned) : pid_(spawned.pid) {}
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child() { end(); }

  /// Whether it has ended, by itself too. Does not block.
  bool has_ended();
  /// Waits for that, so long at most.
  bool ends_within(std::chrono::milliseconds patience);
  /// What it exited with; -1 while it runs, and when it was ended by a signal.
  int exit_code() const { return exit_code_; }
  /// Ends it with its process group by SIGKILL. Blocks for two seconds at most, for what the kernel
  /// does not let go.
  void end();
  /// The same without a wait, for who must not block, such as the loop: reap_adopted() reaps it.
  void let_go();

 private:
  pid_t pid_ = -1;
  int exit_code_ = -1;
};

}  // namespace sitewide
