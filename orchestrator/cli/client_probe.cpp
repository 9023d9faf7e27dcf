#include "orchestrator/cli/client_probe.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <numeric>

#include "adapters/originals.h"
#include "adapters/pool.h"
#include "adapters/sms/steps.h"
#include "orchestrator/base/text.h"
#include "orchestrator/engine/asio_loop.h"

namespace sitewide {
namespace {

constexpr std::size_t kMostReason = 400;

// A look has no business with the store of originals.
class NoOriginals : public Originals {
 public:
  Result<Digest> put(std::string_view) override { return refused(); }
  Result<std::string> get(const Digest&) override { return refused(); }
  Result<std::string> put_manifest(std::string_view, std::string_view) override {
    return refused();
  }
  Result<std::optional<std::string>> manifest(std::string_view) override {
    return std::optional<std::string>();
  }

 private:
  static Error refused() { return {ErrorKind::refused, "a probe keeps nothing"}; }
};

const PlannedStep* inspect_of(const Schedule& schedule, std::uint32_t client) {
  const std::uint32_t group = schedule.lanes[schedule.owner_lane(client)].group;
  if (group == kNone) return nullptr;
  const auto& steps = schedule.groups[group].steps;
  const auto found = std::find_if(steps.begin(), steps.end(), [](const PlannedStep& step) {
    return step.step == Step::inspect;
  });
  return found == steps.end() ? nullptr : &*found;
}

SavedClient seen(const Answer& answer) {
  const Outcome& outcome = answer.outcome;
  const bool answered = answer.kind == Answer::Kind::done && outcome.kind == OutcomeKind::ok;
  if (answered && outcome.on_target) return {ClientStanding::current, {}};
  if (answered) return {ClientStanding::to_upgrade, {}};
  const bool away =
      outcome.kind == OutcomeKind::unreachable || outcome.kind == OutcomeKind::timed_out;
  const std::string why =
      outcome.reason.empty() ? "it did not answer" : escaped(outcome.reason, kMostReason);
  return {away ? ClientStanding::unreachable : ClientStanding::unknown, why};
}

class Asker : public Answers {
 public:
  Asker(const Schedule& schedule, const Questions& questions, Adapter& adapter, ClientProbe& probe)
      : schedule_(schedule), questions_(questions), adapter_(adapter), probe_(probe) {}

  void deliver(const Action& action, Answer answer) override {
    --running_;
    note(action.subject.index, seen(answer));
  }
  void start_some(Timestamp now) {
    for (; running_ < probe_.in_flight && next_ < questions_.clients.size(); ++next_)
      ask(questions_.clients[next_], now);
  }
  bool done() const { return running_ == 0 && next_ == questions_.clients.size(); }

 private:
  void ask(std::uint32_t client, Timestamp now) {
    const PlannedStep* inspect = inspect_of(schedule_, client);
    if (inspect == nullptr) {
      note(client, {ClientStanding::unknown, "the plan gives no `inspect`"});
      return;
    }
    Action action;
    action.subject = Subject::client(client);
    action.step = Step::inspect;
    const Duration most = inspect->policy.timeout;
    const Duration wanted = questions_.within;
    action.deadline = now + (wanted > Duration{} ? std::min(wanted, most) : most);
    ++running_;
    adapter_.start(action, *this);
  }
  void note(std::uint32_t client, SavedClient what) {
    ++probe_.counts[static_cast<std::size_t>(what.standing)];
    probe_.clients[client] = std::move(what);
  }

  const Schedule& schedule_;
  const Questions& questions_;
  Adapter& adapter_;
  ClientProbe& probe_;
  std::size_t next_ = 0;
  std::uint32_t running_ = 0;
};

}  // namespace

bool can_be_asked(const Schedule& schedule, std::uint32_t client) {
  return inspect_of(schedule, client) != nullptr;
}

ClientProbe probe_clients(const Schedule& schedule, AdapterTables tables,
                          const Questions& questions) {
  ClientProbe probe;
  probe.clients.resize(schedule.clients.size(), {ClientStanding::unknown, {}});
  const auto asked = static_cast<std::uint32_t>(questions.clients.size());
  probe.in_flight = std::clamp<std::uint32_t>(schedule.limits.in_flight, 1, std::max(1U, asked));
  AsioLoop loop;
  Pool pool(loop.context().get_executor());
  NoOriginals originals;
  WorldServices services;
  services.executor = loop.context().get_executor();
  services.pool = &pool;
  services.originals = &originals;
  services.payload = [](const Digest&) -> Result<std::string> {
    return Error{ErrorKind::refused, "a probe needs no payload"};
  };
  services.now = [&loop] { return loop.now(); };
  const Timestamp begun = loop.now();
  {
    WorldAdapter adapter(schedule, "preview", services, std::move(tables));
    Asker asker(schedule, questions, adapter, probe);
    for (asker.start_some(loop.now()); !asker.done(); asker.start_some(loop.now()))
      loop.wait(kNever);
  }
  probe.took = loop.now() - begun;
  probe.stuck = !pool.close(std::chrono::seconds(2));
  return probe;
}

ClientProbe probe_clients(const Schedule& schedule, AdapterTables tables) {
  Questions everybody;
  everybody.clients.resize(schedule.clients.size());
  std::iota(everybody.clients.begin(), everybody.clients.end(), 0U);
  return probe_clients(schedule, std::move(tables), everybody);
}

ClientProbe probe_clients(const Schedule& schedule) {
  return probe_clients(schedule, standard_tables(run_sms_step));
}

void leave_stuck(int code) {
  std::fflush(nullptr);
  std::_Exit(code);
}

}  // namespace sitewide
