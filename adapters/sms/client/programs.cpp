#include "adapters/sms/client/programs.h"

#include <algorithm>
#include <utility>

#include "adapters/descendants.h"
#include "adapters/run_words.h"
#include "adapters/sms/client/logon_server.h"
#include "adapters/sms/client/registry_setting.h"
#include "adapters/sms/client/settings.h"
#include "adapters/sms/client/steps.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {

using boost::asio::awaitable;

Result<Placeholders> placeholders_for(const Work& work) {
  const auto client = require_client(*work.files);
  if (!client) return client.error();
  const Site& site = work.operation.site;
  if (site.logon_servers.empty()) return placeholder_values(work.operation, *client, {});
  const auto own = logon_server_of(site, client->ini, work.operation.client.name);
  return placeholder_values(work.operation, *client, site.logon_servers[own]);
}

ClientProgram registry_program(const Argv& argv, const Placeholders& values, const ClientPart& part,
                               const SettingRecord& to) {
  ClientProgram program;
  program.argv = argv;
  program.values = values;
  program.has_effect = true;
  program.values["key"] = part.key;
  program.values["name"] = part.name;
  program.values["type"] = to.type;
  program.values["value"] = to.value;
  return program;
}

awaitable<Result<RunResult>> run_on_client(StepContext context, SharedWork work,
                                           ClientProgram program, bool* lost) {
  auto argv = substitute(program.argv, program.values);
  if (!argv) co_return Error{ErrorKind::refused, argv.error().message};
  RunRequest request;
  request.argv = std::move(*argv);
  request.timeout = program.within;
  const Duration left = work->operation.action.deadline - context.now();
  if (!work->looks_back()) request.timeout = std::clamp(left, Duration(1), program.within);
  if (program.has_effect) request.environment[kAttemptVariable] = work->operation.key;
  const std::string name = escaped(request.argv.empty() ? "" : request.argv.front(), 80);
  RunResult run = co_await context.transport->run(work->operation, std::move(request));
  const std::string words = name + ": " + run_words(run);
  switch (run.kind) {
    case RunResult::Kind::exited:
      co_return run;
    case RunResult::Kind::unreachable:
      co_return Error{ErrorKind::unreachable, words};
    case RunResult::Kind::denied:
      co_return Error{ErrorKind::denied, words};
    case RunResult::Kind::lost:
      *lost = program.has_effect;
      co_return Error{ErrorKind::unreachable, words};
    case RunResult::Kind::timed_out:
    case RunResult::Kind::signalled:
      break;
  }
  *lost = program.has_effect && work->operation.transport.type != "local";
  co_return Error{ErrorKind::io, words};
}

awaitable<Result<SettingRecord>> ask_program(StepContext context, SharedWork work,
                                             Placeholders values, Argv probe) {
  bool lost = false;
  ClientProgram program;
  program.argv = probe;
  program.values = std::move(values);
  const auto run = co_await run_on_client(context, work, std::move(program), &lost);
  if (!run) co_return run.error();
  if (run->exit_code != 0 && run->exit_code != 1) {
    co_return Error{ErrorKind::io,
                    escaped(probe.front(), 80) + ": " + run_words(*run) + " (0 means yes, 1 no)"};
  }
  SettingRecord record;
  record.there = run->exit_code == 0;
  co_return record;
}

awaitable<Result<SettingRecord>> query_registry(StepContext context, SharedWork work,
                                                Placeholders values, const ClientPart* part) {
  bool lost = false;
  const Registry& registry = work->operation.transport.registry;
  ClientProgram program = registry_program(registry.query, values, *part, {});
  program.has_effect = false;
  const auto run = co_await run_on_client(context, work, std::move(program), &lost);
  if (!run) co_return run.error();
  if (run->exit_code == 1) co_return SettingRecord{};
  auto setting = registry_setting(run->output.head + run->output.tail);
  if (run->exit_code == 0 && setting) co_return *setting;
  co_return Error{ErrorKind::io,
                  "the registry says nothing of " + name_of_part(*part) + ": " +
                      (run->exit_code == 0 ? "no type in what was printed" : run_words(*run))};
}

awaitable<Result<>> change_by(StepContext context, SharedWork work, ClientProgram program,
                              std::string what, bool* lost) {
  const auto run = co_await run_on_client(context, work, std::move(program), lost);
  if (!run) co_return run.error();
  if (run->exit_code == 0) co_return Result<>{};
  co_return Error{ErrorKind::io, what + ": " + run_words(*run)};
}

}  // namespace sitewide::sms
