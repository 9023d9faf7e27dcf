#include "adapters/sms/client/configure.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "adapters/descendants.h"
#include "adapters/sms/client/programs.h"
#include "adapters/sms/client/settings.h"
#include "adapters/sms/client/steps.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

using boost::asio::awaitable;
using Kind = ClientPart::Kind;
/// Every setting as it is now.
awaitable<Result<SettingsRecord>> look(StepContext context, SharedWork work, Placeholders values) {
  SettingsRecord now;
  auto read = [work]() -> Result<SmsIni> {
    const auto client = require_client(*work->files);
    if (!client) return client.error();
    return client->ini;
  };
  const Result<SmsIni> ini = co_await context.pool->run(std::move(read));
  if (!ini) co_return ini.error();
  for (const ClientPart& part : work->operation.parts.client) {
    if (part.kind == Kind::set_ini) {
      now.parts.push_back(ini_setting(*ini, part));
      continue;
    }
    Result<SettingRecord> seen = SettingRecord{};
    if (part.kind == Kind::run) {
      seen = co_await ask_program(context, work, values, part.run.probe);
    } else {
      seen = co_await query_registry(context, work, values, &part);
    }
    if (!seen) co_return seen.error();
    now.parts.push_back(std::move(*seen));
  }
  co_return now;
}

/// The first setting that does not hold; empty: all do.
std::string missing_setting(const Work& work, const SettingsRecord& now) {
  for (std::size_t i = 0; i < now.parts.size(); ++i) {
    const ClientPart& part = work.operation.parts.client[i];
    if (!holds(part, now.parts[i])) return name_of_part(part);
  }
  return {};
}

awaitable<Result<>> make(StepContext context, SharedWork work, Placeholders values,
                         const ClientPart* part, bool* lost) {
  const std::string what = name_of_part(*part);
  if (part->kind == Kind::set_ini) {
    auto job = [work, part] { return set_ini_value(*work, *part); };
    const Result<> set = co_await context.pool->run(std::move(job));
    co_return set;
  }
  ClientProgram program{part->run.run, values, part->run.within, true};
  if (part->kind == Kind::set_registry) {
    const SettingRecord to{true, part->value, part->type, true};
    program = registry_program(work->operation.transport.registry.set, values, *part, to);
  }
  const Result<> made = co_await change_by(context, work, std::move(program), what, lost);
  co_return made;
}

/// Everything that does not hold is set; gives how many that were.
awaitable<Result<int>> set_all(StepContext context, SharedWork work, bool* lost) {
  auto prepare = [work] { return placeholders_for(*work); };
  const Result<Placeholders> values = co_await context.pool->run(std::move(prepare));
  if (!values) co_return values.error();
  const Result<SettingsRecord> before = co_await look(context, work, *values);
  if (!before) co_return before.error();
  auto keep = [work, &before] { return keep_settings(*work, *before); };
  const Result<SettingsRecord> kept = co_await context.pool->run(std::move(keep));
  if (!kept) co_return kept.error();
  int changed = 0;
  for (std::size_t i = 0; i < before->parts.size(); ++i) {
    const ClientPart& part = work->operation.parts.client[i];
    if (holds(part, before->parts[i])) continue;
    const Result<> made = co_await make(context, work, *values, &part, lost);
    if (!made) co_return made.error();
    ++changed;
  }
  const Result<SettingsRecord> after = co_await look(context, work, *values);
  if (!after) co_return after.error();
  const std::string missing = missing_setting(*work, *after);
  if (missing.empty()) co_return changed;
  co_return Error{ErrorKind::io, missing + " is not what it was set to"};
}

/// Whether all settings hold, looked at from the beginning.
awaitable<Result<bool>> all_hold(StepContext context, SharedWork work) {
  auto prepare = [work] { return placeholders_for(*work); };
  const Result<Placeholders> values = co_await context.pool->run(std::move(prepare));
  if (!values) co_return values.error();
  const Result<SettingsRecord> now = co_await look(context, work, *values);
  if (!now) co_return now.error();
  co_return missing_setting(*work, *now).empty();
}

/// Puts one value of the registry back, or takes a program back.
awaitable<Result<>> put_back(StepContext context, SharedWork work, Placeholders values,
                             const ClientPart* part, SettingRecord original, bool* lost) {
  const std::string what = name_of_part(*part);
  const Registry& registry = work->operation.transport.registry;
  ClientProgram program{part->run.undo, values, part->run.within, true};
  if (part->kind == Kind::set_registry) {
    const Argv& argv = original.there ? registry.set : registry.remove;
    program = registry_program(argv, values, *part, original);
  }
  const Result<> made = co_await change_by(context, work, std::move(program), what, lost);
  co_return made;
}

/// A program without `undo` stays as it is.
bool can_go_back(const ClientPart& part) {
  return part.kind == Kind::set_registry || (part.kind == Kind::run && !part.run.undo.empty());
}

