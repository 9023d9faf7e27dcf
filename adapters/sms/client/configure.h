// The step `configure` of an SMS client, and the parts of inspect and restore that concern what it
// sets: keys of Sms.ini, values of the registry and programs of the plan's own, the last two
// through the client's transport. Coroutines on the engine's thread; they throw only when they were
// stopped.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "adapters/sms/work.h"
#include "adapters/step_context.h"

namespace sitewide::sms {

/// Sets what does not hold, in order, and proves it by reading it back. What it is about to change
/// is kept first. Looking back: everything holds, or the attempt took no effect.
boost::asio::awaitable<Answer> configure(StepContext context, Work work);

/// inspect, and on target only when every setting holds too.
boost::asio::awaitable<Answer> inspect_with_settings(StepContext context, Work work);

/// recheck, and failed when a setting does not hold any more.
boost::asio::awaitable<Answer> recheck_with_settings(StepContext context, Work work);

/// restore, and then the values of the registry, and the `undo` of programs that had not been run
/// before. A value that is neither the old one nor ours needs hands.
boost::asio::awaitable<Answer> restore_with_settings(StepContext context, Work work);

}  // namespace sitewide::sms
