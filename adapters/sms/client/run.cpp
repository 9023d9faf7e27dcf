#include "adapters/sms/client/run.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "adapters/descendants.h"
#include "adapters/sms/client/logon_server.h"
#include "adapters/sms/client/proof.h"
#include "adapters/sms/client/signatures.h"
#include "adapters/sms/client/steps.h"
#include "adapters/sms/log_signatures.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

using SharedWork = std::shared_ptr<const Work>;

/// What running a program on the client takes, read before it starts.
struct Launch {
  std::map<std::string, std::string> values;
  std::string share;   ///< the folder of the logon server's SMS_SHR
  std::string server;  ///< its name
};

/// The file's name as it is written in the share; nothing when it is not there.
Result<std::optional<std::string>> name_in_share(Files& share, std::string_view name) {
  const auto names = share.list("");
  if (!names) return names.error();
  for (const std::string& candidate : *names) {
    if (equals_ignoring_case(candidate, name)) return std::optional(candidate);
  }
  return std::optional<std::string>();
}

/// The client's own logon server, or the next of the site that can be reached and has the batch
/// file.
Result<Launch> prepare_trigger(const Work& work) {
  const Operation& operation = work.operation;
  if (work.shares.empty())
    return Error{ErrorKind::refused, "the client's site has no logon server"};
  const auto client = require_client(*work.files);
  if (!client) return client.error();
  const std::string os = client->os.empty() ? operation.client.os : client->os;
  const std::string_view batch = equals_ignoring_case(os, "os2") ? "Upgrade.cmd" : "Upgrade.bat";
  const std::size_t first = logon_server_of(operation.site, client->ini, operation.client.name);
  Error error;
  for (std::size_t i = 0; i < work.shares.size(); ++i) {
    const std::size_t index = (first + i) % work.shares.size();
    const LogonServer& server = operation.site.logon_servers[index];
    const auto name = name_in_share(*work.shares[index].files, batch);
    if (name && *name) {
      Launch launch{placeholder_values(operation, *client, server), server.share, server.name};
      launch.values["batch"] = **name;
      return launch;
    }
    const bool away = !name && is_away(name.error());
    if (i > 0 && !away) continue;
    error = {away ? ErrorKind::unreachable : ErrorKind::io,
             std::string(batch) + (away ? " cannot be reached on " : " is not in SMS_SHR of ") +
                 server.name};
  }
  return error;
}

Result<Launch> prepare_restart(const Work& work) {
  const auto client = require_client(*work.files);
  if (!client) return client.error();
  const Site& site = work.operation.site;
  if (site.logon_servers.empty())
    return Launch{placeholder_values(work.operation, *client, {}), {}, {}};
  const auto own = logon_server_of(site, client->ini, work.operation.client.name);
  return Launch{placeholder_values(work.operation, *client, site.logon_servers[own]), {}, {}};
}

/// The last line with anything in it, escaped.
std::string last_line(const Output& output) {
  std::string_view text = trim(output.tail.empty() ? output.head : output.tail);
  const std::size_t feed = text.find_last_of("\r\n");
  if (feed != std::string_view::npos) text.remove_prefix(feed + 1);
  return escaped(trim(text), 160);
}

std::string how_it_ended(const RunResult& run) {
  std::string text = run.kind == RunResult::Kind::signalled
                         ? "ended by signal " + std::to_string(run.signal)
                         : "exit code " + std::to_string(run.exit_code);
  const std::string line = last_line(run.output);
  return line.empty() ? text : text + ", last line: " + line;
}

/// What Sms.ini and the files say after Upgrade.bat was (or may have been) run.
struct Effect {
  bool taken = false;
  std::string clue;  ///< why not, as far as the client and its logon server show; or empty
  std::string phase;
  std::map<std::string, std::string> facts;
};

Result<Effect> look_for_effect(const Work& work) {
  const auto client = require_client(*work.files);
  if (!client) return client.error();
  Effect effect{is_flagged(client->phase), {}, client->setup_phase_shown(), facts_of(*client)};
  if (effect.taken) return effect;
  // A DOS client does everything in one run (S3D1C); others may have logged on since.
  const auto files = planned_on_client(work, *client);
  if (!files) return files.error();
  const auto right = files_are_right(*work.files, *files);
  if (!right) return right.error();
  effect.taken = *right;
  // What a log says of earlier runs is no reason for this one.
  if (!effect.taken) effect.clue = client_clue(work, *client, work.now);
  return effect;
}

/// Recover and abandon of trigger. A client without Sms.ini has left SMS, whatever the attempt did.
Result<Answer> look_back_at_trigger(const Work& work) {
  auto effect = look_for_effect(work);
  if (!effect && effect.error().kind == ErrorKind::refused) return failed(effect.error().message);
  if (!effect) return effect.error();
  if (effect->taken) return recovered(std::move(effect->facts));
  // An earlier controller may have left it running: a second one beside it would help nobody.
  if (const auto process = process_of_attempt(work.operation.key)) {
    return pending("it still runs, as process " + std::to_string(*process));
  }
  return no_effect();
}

/// A restart lets a flagged client go on, so a phase that is no longer flagged shows that there was
/// one.
Result<Answer> look_back_at_restart(const Work& work) {
  if (work.operation.argv.empty()) return recovered();
  const auto client = require_client(*work.files);
  if (!client) return client.error();
  return is_flagged(client->phase) ? no_effect() : recovered();
}

Answer settled(const Work& work, const Result<Answer>& answer) {
  return answer ? *answer : answer_for(work.purpose(), answer.error());
}

