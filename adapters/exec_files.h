// ExecFiles: the Files of a client that are reached by programs the plan names:
//   digest  prints the SHA-256 of `{path}` in hexadecimal first on its output and exits 0; exits 0
//   without printing
//           anything when there is no such file
//   read    prints the file
//   write   replaces the file by its standard input; how safely is the program's affair
// `{path}` is relative to drive C:, with `/`, already checked (client_path.h). What these three
// cannot do is refused: remove, touch, list, and times of last write, which are the epoch in
// state() and ignored in write().
//
// Threads: as Files; calls block until the loop has run the program, so never call them on the
// loop's thread.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "adapters/files.h"
#include "adapters/transport.h"

namespace sitewide {

struct ExecPrograms {
  Argv read, write, digest;
  std::map<std::string, std::string> values;  ///< for the placeholders
};

struct ExecRun {
  RunResult result;  ///< Output::head holds standard output, up to `keep` bytes
  Output errors;     ///< standard error
};

/// Runs a program to its end and blocks until then.
using ExecRunner = std::function<ExecRun(Argv argv, std::string input, std::size_t keep)>;

class ExecFiles : public Files {
 public:
  ExecFiles(ExecPrograms programs, ExecRunner runner);

  Result<std::optional<FileState>> state(std::string_view path) override;
  Result<bool> exists(std::string_view path) override;
  Result<std::optional<Timestamp>> modified(std::string_view path) override;
  Result<std::optional<std::string>> read(std::string_view path, std::size_t max_bytes) override;
  Result<> write(std::string_view path, const Expected& expected, std::string_view bytes,
                 std::optional<Timestamp> modified) override;
  Result<> remove(std::string_view path, const Digest& expected) override;
  Result<> touch(std::string_view path, Timestamp modified) override;
  Result<std::vector<std::string>> list(std::string_view folder) override;

 private:
  Result<std::optional<Digest>> digest(const std::string& path);
  Result<std::string> run(const Argv& program, const std::string& path, std::string input,
                          std::size_t keep);

  ExecPrograms programs_;
  ExecRunner runner_;
};

}  // namespace sitewide
