// StepContext: what the coroutine of a step may use. A plain bundle of borrowed services, cheap to
// copy; all of them outlive every step. Steps run on the executor's thread; what blocks goes
// through the pool.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "adapters/files.h"
#include "adapters/originals.h"
#include "adapters/pool.h"
#include "adapters/recall.h"
#include "adapters/transport.h"
#include "orchestrator/base/digest.h"
#include "orchestrator/base/result.h"
#include "orchestrator/core/operation.h"
#include "orchestrator/core/outcome.h"

namespace sitewide {

struct StepContext {
  boost::asio::any_io_executor executor;
  Pool* pool = nullptr;
  /// How the operation's client is reached; null for the steps of a site.
  std::shared_ptr<ClientTransport> transport;
  Originals* originals = nullptr;
  /// The bytes of a planned file as they were when the rollout was created. Blocks: call it on the
  /// pool.
  std::function<Result<std::string>(const Digest&)> payload;
  /// The files under a folder that the controller sees: a site server's <SMS_root>, a logon
  /// server's share.
  std::function<std::shared_ptr<Files>(const std::string& root)> folder;
  /// The wall clock that deadlines are read on.
  std::function<Timestamp()> now;
  /// What steps have said before; null: nothing is remembered. A job on the pool keeps its own
  /// share of it.
  std::shared_ptr<Recall> recall;
};

/// One step of a procedure, carried out for one Operation whatever its purpose. It answers; it
/// throws only for a bug or when it was stopped (boost::asio::error::operation_aborted).
using StepFunction = std::function<boost::asio::awaitable<Answer>(StepContext, Operation)>;

}  // namespace sitewide
