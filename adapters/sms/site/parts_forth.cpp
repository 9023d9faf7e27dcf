#include <utility>

#include "adapters/sms/site/marks.h"
#include "adapters/sms/site/parts_way.h"
#include "adapters/sms/site/programs.h"
#include "adapters/sms/site/rename.h"
#include "adapters/sms/site/services.h"
#include "adapters/sms/site/steps.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {

using boost::asio::awaitable;
using Kind = SitePart::Kind;

namespace {

/// Whether a part needs nothing done any more. Services are judged apart: they go both ways.
awaitable<Result<bool>> is_done(StepContext context, SharedWork work, std::size_t index) {
  const SitePart& part = work->operation.parts.site[index];
  if (part.kind == Kind::copy) {
    auto job = [work] { return is_staged(*work); };
    const Result<bool> staged = co_await context.pool->run(std::move(job));
    co_return staged;
  }
  if (part.kind == Kind::rename) {
    auto job = [work, &part] { return is_renamed(*work, part); };
    const Result<bool> renamed = co_await context.pool->run(std::move(job));
    co_return renamed;
  }
  const Argv& probe = part.kind == Kind::run ? part.run.probe : work->operation.site.reset.probe;
  if (part.kind == Kind::site_reset && probe.empty()) {
    const std::string name = reset_mark(*work);
    const Result<bool> marked = co_await is_marked(context, work, name);
    co_return marked;
  }
  if (part.kind != Kind::run && part.kind != Kind::site_reset) co_return true;
  const Result<bool> done = co_await ask_site_program(context, work, probe);
  co_return done;
}

awaitable<Result<>> run_part(StepContext context, SharedWork work, std::size_t index,
                             SharedProgress progress) {
  const RunPart& part = work->operation.parts.site[index].run;
  const std::string name = run_mark(*work, index);
  const Result<> marked = co_await mark(context, work, name);
  if (!marked) co_return marked.error();
  SiteProgram program{part.run, {}, part.within, true};
  const auto ended = co_await run_until(context, work, std::move(program), part.probe, true);
  if (!ended) co_return Error{ended.error().kind, part.what + ": " + ended.error().message};
  progress->add(part.what);
  co_return Result<>{};
}

awaitable<Result<>> copy_files(StepContext context, SharedWork work, SharedProgress progress) {
  auto job = [work] { return stage(*work); };
  const Result<Answer> copied = co_await context.pool->run(std::move(job));
  if (!copied) co_return copied.error();
  progress->facts = copied->outcome.facts;
  if (copied->outcome.kind == OutcomeKind::ok) co_return Result<>{};
  co_return Error{ErrorKind::refused, copied->outcome.reason};
}

awaitable<Result<>> do_part(StepContext context, SharedWork work, std::size_t index,
                            SharedProgress progress) {
  const SitePart& part = work->operation.parts.site[index];
  std::vector<std::string> services;
  switch (part.kind) {
    case Kind::stop_service: {
      const Result<> stopped = co_await stop_services(context, work, part.services, &services);
      if (!services.empty()) progress->add(join(services, ", ") + " stopped");
      co_return stopped;
    }
    case Kind::start_service: {
      const Result<> started = co_await start_services(context, work, part.services, &services);
      if (!services.empty()) progress->add(join(services, ", ") + " started");
      co_return started;
    }
    case Kind::rename: {
      auto job = [work, &part] { return rename_file(*work, part); };
      const Result<> renamed = co_await context.pool->run(std::move(job));
      if (renamed) progress->add(part.path + " renamed to " + part.to);
      co_return renamed;
    }
    case Kind::copy: {
      const Result<> copied = co_await copy_files(context, work, progress);
      co_return copied;
    }
    case Kind::site_reset: {
      const Result<> reset = co_await reset_site(context, work, progress);
      co_return reset;
    }
    case Kind::run: {
      const Result<> ran = co_await run_part(context, work, index, progress);
      co_return ran;
    }
  }
  co_return Result<>{};
}

}  // namespace

bool is_service(const SitePart& part) {
  return part.kind == Kind::stop_service || part.kind == Kind::start_service;
}

awaitable<Result<>> reset_site(StepContext context, SharedWork work, SharedProgress progress) {
  const SiteReset& reset = work->operation.site.reset;
  const std::string begun = mark_name(*work, "reset");
  const Result<> marked = co_await mark(context, work, begun);
  if (!marked) co_return marked.error();
  SiteProgram program{reset.run, {}, reset.within, true};
  // Going back, a probe that says "has been reset" says nothing about this reset.
  const bool goes_back = work->operation.action.step == Step::unstage;
  const Argv probe = goes_back ? Argv() : reset.probe;
  const auto ended = co_await run_until(context, work, std::move(program), probe, true);
  if (!ended) co_return Error{ended.error().kind, "the site reset: " + ended.error().message};
  const std::string done = reset_mark(*work);
  const Result<> kept = co_await mark(context, work, done);
  progress->add("site reset");
  co_return kept;
}

awaitable<Result<bool>> all_done(StepContext context, SharedWork work) {
  auto job = [work] { return is_staged(*work); };
  const Result<bool> staged = co_await context.pool->run(std::move(job));
  if (!staged || !*staged) co_return staged;
  for (std::size_t i = 0; i < work->operation.parts.site.size(); ++i) {
    const Result<bool> done = co_await is_done(context, work, i);
    if (!done || !*done) co_return done;
  }
  co_return true;
}

awaitable<Result<>> go_forth(StepContext context, SharedWork work, SharedProgress progress) {
  auto prepare = [work]() -> Result<> {
    const auto prepared = prepare_stage(*work);
    return prepared ? record_renames(*work) : prepared;
  };
  const Result<> prepared = co_await context.pool->run(std::move(prepare));
  if (!prepared) co_return prepared.error();
  const Result<bool> done = co_await all_done(context, work);
  if (!done) co_return done.error();
  if (*done) co_return Result<>{};  // nothing is stopped for nothing
  const Result<> noted = co_await note_services(context, work);
  if (!noted) co_return noted.error();
  for (std::size_t i = 0; i < work->operation.parts.site.size(); ++i) {
    if (!is_service(work->operation.parts.site[i])) {
      const Result<bool> there = co_await is_done(context, work, i);
      if (!there) co_return there.error();
      if (*there) continue;
    }
    const Result<> made = co_await do_part(context, work, i, progress);
    if (!made) co_return made.error();
  }
  co_return Result<>{};
}

}  // namespace sitewide::sms
