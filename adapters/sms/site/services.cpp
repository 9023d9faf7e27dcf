#include "adapters/sms/site/services.h"

#include <algorithm>
#include <utility>

#include "adapters/sms/site/marks.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

using boost::asio::awaitable;

/// Attempts that ended before they recorded anything leave gaps; nobody leaves more of them than
/// this.
constexpr std::uint32_t kMostGaps = 32;

/// What one record says: the services, one a line.
struct Noted {
  Step step{};
  std::uint32_t attempt = 0;
  std::vector<std::string> services;
};

std::string record_name(const Work& work, Step step, std::uint32_t attempt, bool back) {
  return std::string(back ? "services-back-" : "services-") + std::string(name_of(step)) + "-" +
         std::to_string(attempt) + "/" + work.operation.site.name;
}

/// The records of services that are not known to run again.
Result<std::vector<Noted>> open_records(const Work& work) {
  std::vector<Noted> open;
  for (const Step step : {Step::stage, Step::unstage}) {
    std::uint32_t gaps = 0;
    for (std::uint32_t attempt = 1; gaps <= kMostGaps; ++attempt) {
      const auto text = work.originals->manifest(record_name(work, step, attempt, false));
      if (!text) return text.error();
      gaps = *text ? 0 : gaps + 1;
      if (!*text) continue;
      const auto back = work.originals->manifest(record_name(work, step, attempt, true));
      if (!back) return back.error();
      if (*back) continue;
      Noted noted{step, attempt, {}};
      for (const std::string_view name : split(**text, '\n')) {
        if (!name.empty()) noted.services.emplace_back(name);
      }
      open.push_back(std::move(noted));
    }
  }
  return open;
}

Result<> note(const Work& work, const std::string& running) {
  const Action& action = work.operation.action;
  const auto text =
      work.originals->put_manifest(record_name(work, action.step, action.attempt, false), running);
  if (!text) return text.error();
  return {};
}

Result<> close_records(const Work& work) {
  const auto open = open_records(work);
  if (!open) return open.error();
  for (const Noted& noted : *open) {
    const std::string name = record_name(work, noted.step, noted.attempt, true);
    const auto text = work.originals->put_manifest(name, "running");
    if (!text) return text.error();
  }
  return {};
}

/// That an attempt told the service to stop; `settled`: and that it did, or was waited for.
std::string stop_mark(const Work& work, Step step, std::uint32_t attempt,
                      const std::string& service, bool settled) {
  return mark_name(work, std::string(settled ? "services-settled-" : "services-told-") +
                             std::string(name_of(step)) + "-" + std::to_string(attempt) + "-" +
                             service);
}

std::string stop_mark(const Work& work, const std::string& service, bool settled) {
  const Action& action = work.operation.action;
  return stop_mark(work, action.step, action.attempt, service, settled);
}

/// Which marks are missing before a service that says it runs can be believed: it was told to stop,
/// and nobody saw it stopped.
Result<std::vector<std::string>> missing_marks(const Work& work, const std::string& service) {
  const auto open = open_records(work);
  if (!open) return open.error();
  std::vector<std::string> missing;
  for (const Noted& noted : *open) {
    const auto told =
        work.originals->manifest(stop_mark(work, noted.step, noted.attempt, service, false));
    if (!told) return told.error();
    if (!*told) continue;
    std::string name = stop_mark(work, noted.step, noted.attempt, service, true);
    const auto settled = work.originals->manifest(name);
    if (!settled) return settled.error();
    if (!*settled) missing.push_back(std::move(name));
  }
  return missing;
}

/// Waits for a stop that was told and not seen: a service that still stops says that it runs, and
/// would be down for good once nobody looks.
awaitable<Result<>> settle(StepContext context, SharedWork work, std::string service) {
  auto look = [work, service] { return missing_marks(*work, service); };
  const auto missing = co_await context.pool->run(std::move(look));
  if (!missing) co_return missing.error();
  if (missing->empty()) co_return Result<>{};
  const Services& services = work->operation.site.services;
  const auto stopped =
      co_await sees_within(context, work, services.query, service, false, services.within);
  if (!stopped) co_return stopped.error();
  for (const std::string& name : *missing) {
    const Result<> marked = co_await mark(context, work, name);
    if (!marked) co_return marked.error();
  }
  co_return Result<>{};
}

