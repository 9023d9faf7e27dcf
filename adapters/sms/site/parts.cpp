#include "adapters/sms/site/parts.h"

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>
#include <utility>

#include "adapters/sms/site/marks.h"
#include "adapters/sms/site/programs.h"
#include "adapters/sms/site/rename.h"
#include "adapters/sms/site/services.h"
#include "adapters/sms/site/steps.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

using boost::asio::awaitable;
using Kind = SitePart::Kind;

/// What an attempt has done so far. Shared by its coroutines.
struct Progress {
  std::vector<std::string> done;             ///< for a person
  std::map<std::string, std::string> facts;  ///< of the files
  void add(std::string what) { done.push_back(std::move(what)); }
};
using SharedProgress = std::shared_ptr<Progress>;

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

bool is_service(const SitePart& part) {
  return part.kind == Kind::stop_service || part.kind == Kind::start_service;
}

/// Whether all that can be seen of the parts is done; without parts that copy, the files count all
/// the same.
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

awaitable<Result<>> carry_out(StepContext context, SharedWork work, SharedProgress progress) {
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

/// Takes back the `run` part at `index`, if it was run by us and can be undone.
awaitable<Result<>> undo_run(StepContext context, SharedWork work, std::size_t index,
                             SharedProgress progress) {
  const RunPart& part = work->operation.parts.site[index].run;
  const std::string name = run_mark(*work, index);
  const Result<bool> ours = co_await is_marked(context, work, name);
  if (!ours) co_return ours.error();
  if (!*ours) co_return Result<>{};
  const Result<bool> there = co_await ask_site_program(context, work, part.probe);
  if (!there) co_return there.error();
  if (!*there) co_return Result<>{};
  if (part.undo.empty()) {
    progress->add(part.what + " stays: it has no undo");
    co_return Result<>{};
  }
  SiteProgram program{part.undo, {}, part.within, true};
  const auto ended = co_await run_until(context, work, std::move(program), part.probe, false);
  if (!ended) {
    co_return Error{ended.error().kind, "undoing " + part.what + ": " + ended.error().message};
  }
  progress->add(part.what + " undone");
  co_return Result<>{};
}

Result<> put_names_back(const Work& work) {
  const auto& parts = work.operation.parts.site;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (part->kind != Kind::rename) continue;
    const auto back = rename_back(work, *part);
    if (!back) return back.error();
  }
  return {};
}

awaitable<Result<>> put_files_back(StepContext context, SharedWork work, SharedProgress progress) {
  auto job = [work] { return unstage(*work); };
  const Result<Answer> unstaged = co_await context.pool->run(std::move(job));
  if (!unstaged) co_return unstaged.error();
  progress->facts = unstaged->outcome.facts;
  if (unstaged->outcome.kind != OutcomeKind::ok) {
    co_return Error{ErrorKind::refused, unstaged->outcome.reason};
  }
  auto names = [work] { return put_names_back(*work); };
  const Result<> renamed = co_await context.pool->run(std::move(names));
  co_return renamed;
}

/// Whether services ran when the site was reset: what resets it may be one of them.
bool resets_with_services(const std::vector<SitePart>& parts) {
  bool stopped = false;
  for (const SitePart& part : parts) {
    if (is_service(part)) stopped = part.kind == Kind::stop_service;
    if (part.kind == Kind::site_reset) return !stopped;
  }
  return false;
}

/// Whether everything that can be seen is as it was; a reset counts when this attempt's ended well.
awaitable<Result<bool>> all_undone(StepContext context, SharedWork work) {
  auto job = [work]() -> Result<bool> {
    auto files = is_unstaged(*work);
    if (!files || !*files) return files;
    for (const SitePart& part : work->operation.parts.site) {
      if (part.kind != Kind::rename) continue;
      auto back = is_renamed_back(*work, part);
      if (!back || !*back) return back;
    }
    const auto reset = work->originals->manifest(mark_name(*work, "reset"));
    if (!reset) return reset.error();
    const auto done = work->originals->manifest(reset_mark(*work));
    if (!done) return done.error();
    return !*reset || *done;
  };
  const Result<bool> seen = co_await context.pool->run(std::move(job));
  if (!seen || !*seen) co_return seen;
  for (std::size_t i = 0; i < work->operation.parts.site.size(); ++i) {
    const SitePart& part = work->operation.parts.site[i];
    if (part.kind != Kind::run || part.run.undo.empty()) continue;
    const std::string name = run_mark(*work, i);
    const Result<bool> ours = co_await is_marked(context, work, name);
    if (!ours) co_return ours;
    if (!*ours) continue;
    const Result<bool> there = co_await ask_site_program(context, work, part.run.probe);
    if (!there) co_return there;
    if (*there) co_return false;
  }
  co_return true;
}

awaitable<Result<>> undo(StepContext context, SharedWork work, SharedProgress progress) {
  auto prepare = [work] { return prepare_unstage(*work); };
  const Result<> prepared = co_await context.pool->run(std::move(prepare));
  if (!prepared) co_return prepared.error();
  const Result<bool> undone_already = co_await all_undone(context, work);
  if (undone_already && *undone_already) {  // nothing is stopped for nothing
    const Result<> told = co_await put_files_back(context, work, progress);
    co_return told;
  }
  const Result<> noted = co_await note_services(context, work);
  if (!noted) co_return noted.error();
  std::vector<std::string> stopped;
  const std::vector<std::string> services = services_to_stop(*work);
  const Result<> ended = co_await stop_services(context, work, services, &stopped);
  if (!stopped.empty()) progress->add(join(stopped, ", ") + " stopped");
  if (!ended) co_return ended.error();
  const Result<> files = co_await put_files_back(context, work, progress);
  if (!files) co_return files.error();
  const std::size_t count = work->operation.parts.site.size();
  for (std::size_t i = count; i-- > 0;) {
    if (work->operation.parts.site[i].kind != Kind::run) continue;
    const Result<> undone = co_await undo_run(context, work, i, progress);
    if (!undone) co_return undone.error();
  }
  const std::string begun = mark_name(*work, "reset");
  const Result<bool> was_reset = co_await is_marked(context, work, begun);
  if (!was_reset) co_return was_reset.error();
  if (!*was_reset) co_return Result<>{};
  if (resets_with_services(work->operation.parts.site)) {
    std::vector<std::string> started;
    const Result<> back = co_await put_services_back(context, work, &started);
    if (!back) co_return back.error();
    if (!started.empty()) progress->add(join(started, ", ") + " started");
  }
  const Result<> reset = co_await reset_site(context, work, progress);
  co_return reset;
}

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
  const Result<> result = co_await carry_out(context, work, progress);
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
  const Result<> result = co_await undo(context, work, progress);
  Answer answer = co_await leave(context, work, progress, result);
  co_return answer;
}

}  // namespace sitewide::sms