Answer judge_trigger(const Result<Effect>& effect, const RunResult& run) {
  Answer answer;
  if (!effect && effect.error().kind != ErrorKind::refused) {
    const bool away = is_away(effect.error());
    answer = in_doubt(away ? OutcomeKind::unreachable : OutcomeKind::failed,
                      "after Upgrade.bat Sms.ini could not be read: " + effect.error().message);
  } else if (!effect) {
    answer =
        failed("after Upgrade.bat: " + effect.error().message + " (" + how_it_ended(run) + ")");
  } else if (effect->taken) {
    answer = ok(effect->facts);
  } else {
    std::string why = setup_signature(run.output.head);
    if (why.empty()) why = setup_signature(run.output.tail);
    if (why.empty()) why = effect->clue;
    answer = failed("SetupPhase is " + effect->phase + " after Upgrade.bat, not UPGRADE (" +
                    how_it_ended(run) + ")" + (why.empty() ? "" : "; " + why));
    answer.outcome.facts = effect->facts;
  }
  answer.outcome.exit_code = run.exit_code;
  if (run.orphans > 0) answer.outcome.facts["orphans"] = std::to_string(run.orphans);
  return answer;
}

Result<RunRequest> make_request(const Work& work, const Argv& argv, const Launch& launch) {
  auto substituted = substitute(argv, launch.values);
  if (!substituted) return Error{ErrorKind::refused, substituted.error().message};
  RunRequest request;
  request.argv = std::move(*substituted);
  // A share is no folder that a program could be in; its batch program gets the UNC name.
  if (!is_smb_place(launch.share)) request.folder = launch.share;
  request.environment[kAttemptVariable] = work.operation.key;
  request.timeout = std::max(work.operation.action.deadline - work.now, Duration(1));
  return request;
}

/// Nothing when the program ended by itself; the answer when it did not.
std::optional<Answer> not_run(const RunResult& run, const std::string& what) {
  if (run.kind == RunResult::Kind::unreachable) return unreachable(run.reason);
  if (run.kind == RunResult::Kind::denied) return refused(run.reason);
  if (run.kind == RunResult::Kind::lost) {
    return in_doubt(OutcomeKind::unreachable,
                    "the client was lost when " + what +
                        " was to run: " + (run.reason.empty() ? how_it_ended(run) : run.reason));
  }
  if (run.kind != RunResult::Kind::timed_out) return std::nullopt;
  return in_doubt(OutcomeKind::timed_out, what + " did not end in time");
}

}  // namespace

boost::asio::awaitable<Answer> trigger(StepContext context, Work owned) {
  const SharedWork work = std::make_shared<const Work>(std::move(owned));
  if (work->looks_back()) {
    auto look = [work] { return look_back_at_trigger(*work); };
    const auto answer = co_await context.pool->run(std::move(look));
    co_return settled(*work, answer);
  }
  auto prepare = [work] { return prepare_trigger(*work); };
  const auto launch = co_await context.pool->run(std::move(prepare));
  if (!launch) co_return answer_for(Purpose::execute, launch.error());
  // A transport that runs batch files itself has no `batch`: it gets the two names.
  const bool by_itself = context.transport->runs_batch();
  const Argv named{"{batch}"};
  const Argv& batch = by_itself ? named : work->operation.transport.batch;
  auto request = make_request(*work, batch, *launch);
  if (!request) co_return refused(request.error().message);
  if (by_itself) request->logon_server = launch->server;
  RunRequest ready = std::move(*request);
  RunResult run = co_await context.transport->run(work->operation, std::move(ready));
  std::optional<Answer> answer = not_run(run, launch->values.at("batch"));
  if (!answer) {
    auto look = [work] { return look_for_effect(*work); };
    const auto effect = co_await context.pool->run(std::move(look));
    answer = judge_trigger(effect, run);
    // Its carrier was ended here; what it carries may go on there.
    const bool carried =
        run.kind == RunResult::Kind::signalled && work->operation.transport.type != "local";
    if (carried && answer->outcome.kind == OutcomeKind::failed)
      answer->kind = Answer::Kind::in_doubt;
  }
  answer->outcome.facts["logon_server"] = launch->server;
  answer->output = std::move(run.output);
  co_return std::move(*answer);
}

boost::asio::awaitable<Answer> restart(StepContext context, Work owned) {
  const SharedWork work = std::make_shared<const Work>(std::move(owned));
  if (work->looks_back()) {
    auto look = [work] { return look_back_at_restart(*work); };
    const auto answer = co_await context.pool->run(std::move(look));
    co_return settled(*work, answer);
  }
  if (work->operation.argv.empty()) co_return ok();
  auto prepare = [work] { return prepare_restart(*work); };
  const auto launch = co_await context.pool->run(std::move(prepare));
  if (!launch) co_return answer_for(Purpose::execute, launch.error());
  auto request = make_request(*work, work->operation.argv, *launch);
  if (!request) co_return refused(request.error().message);
  RunRequest ready = std::move(*request);
  RunResult run = co_await context.transport->run(work->operation, std::move(ready));
  std::optional<Answer> answer = not_run(run, "the restart command");
  if (!answer && run.kind == RunResult::Kind::signalled) {
    answer = in_doubt(OutcomeKind::failed, "the restart command was " + how_it_ended(run));
  }
  if (!answer && run.exit_code == 0) answer = ok();
  if (!answer) answer = failed("the restart command ended with " + how_it_ended(run));
  answer->outcome.exit_code = run.exit_code;
  answer->output = std::move(run.output);
  co_return std::move(*answer);
}

}  // namespace sitewide::sms
