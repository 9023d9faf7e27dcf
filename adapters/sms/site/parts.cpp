#include "adapters/sms/site/parts.h"

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>
#include <utility>

#include "adapters/sms/site/parts_way.h"
#include "adapters/sms/site/services.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

using boost::asio::awaitable;
using Kind = SitePart::Kind;

/// Puts the services back and answers, whatever came before.
awaitable<Answer> leave(StepContext context, SharedWork work, SharedProgress progress,
                        Result<> result) {
  std::vector<std::string> started;
  const Result<> back = co_await put_services_back(context, work, &started);
  if (!started.empty()) progress->add(join(started, ", ") + " started");
  Answer answer = result ? ok() : answer_for(Purpose::execute, result.error());
  if (!back) {
    const std::string before = result ? std::string() : answer.outcome.reason + "; ";
    answer = failed(before + back.error().message);
  }
  answer.outcome.facts = progress->facts;
  if (!progress->done.empty()) {
    answer.outcome.facts["parts"] = escaped(join(progress->done, "; "), 400);
  }
  co_return answer;
}

/// What became of an attempt that nobody saw the end of. First of all its services run again.
awaitable<Answer> look_back(StepContext context, SharedWork work, bool undoes) {
  // A look that takes too long is given up, and the services are to run all the same.
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  const std::optional<pid_t> process = co_await process_left(context, work);
  if (process) co_return pending("it still runs, as process " + std::to_string(*process));
  std::vector<std::string> started;
  const Result<> back = co_await put_services_back(context, work, &started);
  if (!back) co_return in_doubt(OutcomeKind::failed, back.error().message);
  Result<bool> done = false;
  if (undoes) {
    done = co_await all_undone(context, work);
  } else {
    done = co_await all_done(context, work);
  }
  Answer answer = no_effect();
  if (!done) answer = answer_for(work->purpose(), done.error());
  if (done && *done) answer = recovered();
  if (!started.empty()) answer.outcome.facts["parts"] = join(started, ", ") + " started";
  co_return answer;
}

}  // namespace

bool has_site_parts(const Operation& operation) {
  const auto& parts = operation.parts.site;
  return std::any_of(parts.begin(), parts.end(),
                     [](const SitePart& part) { return part.kind != Kind::copy; });
}

awaitable<Answer> stage_parts(StepContext context, Work owned) {
  const SharedWork work = std::make_shared<const Work>(std::move(owned));
  if (work->looks_back()) {
    Answer answer = co_await look_back(context, work, false);
    co_return answer;
  }
  // It ends by its own deadline and never in the middle: services may be stopped.
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  const SharedProgress progress = std::make_shared<Progress>();
  const Result<> result = co_await go_forth(context, work, progress);
  Answer answer = co_await leave(context, work, progress, result);
  co_return answer;
}

awaitable<Answer> unstage_parts(StepContext context, Work owned) {
  const SharedWork work = std::make_shared<const Work>(std::move(owned));
  if (work->looks_back()) {
    Answer answer = co_await look_back(context, work, true);
    co_return answer;
  }
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  const SharedProgress progress = std::make_shared<Progress>();
  const Result<> result = co_await go_back(context, work, progress);
  Answer answer = co_await leave(context, work, progress, result);
  co_return answer;
}

}  // namespace sitewide::sms
