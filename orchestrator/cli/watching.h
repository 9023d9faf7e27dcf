// Watching: a rollout that another process drives, followed through its journal and shown as that
// process would show it. On a terminal it reads keys and hands orders on. It holds nothing and
// changes nothing itself. Threads: one; turns block for a fraction of a second.
#pragma once

#include <memory>

#include "orchestrator/cli/forecaster.h"
#include "orchestrator/cli/keyboard.h"
#include "orchestrator/cli/order_desk.h"
#include "orchestrator/cli/view_signals.h"
#include "orchestrator/cli/views.h"

namespace sitewide {

class Watching {
 public:
  /// Reads what has happened so far. `seat` says what keys and ctrl-c mean.
  static Result<std::unique_ptr<Watching>> open(const RolloutDirectory& directory,
                                                const Options& options, const Console& console,
                                                Seat seat);

  /// Waits a little for keys, does what they say, and shows what is new. Answers whether anything
  /// happened in the rollout.
  Result<bool> turn();
  /// Answers ctrl-z and resizes.
  void heed(ViewSignals& signals);
  /// Shows what the journal has beyond what was seen.
  Result<bool> catch_up();
  /// Somebody pressed the key to leave, or the terminal is gone.
  bool wants_to_leave() const { return leave_ || keyboard_.gone(); }
  /// Keys are keys for the shell again.
  void give_back_keyboard() { keyboard_.give_back(); }

  StoredRollout& stored() { return *stored_; }
  Views& views() { return *views_; }

 private:
  Watching(std::unique_ptr<StoredRollout> stored, JournalReader reader, Durations past, bool keys);
  void press(const Key& key);
  void give(Order order);
  void hold_in_background();

  std::unique_ptr<StoredRollout> stored_;
  JournalReader reader_;
  std::unique_ptr<Views> views_;
  Keyboard keyboard_;
  OrderDesk desk_;
  Forecaster forecaster_;
  bool leave_ = false;
  bool held_ = false;
};

}  // namespace sitewide
