// Runs a program for a test and looks at what it printed: to its end, or as a process that is
// watched and killed. Every process started is ended, by its own number, at the latest when its
// object goes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sitewide::test {

struct Finished {
  int exit_code = -1;  ///< 128 + the signal when one ended it
  std::string out;
  std::string err;
};

class Program {
 public:
  /// Starts `argv` with `environment` added to ours; stdout and stderr go to pipes.
  explicit Program(std::vector<std::string> argv,
                   std::map<std::string, std::string> environment = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// Reads until stdout holds `text` (from where the last call ended) or the program ends; whether
  /// it was seen.
  bool wait_for(const std::string& text, std::chrono::seconds patience = std::chrono::seconds(60));
  /// Reads to the end; kills it after `patience`.
  Finished finish(std::chrono::seconds patience = std::chrono::seconds(120));
  const std::string& out() const { return out_; }

 private:
  bool read_some(std::chrono::milliseconds patience);
  void reap();

  pid_t pid_ = -1;
  int out_fd_ = -1, err_fd_ = -1;
  std::string out_, err_;
  std::size_t seen_ = 0;
  int status_ = -1;
  bool reaped_ = false;
};

/// The sitewide program with `arguments`, run to its end.
Finished sitewide(std::vector<std::string> arguments,
                  std::map<std::string, std::string> environment = {});
std::vector<std::string> sitewide_argv(std::vector<std::string> arguments);

}  // namespace sitewide::test
