// The two ways through a site's parts (its `site_steps` up to the edit of System.map): forth, as
// stage carries them out, and back, as unstage does. Each stops services as the plan says and
// leaves it to its caller to start them again on every way out (parts.cpp). Coroutines of the loop;
// what blocks runs on the pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/sms/site/programs.h"
#include "adapters/sms/work.h"
#include "adapters/step_context.h"

namespace sitewide::sms {

/// What an attempt has done so far. Shared by its coroutines.
struct Progress {
  std::vector<std::string> done;             ///< for a person
  std::map<std::string, std::string> facts;  ///< of the files
  void add(std::string what) { done.push_back(std::move(what)); }
};
using SharedProgress = std::shared_ptr<Progress>;

/// Carries out every part that is not done yet, in the plan's order. Nothing is stopped when all of
/// them are done.
boost::asio::awaitable<Result<>> go_forth(StepContext context, SharedWork work,
                                          SharedProgress progress);
/// Whether all that can be seen of the parts is done; without parts that copy, the files count all
/// the same.
boost::asio::awaitable<Result<bool>> all_done(StepContext context, SharedWork work);

/// Takes back what was done: files and names, programs that have an `undo`, and the site is reset
/// once more if it was.
boost::asio::awaitable<Result<>> go_back(StepContext context, SharedWork work,
                                         SharedProgress progress);
/// Whether everything that can be seen is as it was; a reset counts when this attempt's ended well.
boost::asio::awaitable<Result<bool>> all_undone(StepContext context, SharedWork work);

/// Resets the site, on record, whichever way it goes.
boost::asio::awaitable<Result<>> reset_site(StepContext context, SharedWork work,
                                            SharedProgress progress);
/// Whether the part stops or starts services.
bool is_service(const SitePart& part);

}  // namespace sitewide::sms
