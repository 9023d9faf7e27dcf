// LocalTransport: a client is a directory that holds its drive C:, on this machine or mounted here;
// or it is this machine itself, when the transport has no root. Programs run on this machine, the
// client's directory current.
//
// A root that is not there is a client that cannot be reached. Whether it is there is asked on the
// pool, for a dead share hangs whoever asks.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "adapters/pool.h"
#include "adapters/transport.h"

namespace sitewide {

class LocalTransport : public ClientTransport {
 public:
  LocalTransport(boost::asio::any_io_executor executor, Pool& pool);

  boost::asio::awaitable<RunResult> run(const Operation& operation, RunRequest request) override;
  /// The files under the client's root; of this machine: under `/`.
  std::shared_ptr<Files> files(const Operation& operation) override;
  bool keeps_records() const override { return true; }

 private:
  boost::asio::any_io_executor executor_;
  Pool& pool_;
};

}  // namespace sitewide
