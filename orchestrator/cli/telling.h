// Telling: the notifications of one controller: the notifier, and the courier that takes them to
// web servers, programs and mailboxes. Threads: the loop's. Ownership: borrows loop and pool; goes
// before both.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/courier.h"
#include "orchestrator/cli/console.h"
#include "orchestrator/cli/exit_code.h"
#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/core/problem.h"
#include "orchestrator/engine/asio_loop.h"
#include "orchestrator/notify/notifier.h"

namespace sitewide {

class Telling {
 public:
  /// What the journal holds and a receiver was not told of is told first.
  Telling(StoredRollout& stored, AsioLoop& loop, Pool& pool);
  Telling(const Telling&) = delete;
  Telling& operator=(const Telling&) = delete;

  /// Null when the plan tells nobody.
  Reporter* reporter() const { return notifier_.get(); }

  /// At the end: lets what waits be taken, for half a minute at most, or until `leave` says so.
  /// `say` hears of it when it takes longer than a moment. Then nothing is under way any more.
  void drain(const std::function<bool()>& leave, const std::function<void(std::string)>& say);
  /// Lines that say what was not taken, and how to send it; empty when all was.
  std::string undelivered() const;

 private:
  const StoredRollout& stored_;
  AsioLoop& loop_;
  Courier courier_;
  std::unique_ptr<Notifier> notifier_;
};

/// For a rollout that has ended: tells what was not told yet. Returns `code`, or ends the process
/// with it when a thread hangs.
ExitCode tell_the_rest(StoredRollout& stored, const Console& console, ExitCode code);

/// What receivers need and this machine does not have: secrets, programs. Warnings, at the place of
/// the receiver in the plan.
Problems missing_for(const std::vector<NotifyTarget>& targets);

}  // namespace sitewide
