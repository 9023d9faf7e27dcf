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

}  // namespace

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

awaitable<Result<>> go_back(StepContext context, SharedWork work, SharedProgress progress) {
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

}  // namespace sitewide::sms
