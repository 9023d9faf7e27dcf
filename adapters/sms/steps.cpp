#include "adapters/sms/steps.h"

#include <utility>

#include "adapters/sms/client/configure.h"
#include "adapters/sms/client/run.h"
#include "adapters/sms/client/steps.h"
#include "adapters/sms/site/parts.h"
#include "adapters/sms/site/steps.h"
#include "adapters/sms/work.h"

namespace sitewide {
namespace {

using sms::BlockingStep;
using sms::Work;

/// The steps that only touch files; null for the others.
BlockingStep blocking_step(const Operation& operation) {
  switch (operation.action.step) {
    case Step::stage:
      return sms::stage;
    case Step::unstage:
      return sms::unstage;
    case Step::replicate:
      return sms::replicate;
    case Step::replicate_originals:
      return sms::replicate_originals;
    case Step::force:
    case Step::force_originals:
      return sms::force;
    case Step::regenerate:
    case Step::regenerate_originals:
      return sms::regenerate;
    case Step::inspect:
      return sms::inspect;
    case Step::back_up:
      return sms::back_up;
    case Step::converge:
      return sms::converge;
    case Step::recheck:
      return sms::recheck;
    case Step::converge_originals:
      return sms::converge_originals;
    case Step::restore:
      return sms::restore;
    case Step::health:
      return operation.health.kind == Health::Kind::pcm_log ? sms::pcm_health : nullptr;
    case Step::trigger:
    case Step::upgrade:
    case Step::restart:
    case Step::configure:
    case Step::verify:
    case Step::check:
      return nullptr;
  }
  return nullptr;
}

/// Those that run programs.
using CoroutineStep = boost::asio::awaitable<Answer> (*)(StepContext, Work);

/// The step as a coroutine; null for one that only touches files.
CoroutineStep coroutine_step(const Operation& operation) {
  const bool configures = !operation.parts.client.empty();
  switch (operation.action.step) {
    case Step::stage:
      return sms::has_site_parts(operation) ? sms::stage_parts : nullptr;
    case Step::unstage:
      return sms::has_site_parts(operation) ? sms::unstage_parts : nullptr;
    case Step::trigger:
      return sms::trigger;
    case Step::restart:
      return sms::restart;
    case Step::configure:
      return sms::configure;
    case Step::inspect:
      return configures ? sms::inspect_with_settings : nullptr;
    case Step::recheck:
      return configures ? sms::recheck_with_settings : nullptr;
    case Step::restore:
      return configures ? sms::restore_with_settings : nullptr;
    default:
      return nullptr;
  }
}

Work make_work(const StepContext& context, Operation operation) {
  Work work;
  const bool on_site = is_site_step(operation.action.step);
  if (on_site) work.files = context.folder(operation.site.root);
  if (!on_site && context.transport) work.files = context.transport->files(operation);
  for (const LogonServer& server : operation.site.logon_servers) {
    work.shares.push_back({server.name, context.folder(server.share)});
  }
  if (!on_site && !operation.site.root.empty()) {
    work.site_files = context.folder(operation.site.root);
  }
  work.recall = context.recall;
  work.originals = context.originals;
  work.payload = context.payload;
  work.now = context.now();
  work.operation = std::move(operation);
  return work;
}

/// A client that a poll cannot reach is switched off as far as anyone can tell: people do that at
/// night.
void say_off(const Operation& operation, Answer& answer) {
  const bool unseen =
      answer.kind == Answer::Kind::in_doubt && answer.outcome.kind == OutcomeKind::unreachable;
  if (!unseen || is_site_step(operation.action.step) || operation.action.purpose != Purpose::poll)
    return;
  answer.outcome.facts["unreachable"] = std::exchange(answer.outcome.reason, "off");
}

}  // namespace

boost::asio::awaitable<Answer> run_sms_step(StepContext context, Operation operation) {
  const Step step = operation.action.step;
  const CoroutineStep coroutine = coroutine_step(operation);
  BlockingStep blocking = nullptr;
  if (coroutine == nullptr) blocking = blocking_step(operation);
  if (blocking == nullptr && coroutine == nullptr) {
    co_return sms::refused("step " + spoken(name_of(step)) + " is not one of SMS");
  }
  Work work = make_work(context, std::move(operation));
  if (!work.files) co_return sms::refused("the transport reaches no files of the client");
  if (coroutine != nullptr) {
    Answer answer = co_await coroutine(context, std::move(work));
    co_return answer;
  }
  const auto shared = std::make_shared<const Work>(std::move(work));
  auto job = [shared, blocking] { return blocking(*shared); };
  const Result<Answer> result = co_await context.pool->run(std::move(job));
  Answer answer = result ? *result : sms::answer_for(shared->purpose(), result.error());
  say_off(shared->operation, answer);
  co_return answer;
}

}  // namespace sitewide