/// A service that still runs is told to stop once more: the watchdog of Site Configuration Manager
/// starts what is stopped (Resource Guide S3CD3), perhaps before anybody saw it stopped.
constexpr Duration kToldAgainAfter = std::chrono::seconds(10);

bool names(const std::set<std::string>& services, const std::string& name) {
  return std::any_of(services.begin(), services.end(), [&](const std::string& service) {
    return equals_ignoring_case(service, name);
  });
}

}  // namespace

std::vector<std::string> services_to_stop(const Work& work) {
  std::vector<std::string> services;
  for (const SitePart& part : work.operation.parts.site) {
    if (part.kind != SitePart::Kind::stop_service) continue;
    services.insert(services.end(), part.services.begin(), part.services.end());
  }
  return services;
}

Result<std::set<std::string>> owed_services(const Work& work) {
  const auto open = open_records(work);
  if (!open) return open.error();
  std::set<std::string> owed;
  for (const Noted& noted : *open) owed.insert(noted.services.begin(), noted.services.end());
  return owed;
}

awaitable<Result<>> note_services(StepContext context, SharedWork work) {
  std::string running;
  for (const std::string& service : services_to_stop(*work)) {
    const Argv& query = work->operation.site.services.query;
    const auto runs = co_await ask_site_program(context, work, query, service);
    if (!runs) co_return runs.error();
    if (*runs) running += service + "\n";
  }
  auto job = [work, running] { return note(*work, running); };
  const Result<> noted = co_await context.pool->run(std::move(job));
  co_return noted;
}

awaitable<Result<>> stop_services(StepContext context, SharedWork work,
                                  std::vector<std::string> names,
                                  std::vector<std::string>* stopped) {
  const Services& services = work->operation.site.services;
  for (const std::string& service : names) {
    const auto runs = co_await ask_site_program(context, work, services.query, service);
    if (!runs) co_return runs.error();
    if (!*runs) continue;
    const std::string told = stop_mark(*work, service, false);
    const Result<> marked = co_await mark(context, work, told);
    if (!marked) co_return marked.error();
    SiteProgram stop{services.stop, service, services.within, true};
    const auto ended =
        co_await run_until(context, work, std::move(stop), services.query, false, kToldAgainAfter);
    // Refused: the program could not be started, so the service was not told after all.
    if (ended || ended.error().kind == ErrorKind::refused) {
      const std::string settled = stop_mark(*work, service, true);
      const Result<> seen = co_await mark(context, work, settled);
      if (!seen) co_return seen.error();
    }
    if (!ended) {
      co_return Error{ended.error().kind, service + " does not stop: " + ended.error().message};
    }
    stopped->push_back(service);
  }
  co_return Result<>{};
}

awaitable<Result<>> start_services(StepContext context, SharedWork work,
                                   std::vector<std::string> wanted,
                                   std::vector<std::string>* started) {
  const Services& services = work->operation.site.services;
  auto look = [work] { return owed_services(*work); };
  const auto owed = co_await context.pool->run(std::move(look));
  if (!owed) co_return owed.error();
  std::vector<std::string> failures;
  for (const std::string& service : wanted) {
    if (!names(*owed, service)) continue;
    const Result<> settled = co_await settle(context, work, service);
    if (!settled) {
      failures.push_back(service + " may still be stopping: " + settled.error().message);
    }
    const auto runs = co_await ask_site_program(context, work, services.query, service);
    if (runs && *runs) continue;
    SiteProgram start{services.start, service, services.within, false};
    const auto ended = co_await run_until(context, work, std::move(start), services.query, true);
    if (ended) {
      started->push_back(service);
    } else {
      failures.push_back(service + " does not start: " + ended.error().message);
    }
  }
  if (failures.empty()) co_return Result<>{};
  co_return Error{ErrorKind::io, join(failures, "; ")};
}

awaitable<Result<>> put_services_back(StepContext context, SharedWork work,
                                      std::vector<std::string>* started) {
  auto look = [work] { return owed_services(*work); };
  const auto owed = co_await context.pool->run(std::move(look));
  if (!owed) co_return owed.error();
  if (owed->empty()) co_return Result<>{};
  std::vector<std::string> all(owed->begin(), owed->end());
  const auto ended = co_await start_services(context, work, std::move(all), started);
  if (!ended) co_return ended.error();
  auto close = [work] { return close_records(*work); };
  const Result<> closed = co_await context.pool->run(std::move(close));
  co_return closed;
}

}  // namespace sitewide::sms
