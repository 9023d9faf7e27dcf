// What the runs and files of one SSH transport share. Threads: any.
#pragma once

#include <memory>
#include <mutex>
#include <set>

#include "adapters/ssh/connections.h"
#include "orchestrator/base/result.h"
#include "orchestrator/core/operation.h"

namespace sitewide::ssh {

struct Shared {
  Connections connections;

  /// A stopper that break_off() stops too.
  std::shared_ptr<Stopper> new_stopper();
  /// Stops everything that is at work, and closes what is not.
  void break_off();

 private:
  std::mutex mutex_;
  std::set<std::weak_ptr<Stopper>, std::owner_less<>> stoppers_;
  bool broken_off_ = false;
};

/// How the operation's client is reached, the transport's placeholders put in, the password read.
/// Blocks for a file.
Result<Settings> settings_of(const Operation& operation);
/// By chance: goes into the environment of what runs on a client, to find it by when it has to be
/// ended.
std::string new_token();
/// Names what may share a connection.
std::string endpoint_of(const Settings& settings);

/// Connects, or takes a connection that was kept for the endpoint; `connection` is set when there
/// is no fault. A kept one is taken only with `may_reuse`.
std::optional<Fault> connect(Shared& shared, const Settings& settings, bool may_reuse,
                             Deadline deadline, Stopper* stopper,
                             std::unique_ptr<Connection>& connection);

}  // namespace sitewide::ssh
