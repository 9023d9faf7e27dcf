// ExecTransport: reaches a client through programs that the plan names: one that runs an argv there
// and, if files are needed, one each that reads, writes and digests a file there.
//
// What its exit code means: that of the program `run` names. Programs that carry another's exit
// code are ambiguous about 255 (ssh: could not connect), 126 and 127 (not executable, not found):
// such an exit is `failed`, never `unreachable`, since nobody knows that nothing was started,
// unless the plan names it in `unreachable_exit`: then the client is taken for lost, before the
// start or in the middle. Only a `run` program that itself cannot be started is unreachable for
// certain.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "adapters/pool.h"
#include "adapters/transport.h"

namespace sitewide {

class ExecTransport : public ClientTransport {
 public:
  ExecTransport(Transport transport, boost::asio::any_io_executor executor, Pool& pool);

  /// Runs the `run` template: its element `{argv}` is replaced by the elements of request.argv,
  /// `{folder}` by request.folder; when no element names `{folder}`, the program starts in that
  /// folder here.
  boost::asio::awaitable<RunResult> run(const Operation& operation, RunRequest request) override;
  /// Null unless the plan names all of `read`, `write` and `digest`. See exec_files.h.
  std::shared_ptr<Files> files(const Operation& operation) override;
  bool keeps_records() const override { return !transport_.records.empty(); }

 private:
  Transport transport_;
  boost::asio::any_io_executor executor_;
  Pool& pool_;
};

/// `run` with the elements of `argv` in place of `{argv}` and the other placeholders substituted,
/// each once.
Result<Argv> splice(const Argv& run, const Argv& argv,
                    const std::map<std::string, std::string>& values);

}  // namespace sitewide
