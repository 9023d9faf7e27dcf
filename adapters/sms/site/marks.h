// Marks: what a rollout remembers of a site's parts where nothing on the site can tell, durable
// beside the originals.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "adapters/sms/site/programs.h"

namespace sitewide::sms {

/// The name of a site's mark `what`.
std::string mark_name(const Work& work, const std::string& what);
/// That this attempt's reset of the site has ended well.
std::string reset_mark(const Work& work);
/// That the `run` part at `index` was begun by this rollout.
std::string run_mark(const Work& work, std::size_t index);

boost::asio::awaitable<Result<bool>> is_marked(StepContext context, SharedWork work,
                                               std::string name);
boost::asio::awaitable<Result<>> mark(StepContext context, SharedWork work, std::string name);

}  // namespace sitewide::sms