/// The settings that programs put back, in reverse order; with `change` false it only says whether
/// all are as they were.
awaitable<Result<bool>> programs_put_back(StepContext context, SharedWork work, bool change,
                                          bool* lost) {
  auto read = [work] { return kept_settings(*work); };
  const auto kept = co_await context.pool->run(std::move(read));
  if (!kept) co_return kept.error();
  if (!*kept) co_return true;
  auto prepare = [work] { return placeholders_for(*work); };
  const Result<Placeholders> values = co_await context.pool->run(std::move(prepare));
  if (!values) co_return values.error();
  const Result<SettingsRecord> now = co_await look(context, work, *values);
  if (!now) co_return now.error();
  const auto& parts = work->operation.parts.client;
  for (std::size_t i = parts.size(); i-- > 0;) {
    const SettingRecord& original = (*kept)->parts[i];
    if (!can_go_back(parts[i]) || is_same(parts[i], now->parts[i], original)) continue;
    // A program that has not been run, or was taken back already, has nothing to take back.
    if (parts[i].kind == Kind::run && !now->parts[i].there) continue;
    if (!change) co_return false;
    if (now->parts[i].there && !holds(parts[i], now->parts[i])) {
      co_return Error{ErrorKind::refused,
                      "needs hands: changed by someone else: " + name_of_part(parts[i])};
    }
    const Result<> made = co_await put_back(context, work, *values, &parts[i], original, lost);
    if (!made) co_return made.error();
  }
  co_return true;
}

/// The Answer for an Error of an attempt that may have begun something.
Answer ended_badly(const Work& work, const Error& error, bool lost) {
  if (!lost) return answer_for(work.purpose(), error);
  const bool away = is_away(error);
  return in_doubt(away ? OutcomeKind::unreachable : OutcomeKind::timed_out, error.message);
}

awaitable<Answer> blocking(StepContext context, SharedWork work, BlockingStep step) {
  auto job = [work, step] { return step(*work); };
  const Result<Answer> result = co_await context.pool->run(std::move(job));
  Answer answer = result ? *result : answer_for(work->purpose(), result.error());
  co_return answer;
}

/// Whether a program of the attempt may run where nobody sees it: not on this machine.
bool runs_out_of_sight(const Work& work) {
  const auto& parts = work.operation.parts.client;
  return work.operation.transport.type != "local" &&
         std::any_of(parts.begin(), parts.end(),
                     [](const ClientPart& part) { return part.kind == Kind::run; });
}

}  // namespace

awaitable<Answer> configure(StepContext context, Work owned) {
  const SharedWork work = std::make_shared<const Work>(std::move(owned));
  if (work->looks_back()) {
    auto find = [work] { return process_of_attempt(work->operation.key); };
    if (const auto process = co_await context.pool->run(std::move(find))) {
      co_return pending("it still runs, as process " + std::to_string(*process));
    }
    const Result<bool> hold = co_await all_hold(context, work);
    if (!hold) co_return answer_for(work->purpose(), hold.error());
    Answer answer = no_effect();
    if (*hold) {
      answer = recovered();
    } else if (runs_out_of_sight(*work) && work->now < work->operation.action.deadline) {
      answer = pending("a program that was begun may be running on the client still");
    }
    co_return answer;
  }
  bool lost = false;
  const Result<int> changed = co_await set_all(context, work, &lost);
  if (!changed) co_return ended_badly(*work, changed.error(), lost);
  std::map<std::string, std::string> facts;
  facts["set"] = std::to_string(*changed);
  co_return ok(std::move(facts));
}

awaitable<Answer> inspect_with_settings(StepContext context, Work owned) {
  const SharedWork work = std::make_shared<const Work>(std::move(owned));
  Answer answer = co_await blocking(context, work, inspect);
  if (answer.kind != Answer::Kind::done || !answer.outcome.on_target) co_return answer;
  const Result<bool> hold = co_await all_hold(context, work);
  if (!hold) co_return answer_for(work->purpose(), hold.error());
  answer.outcome.on_target = *hold;
  co_return answer;
}

awaitable<Answer> recheck_with_settings(StepContext context, Work owned) {
  const SharedWork work = std::make_shared<const Work>(std::move(owned));
  Answer answer = co_await blocking(context, work, recheck);
  if (answer.kind != Answer::Kind::done || answer.outcome.kind != OutcomeKind::ok) co_return answer;
  const Result<bool> hold = co_await all_hold(context, work);
  if (!hold) co_return answer_for(work->purpose(), hold.error());
  if (!*hold) co_return failed("a setting that the hotfix made does not hold any more");
  co_return answer;
}

awaitable<Answer> restore_with_settings(StepContext context, Work owned) {
  const SharedWork work = std::make_shared<const Work>(std::move(owned));
  Answer answer = co_await blocking(context, work, restore);
  const bool went_well =
      answer.kind == Answer::Kind::done && answer.outcome.kind == OutcomeKind::ok;
  if (!went_well) co_return answer;
  bool lost = false;
  const bool change = !work->looks_back();
  const Result<bool> back = co_await programs_put_back(context, work, change, &lost);
  if (!back) co_return ended_badly(*work, back.error(), lost);
  if (!*back) co_return no_effect();
  if (!change) co_return answer;
  const Result<bool> seen = co_await programs_put_back(context, work, false, &lost);
  if (!seen) co_return ended_badly(*work, seen.error(), lost);
  if (!*seen) co_return failed("a setting is not what it was before, after it was put back");
  co_return answer;
}

}  // namespace sitewide::sms
