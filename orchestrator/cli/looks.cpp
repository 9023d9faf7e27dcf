#include "orchestrator/cli/looks.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <optional>

#include "adapters/pool.h"
#include "orchestrator/engine/asio_loop.h"

namespace sitewide {
namespace {

using Found = std::vector<std::optional<Lacks>>;

boost::asio::awaitable<Lacks> on_pool(StepContext context, std::function<Lacks()> at) {
  Lacks lacks = co_await context.pool->run(std::move(at));
  co_return lacks;
}

// Begins one look; where it stands in `found` says what came of it.
void begin(const Look& look, const StepContext& context, const std::shared_ptr<Found>& found,
           std::size_t index) {
  auto done = [found, index](const std::exception_ptr& thrown, Lacks lacks) {
    // Only a bug throws; it must not pass for a place that lacks nothing.
    if (thrown) lacks = {{"could not be looked at: internal error", "please report it"}};
    (*found)[index] = std::move(lacks);
  };
  auto task = look.at(context);
  boost::asio::co_spawn(context.executor, std::move(task), std::move(done));
}

bool complete(const Found& found) {
  return std::ranges::all_of(found, [](const auto& lacks) { return lacks.has_value(); });
}

}  // namespace

Look blocking_look(std::string place, std::function<Lacks()> at) {
  auto run = [at = std::move(at)](StepContext context) { return on_pool(std::move(context), at); };
  return {std::move(place), std::move(run)};
}

Looked look_at_all(const std::vector<Look>& looks, Duration within) {
  const auto found = std::make_shared<Found>(looks.size());
  Looked looked;
  {
    AsioLoop loop;
    Pool pool(loop.context().get_executor());
    StepContext context;
    context.executor = loop.context().get_executor();
    context.pool = &pool;
    context.now = [&loop] { return loop.now(); };
    for (std::size_t i = 0; i < looks.size(); ++i) begin(looks[i], context, found, i);
    const Timestamp until = loop.now() + within;
    while (!complete(*found) && loop.now() < until) loop.wait(until);
    looked.stuck = !pool.close(std::chrono::seconds(complete(*found) ? 2 : 0));
  }
  for (std::size_t i = 0; i < looks.size(); ++i) {
    Lacks lacks;
    if ((*found)[i]) {
      lacks = std::move(*(*found)[i]);
    } else if (looks[i].tells_of_silence) {
      lacks.push_back(sms::silent(within));
    }
    looked.lacks.push_back(std::move(lacks));
  }
  return looked;
}

}  // namespace sitewide
