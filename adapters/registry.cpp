#include "adapters/registry.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <optional>
#include <tuple>
#include <utility>

#include "adapters/command_steps.h"
#include "adapters/descendants.h"
#include "adapters/exec.h"
#include "adapters/gates.h"
#include "adapters/local.h"
#include "adapters/openssh/openssh.h"
#include "adapters/share.h"
#include "adapters/smb/smb_transport.h"
#include "adapters/ssh/ssh.h"
#include "orchestrator/base/check.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

namespace asio = boost::asio;

// A step answers by its deadline; this is for one that hangs in the kernel, and ends before the
// engine gives up on it.
constexpr Duration kGrace = std::chrono::seconds(20);

std::shared_ptr<ClientTransport> make_local(const Transport&, asio::any_io_executor executor,
                                            Pool& pool) {
  return std::make_shared<LocalTransport>(std::move(executor), pool);
}

std::shared_ptr<ClientTransport> make_exec(const Transport& transport,
                                           asio::any_io_executor executor, Pool& pool) {
  return std::make_shared<ExecTransport>(transport, std::move(executor), pool);
}

std::shared_ptr<ClientTransport> make_ssh(const Transport& transport,
                                          asio::any_io_executor executor, Pool& pool) {
  if (transport.ssh.by_openssh)
    return std::make_shared<OpensshTransport>(transport, std::move(executor), pool);
  return std::make_shared<SshTransport>(transport, std::move(executor), pool);
}

bool is_look(const Action& action) { return action.purpose != Purpose::execute; }

// What becomes of an action that nobody waits for any more.
enum class Stop {
  end,      // it only reads
  forget,   // it must be finished, but its answer interests nobody
  let_run,  // it may change the client, so its answer is still wanted; a backup too: a program of
            // the plan may write
};

Stop stop_of(const Action& action) {
  switch (action.purpose) {
    case Purpose::poll:
    case Purpose::recover:
      return Stop::end;
    case Purpose::abandon:
      return Stop::forget;
    case Purpose::execute:
      break;
  }
  const bool reads =
      action.step == Step::inspect || action.step == Step::verify || action.step == Step::check;
  return reads ? Stop::end : Stop::let_run;
}

Answer answer_with(Answer::Kind kind, OutcomeKind outcome, std::string reason) {
  Answer answer;
  answer.kind = kind;
  answer.outcome.kind = outcome;
  answer.outcome.reason = std::move(reason);
  return answer;
}

// For an action that does not come back.
Answer overdue(const Action& action, Duration longest_look) {
  if (is_look(action)) {
    return answer_with(Answer::Kind::in_doubt, OutcomeKind::unreachable,
                       "no answer within " + describe_duration(longest_look));
  }
  const bool effect = has_effect(action.step);
  return answer_with(effect ? Answer::Kind::in_doubt : Answer::Kind::done, OutcomeKind::timed_out,
                     "no answer by the deadline");
}

// For a step that threw, which is a bug: nobody knows how far it came.
Answer broken(const Action& action, const std::exception_ptr& thrown) {
  std::string words = "unknown";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    words = escaped(error.what());
  } catch (...) {
    // Asio's completion: whatever it is must not leave the loop.
  }
  const bool unclear = is_look(action) || has_effect(action.step);
  return answer_with(unclear ? Answer::Kind::in_doubt : Answer::Kind::done, OutcomeKind::failed,
                     "internal error: " + words);
}

// For an action that an abort ended, or cut off between two parts of it.
Answer cut_off(const Action& action) {
  const bool effect = has_effect(action.step);
  return answer_with(effect ? Answer::Kind::in_doubt : Answer::Kind::done, OutcomeKind::cancelled,
                     "ended by an abort");
}

asio::awaitable<Answer> refuse(std::string reason) {
  co_return answer_with(Answer::Kind::done, OutcomeKind::refused, std::move(reason));
}

// For an action that is not begun, since an earlier one of its subject still hangs: another thread
// would hang with it.
Answer not_begun(const Action& action, Duration silent) {
  return answer_with(is_look(action) ? Answer::Kind::in_doubt : Answer::Kind::done,
                     OutcomeKind::unreachable,
                     "its files have not answered for " + describe_duration(silent));
}

