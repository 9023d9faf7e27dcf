// OpensshTransport: reaches clients through their SSH servers by the user's own `ssh`, a process
// each time, for what libssh cannot do: ControlMaster, GSSAPI, Match exec, keys in hardware. The
// same plan keys as SshTransport (adapters/ssh/ssh.h), the same quoting, the same files over SFTP.
//
// Threads: the engine's; calls of its Files block and belong on the pool.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "adapters/pool.h"
#include "adapters/transport.h"

namespace sitewide {

namespace ssh {
struct Shared;
}

class OpensshTransport : public ClientTransport {
 public:
  OpensshTransport(Transport transport, boost::asio::any_io_executor executor, Pool& pool);
  /// Ends what still waits for files. Programs that run on clients are not ended by that.
  ~OpensshTransport() override;

  /// The program's standard error is sent along with its output, so that what ssh itself says stays
  /// apart: by that its own failures are told from a program that ends with 255 as well.
  boost::asio::awaitable<RunResult> run(const Operation& operation, RunRequest request) override;
  /// One ssh for all calls of the object that is returned.
  std::shared_ptr<Files> files(const Operation& operation) override;
  bool keeps_records() const override { return !transport_.records.empty(); }
  bool runs_batch() const override { return transport_.ssh.shell == "cmd"; }

 private:
  Transport transport_;
  boost::asio::any_io_executor executor_;
  Pool& pool_;
  std::shared_ptr<ssh::Shared> shared_;  // who waits for files, stopped when this goes
};

}  // namespace sitewide
