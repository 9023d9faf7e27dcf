// The steps that are a program from the plan: all of the method `command`, and a `command` health
// check of any method. What its exit code means is the step's: see command_steps.cpp's table. It is
// never mapped onto ours.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "adapters/step_context.h"

namespace sitewide {

/// Carries out `operation` (argv not empty, on a client) for its purpose. Throws only when it was
/// stopped.
boost::asio::awaitable<Answer> run_command_step(StepContext context, Operation operation);

}  // namespace sitewide