asio::awaitable<Answer> at_once(Answer answer) { co_return answer; }

constexpr std::chrono::seconds kEndGrace{5};  // from SIGTERM to SIGKILL

asio::awaitable<void> end_left_behind(Pool* pool, std::string key) {
  auto end = [key] { return end_processes_of_attempt(key, kEndGrace); };
  co_await pool->run(std::move(end));
}

using Key = std::tuple<Subject, Step, std::uint32_t, Purpose>;

Key key_of(const Action& action) {
  return {action.subject, action.step, action.attempt, action.purpose};
}

}  // namespace

AdapterTables standard_tables(StepFunction sms_steps) {
  AdapterTables tables;
  tables.transports["local"] = make_local;
  tables.transports["exec"] = make_exec;
  tables.transports["ssh"] = make_ssh;
  auto is_gate = [](const Operation& operation) { return operation.action.step == Step::check; };
  // A restart is a program too, but the SMS methods' own: what became of one is read from the
  // client's phase.
  auto is_program = [](const Operation& operation) {
    return !operation.argv.empty() && operation.action.step != Step::restart;
  };
  tables.routes.push_back({"gate", is_gate, ask_gate});
  tables.routes.push_back({"command", is_program, run_command_step});
  tables.routes.push_back({"sms", [](const Operation&) { return true; }, std::move(sms_steps)});
  return tables;
}

// An action between start() and its one answer.
struct WorldAdapter::Running {
  Running(const Action& what, Answers& sink, const asio::any_io_executor& executor, Timestamp now)
      : action(what), answers(&sink), begun(now), watch(executor) {}

  Action action;
  Answers* answers;
  Timestamp begun;
  bool overdue = false;
  bool cut_off = false;
  asio::cancellation_signal stop;
  asio::steady_timer watch;  // ends the waiting for an action that does not come back
};

// Shared with the completions of what runs: they find it gone when the adapter is.
struct WorldAdapter::State {
  std::map<Key, std::shared_ptr<Running>> running;
  // Nobody waits for them any more, and they have not come back. Most do so at once; those that
  // hang in the kernel hold a thread of the pool each.
  std::multimap<Subject, std::shared_ptr<Running>> abandoned;

  void abandon(const std::shared_ptr<Running>& what) {
    abandoned.emplace(what->action.subject, what);
  }
  void came_back(const std::shared_ptr<Running>& what) {
    const auto [first, last] = abandoned.equal_range(what->action.subject);
    const auto found =
        std::find_if(first, last, [&](const auto& one) { return one.second == what; });
    if (found != last) abandoned.erase(found);
  }
  // For how long an abandoned action of the subject has hung; nothing when none does. One that was
  // stopped is given `patience` to come back.
  std::optional<Duration> silence_of(const Subject& subject, Timestamp now,
                                     Duration patience) const {
    std::optional<Duration> longest;
    const auto [first, last] = abandoned.equal_range(subject);
    for (auto one = first; one != last; ++one) {
      const Duration silent = now - one->second->begun;
      if (!one->second->overdue && silent < patience) continue;
      longest = std::max(longest.value_or(silent), silent);
    }
    return longest;
  }

  // Delivers the one answer, unless the action was answered or stopped before.
  void answer(const std::shared_ptr<Running>& what, Answer with) {
    const auto found = running.find(key_of(what->action));
    if (found == running.end() || found->second != what) return;
    running.erase(found);
    what->watch.cancel();
    what->answers->deliver(what->action, std::move(with));
  }
};

WorldAdapter::WorldAdapter(const Schedule& schedule, std::string rollout, WorldServices services,
                           AdapterTables tables)
    : schedule_(schedule),
      rollout_(std::move(rollout)),
      services_(std::move(services)),
      tables_(std::move(tables)),
      state_(std::make_shared<State>()) {
  for (const Transport& transport : schedule_.transports) {
    const auto factory = tables_.transports.find(transport.type);
    if (factory == tables_.transports.end()) continue;
    auto made = factory->second(transport, services_.executor, *services_.pool);
    if (transport.files == "smb") made = std::make_shared<SmbTransport>(std::move(made), smb_);
    transports_[transport.name] = std::move(made);
  }
}

