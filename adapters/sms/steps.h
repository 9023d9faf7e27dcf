// The one door to the SMS adapter: runs any step of the methods `upgrade_bat` and `site_wide`
// (Q237690, Q166771). Called on the engine's thread; what blocks runs on the pool. Everything it
// needs comes in the context and operation.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "adapters/step_context.h"

namespace sitewide {

/// Carries out `operation` for its purpose and answers. A site or client that cannot be reached is
/// answered `unreachable`; a poll or recover that could not look is `in_doubt`, with that kind, and
/// for a client the reason "off". A step that is not SMS's own (upgrade, verify, a `command` health
/// check) is refused. Throws only when it was stopped.
boost::asio::awaitable<Answer> run_sms_step(StepContext context, Operation operation);

}  // namespace sitewide
