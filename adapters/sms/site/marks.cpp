#include "adapters/sms/site/marks.h"

#include "adapters/originals.h"

namespace sitewide::sms {

using boost::asio::awaitable;

std::string mark_name(const Work& work, const std::string& what) {
  return what + "/" + work.operation.site.name;
}

std::string reset_mark(const Work& work) {
  const Action& action = work.operation.action;
  return mark_name(work, "reset-done-" + std::string(name_of(action.step)) + "-" +
                             std::to_string(action.attempt));
}

std::string run_mark(const Work& work, std::size_t index) {
  return mark_name(work, "ran-" + std::to_string(index));
}

awaitable<Result<bool>> is_marked(StepContext context, SharedWork work, std::string name) {
  auto job = [work, name]() -> Result<bool> {
    const auto text = work->originals->manifest(name);
    if (!text) return text.error();
    return text->has_value();
  };
  const Result<bool> marked = co_await context.pool->run(std::move(job));
  co_return marked;
}

awaitable<Result<>> mark(StepContext context, SharedWork work, std::string name) {
  auto job = [work, name]() -> Result<> {
    const auto text = work->originals->put_manifest(name, "yes");
    if (!text) return text.error();
    return {};
  };
  const Result<> marked = co_await context.pool->run(std::move(job));
  co_return marked;
}

}  // namespace sitewide::sms