WorldAdapter::~WorldAdapter() = default;

StepContext WorldAdapter::context_for(const Operation& operation) const {
  StepContext context;
  context.executor = services_.executor;
  context.pool = services_.pool;
  context.originals = services_.originals;
  context.payload = services_.payload;
  context.now = services_.now;
  context.recall = recall_;
  context.folder = [login = operation.site.smb, sessions = smb_](const std::string& root) {
    return open_share(root, login, sessions);
  };
  const auto transport = transports_.find(operation.transport.name);
  if (!is_site_step(operation.action.step) && transport != transports_.end()) {
    context.transport = transport->second;
  }
  return context;
}

asio::awaitable<Answer> WorldAdapter::task_or_silence(const Action& action) const {
  const auto silent = state_->silence_of(action.subject, services_.now(), services_.longest_look);
  if (silent) return at_once(not_begun(action, *silent));
  return task_for(make_operation(schedule_, rollout_, action));
}

asio::awaitable<Answer> WorldAdapter::task_for(Operation operation) const {
  const Step step = operation.action.step;
  StepContext context = context_for(operation);
  if (!is_site_step(step) && step != Step::check && !context.transport) {
    return refuse("transport type " + escaped(operation.transport.type) +
                  " is not in this version");
  }
  for (const StepRoute& route : tables_.routes) {
    if (route.serves(operation)) return route.run(std::move(context), std::move(operation));
  }
  return refuse("no method of this version does " + spoken(name_of(step)));
}

void WorldAdapter::start(const Action& action, Answers& answers) {
  const auto running =
      std::make_shared<Running>(action, answers, services_.executor, services_.now());
  const bool first = state_->running.emplace(key_of(action), running).second;
  check(first, "an action was started twice");
  const std::weak_ptr<State> state = state_;
  auto done = [state, running](const std::exception_ptr& thrown, Answer answer) {
    if (const auto alive = state.lock()) {
      alive->came_back(running);
      const bool ended = thrown && running->cut_off;
      if (thrown) answer = ended ? cut_off(running->action) : broken(running->action, thrown);
      alive->answer(running, std::move(answer));
    }
  };
  asio::awaitable<Answer> task = task_or_silence(action);
  auto handler = asio::bind_cancellation_slot(running->stop.slot(), std::move(done));
  asio::co_spawn(services_.executor, std::move(task), std::move(handler));
  watch(running);
}

void WorldAdapter::watch(const std::shared_ptr<Running>& running) {
  const Action& action = running->action;
  if (!is_look(action) && action.deadline == kNever) return;
  const Duration by_deadline = std::max(action.deadline - services_.now() + kGrace, kGrace);
  const Duration look = services_.longest_look;
  running->watch.expires_after(is_look(action) ? look : by_deadline);
  const std::weak_ptr<State> state = state_;
  running->watch.async_wait([state, running, look](const boost::system::error_code& error) {
    const auto alive = error ? nullptr : state.lock();
    if (!alive) return;
    running->overdue = true;
    alive->abandon(running);
    alive->answer(running, overdue(running->action, look));
    if (stop_of(running->action) == Stop::end) {
      running->stop.emit(asio::cancellation_type::terminal);
    }
  });
}

void WorldAdapter::stop(const Action& action) {
  const Stop how = stop_of(action);
  const auto found = state_->running.find(key_of(action));
  if (how == Stop::let_run || found == state_->running.end()) return;
  const std::shared_ptr<Running> running = found->second;
  state_->running.erase(found);
  state_->abandon(running);
  running->watch.cancel();
  if (how == Stop::end) running->stop.emit(asio::cancellation_type::terminal);
}

void WorldAdapter::cancel(const Action& action) {
  const auto found = state_->running.find(key_of(action));
  if (found != state_->running.end()) {
    found->second->cut_off = true;
    found->second->stop.emit(asio::cancellation_type::terminal);
    return;
  }
  // A controller that is gone may have left it running on this machine.
  std::string key = make_operation(schedule_, rollout_, action).key;
  asio::co_spawn(services_.executor, end_left_behind(services_.pool, std::move(key)),
                 asio::detached);
}

}  // namespace sitewide
