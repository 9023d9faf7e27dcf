// The parts of a hotfix that are done on a site around the copying of its files, as one attempt of
// `stage`: one key, one outcome, and services that never stay stopped behind it. Each part is left
// when it is done already, so a repeated attempt does what is missing. Coroutines on the engine's
// thread.
//
// Records in the store of originals, besides those of services and renames: `reset/HQ` (a reset was
// begun), `reset-done-stage-1/HQ` (that attempt's reset ended well), `ran-3/HQ` (the part at that
// place, counted from 0, was run by us); for unstage alike.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "adapters/sms/work.h"
#include "adapters/step_context.h"

namespace sitewide::sms {

/// Whether the site has parts that the blocking steps of steps.h do not know.
bool has_site_parts(const Operation& operation);

/// stage with all its parts. Looking back, it starts what the attempt left stopped before it
/// answers. Facts: those of the files, and `parts`, what was done.
boost::asio::awaitable<Answer> stage_parts(StepContext context, Work work);

/// Undoes them in reverse order: the services are stopped, files and names go back, the `undo` of
/// each `run` that was run by us is run, a site that was reset is reset again, the services start.
boost::asio::awaitable<Answer> unstage_parts(StepContext context, Work work);

}  // namespace sitewide::sms
