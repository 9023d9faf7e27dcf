// Looks: places that are looked at side by side before a rollout, each for the same time at most,
// so that dead mounts and servers cost that time once. They read, and change nothing.
//
// Blocks until every look has ended or its time is over. One that hangs keeps its thread: then the
// process must end by leave_stuck() (client_probe.h).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <vector>

#include "adapters/sms/site/readiness.h"
#include "adapters/step_context.h"

namespace sitewide {

using Lacks = std::vector<sms::Lack>;

/// One place, and how it is looked at. What `at` borrows outlives the process' last moment.
struct Look {
  std::string place;
  std::function<boost::asio::awaitable<Lacks>(StepContext)> at;
  /// False where the place is also looked at by others, which say when it does not answer.
  bool tells_of_silence = true;
};
/// A look that blocks, made on the pool.
Look blocking_look(std::string place, std::function<Lacks()> at);

struct Looked {
  std::vector<Lacks> lacks;  ///< those of each look; silent() for one that did not come back
  bool stuck = false;        ///< a thread hangs
};
Looked look_at_all(const std::vector<Look>& looks, Duration within);

}  // namespace sitewide
