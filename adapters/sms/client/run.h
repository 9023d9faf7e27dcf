// The two steps of an SMS client that run programs: trigger (Upgrade.bat) and restart. Coroutines
// on the engine's thread; what blocks goes through the pool. They throw only when they were
// stopped.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "adapters/sms/work.h"
#include "adapters/step_context.h"

namespace sitewide::sms {

/// Runs Upgrade.bat from the root of the client's SMS_SHR, that share as the current folder
/// (Q186412, Q153303), and reads from Sms.ini whether it took: its exit code proves nothing
/// (Q125978). On the command line stands only what the transport's `batch` argv says. Looking back:
/// a flagged SetupPhase or the new files mean that it took effect.
boost::asio::awaitable<Answer> trigger(StepContext context, Work work);

/// Runs the group's restart argv on the client; without one the user's own restart is waited for,
/// and nothing is done.
boost::asio::awaitable<Answer> restart(StepContext context, Work work);

}  // namespace sitewide::sms
