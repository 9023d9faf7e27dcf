#include "orchestrator/cli/controller.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <csignal>

#include "adapters/pool.h"
#include "adapters/registry.h"
#include "adapters/sms/steps.h"
#include "orchestrator/base/text.h"
#include "orchestrator/cli/advice.h"
#include "orchestrator/cli/claimed.h"
#include "orchestrator/cli/heartbeat.h"
#include "orchestrator/cli/order_files.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/telling.h"
#include "orchestrator/cli/views.h"
#include "orchestrator/engine/asio_loop.h"
#include "orchestrator/engine/engine.h"
#include "orchestrator/journal/backup_store.h"
#include "orchestrator/journal/beat.h"
#include "orchestrator/journal/machine.h"

namespace sitewide {
namespace {

/// The backup store as the adapters want it.
class StoredOriginals : public Originals {
 public:
  explicit StoredOriginals(BackupStore& store) : store_(store) {}
  Result<Digest> put(std::string_view bytes) override { return store_.put(bytes); }
  Result<std::string> get(const Digest& digest) override { return store_.get(digest); }
  Result<std::string> put_manifest(std::string_view name, std::string_view text) override {
    return store_.put_manifest(name, text);
  }
  Result<std::optional<std::string>> manifest(std::string_view name) override {
    return store_.manifest(name);
  }

 private:
  BackupStore& store_;
};

// First signal: start nothing more and let what runs finish. Second: leave at once; what runs
// becomes in doubt. Third: out.
class Interruption {
 public:
  Interruption(AsioLoop& loop, Engine& engine, Views& views) : engine_(engine), views_(views) {
    loop.on_signal([this](int number) { received(number); });
  }
  int count() const { return count_; }
  std::optional<ExitCode> exit_code() const {
    if (count_ == 0) return std::nullopt;
    return number_ == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
  }

 private:
  void received(int number) {
    ++count_;
    number_ = number;
    if (count_ == 1) {
      views_.say(
          "stopping: what runs is allowed to finish, nothing new starts. Press Ctrl-C again to "
          "leave at once.",
          "stopping; ctrl-c again leaves at once");
      engine_.stop(number == SIGTERM ? "SIGTERM" : "SIGINT");
    } else if (count_ == 2) {
      views_.say("leaving: what still runs goes on by itself and is looked for at resume.",
                 "leaving");
      engine_.leave();
    } else {
      std::_Exit(static_cast<int>(*exit_code()));  // the journal is durable already
    }
  }

  Engine& engine_;
  Views& views_;
  int count_ = 0;
  int number_ = 0;
};

}  // namespace

Result<Lease> take_lease(const RolloutDirectory& directory, Timestamp now) {
  return Lease::acquire(directory.lock(), "rollout " + directory.id(), this_process(now));
}

Result<Admission> take_claims(const StateDirectory& state, const RolloutDirectory& directory,
                              const Schedule& schedule) {
  const auto folder = ClaimsFolder::open(ClaimsFolder::of_this_machine(), state.locks() / "claims");
  if (!folder) return folder.error();
  if (!folder->doubt().empty()) spdlog::warn("{}", escaped(folder->doubt()));
  const Claimant claimant{directory.id(), this_process(wall_clock()), state.path()};
  const auto describe = [&](std::uint32_t claim) { return describe_claim(schedule, claim); };
  return Admission::admit(*folder, claimant, claims_of(schedule), describe);
}

ControllerStarted controller_started(const StoredRollout& stored, Timestamp now) {
  const Rollout& rollout = stored.rollout;
  ControllerStarted event;
  event.fence = rollout.fence() + 1;
  event.engine = SITEWIDE_VERSION;
  event.host = host_name();
  event.pid = getpid();
  event.user = user_name();
  if (rollout.fence() > 0)
    event.idle = downtime(rollout.last_event(), last_beat(stored.directory.lock()), now);
  return event;
}

Actor this_operator(const std::string& reason) { return {user_name(), host_name(), reason}; }

ExitCode drive(StoredRollout& stored, Journal& journal, std::vector<Event> first,
               const Options& options, const Console& console, ControllerProcess& process) {
  spdlog::info("drives rollout {} as process {}", stored.directory.id(), getpid());
  AsioLoop loop;
  Pool pool(loop.context().get_executor());
  BackupStore backups(stored.directory.backups());
  BackupStore payload(stored.directory.payload());
  StoredOriginals originals(backups);
  WorldServices services;
  services.executor = loop.context().get_executor();
  services.pool = &pool;
  services.originals = &originals;
  services.payload = [&payload](const Digest& digest) { return payload.get(digest); };
  services.now = [&loop] { return loop.now(); };
  OrderFiles orders(stored.directory.orders());
  Options shown = options;
  Seat seat;
  if (process.is_apart()) {
    shown.progress = "none";  // the process at the terminal has the view
  } else if (console.live()) {
    seat.past.begin(stored.rollout, loop.now());
  }
  Views views(shown, console, stored, std::move(seat));
  Telling telling(stored, loop, pool);
  std::vector<Reporter*> reporters = views.reporters();
  if (telling.reporter() != nullptr) reporters.push_back(telling.reporter());
  std::optional<ExitCode> interrupted;
  bool failed = false;
  {
    WorldAdapter adapter(stored.schedule, world_wide_name(stored), services,
                         standard_tables(run_sms_step));
    Engine engine(
        {stored.rollout, stored.subjects, adapter, loop, &journal, &orders, std::move(reporters)});
    const Heartbeat heartbeat(loop, stored.directory.lock());
    Interruption interruption(loop, engine, views);
    process.let_go(stored.directory);
    const auto ran = engine.run(std::move(first));
    interrupted = interruption.exit_code();
    failed = !ran;
    if (failed) {
      views.close();
      console.fail(ran.error());
      console.err("stopped: nothing more is started; sitewide resume " + stored.directory.id() +
                  " goes on once the journal can be written\n");
    }
    const int signals = interruption.count();
    if (signals < 2)
      telling.drain([&] { return interruption.count() > signals; },
                    [&](const std::string& text) { views.say(text, "ctrl-c leaves at once"); });
  }
  const bool stuck = !pool.close(std::chrono::seconds(2));
  ExitCode code = failed ? ExitCode::journal : exit_code_of(stored.rollout);
  if (!failed && interrupted && !stored.rollout.at_rest()) code = *interrupted;
  if (!failed) views.finish(code, next_commands(stored.rollout, stored.directory.id()));
  console.err(telling.undelivered());
  if (stuck) {  // a thread hangs in a dead share; destructors would wait for it
    std::fflush(nullptr);
    std::_Exit(static_cast<int>(code));
  }
  return code;
}

}  // namespace sitewide
