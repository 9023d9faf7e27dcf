// SshTransport: reaches clients through their SSH servers, with libssh in this process. Programs
// run by the server's shell, which is Windows' cmd or a POSIX shell; files come over SFTP.
//
// What waits for a server is a thread of the pool, but for a program that runs for more than a
// moment: then the loop waits for its connection, and no thread is held.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "adapters/pool.h"
#include "adapters/transport.h"

namespace sitewide {

namespace ssh {
struct Shared;
}

class SshTransport : public ClientTransport {
 public:
  SshTransport(Transport transport, boost::asio::any_io_executor executor, Pool& pool);
  /// Breaks off every connection. Programs that run on clients are not ended by that.
  ~SshTransport() override;

  boost::asio::awaitable<RunResult> run(const Operation& operation, RunRequest request) override;
  std::shared_ptr<Files> files(const Operation& operation) override;
  bool keeps_records() const override { return !transport_.records.empty(); }
  bool runs_batch() const override { return transport_.ssh.shell == "cmd"; }

 private:
  Transport transport_;
  boost::asio::any_io_executor executor_;
  Pool& pool_;
  std::shared_ptr<ssh::Shared> shared_;  // with what is still at work when this goes
};

}  // namespace sitewide
