// Services of a site that a rollout stops (design: stopped services must never outlive an attempt).
// Which ones ran is durable before the first is stopped, so that whoever comes later, also after a
// crash, knows what to start.
//
// Records in the store of originals: `services-stage-1/HQ` (what ran when that attempt began to
// stop services), `services-told-stage-1-NAME/HQ` (that one was told to stop) and
// `services-settled-stage-1-NAME/HQ` (it was seen to stop, or waited for), and
// `services-back-stage-1/HQ` (all of them ran again afterwards); for unstage alike.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <set>
#include <string>
#include <vector>

#include "adapters/sms/site/programs.h"

namespace sitewide::sms {

/// The services that the hotfix's `stop_service` parts name, in order.
std::vector<std::string> services_to_stop(const Work& work);

/// Of those, the ones that attempts of this rollout stopped and that were not seen to run again.
/// Blocks; pool only.
Result<std::set<std::string>> owed_services(const Work& work);

/// Puts on record which of the services run now. Nothing is stopped yet.
boost::asio::awaitable<Result<>> note_services(StepContext context, SharedWork work);

/// Stops those of `names` that run. `stopped` gets their names.
boost::asio::awaitable<Result<>> stop_services(StepContext context, SharedWork work,
                                               std::vector<std::string> names,
                                               std::vector<std::string>* stopped);

/// Starts those of `names` that are owed and do not run, each with its own time, whatever is left
/// of the attempt's. One that was told to stop and not seen stopped is waited for first. One that
/// does not start does not keep the others from it; the Error names all of them.
boost::asio::awaitable<Result<>> start_services(StepContext context, SharedWork work,
                                                std::vector<std::string> names,
                                                std::vector<std::string>* started);

/// Starts all that is owed and puts that on record: the last thing of every attempt.
boost::asio::awaitable<Result<>> put_services_back(StepContext context, SharedWork work,
                                                   std::vector<std::string>* started);

}  // namespace sitewide::sms
