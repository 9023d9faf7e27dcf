// The registry: which transports and methods there are, in two tables, and the WorldAdapter that
// carries out actions through them. Adding a transport or a method is one file and one line in
// standard_tables().
//
// Threads: the engine's; see adapter.h. Ownership: WorldAdapter borrows schedule and services,
// which outlive it; when it goes, what still runs is abandoned and never answers.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/smb/smb_sessions.h"
#include "adapters/step_context.h"
#include "orchestrator/core/schedule.h"

namespace sitewide {

/// Who carries out an operation: the first route of the table that serves it.
struct StepRoute {
  std::string name;
  std::function<bool(const Operation&)> serves;
  StepFunction run;
};

using TransportFactory = std::function<std::shared_ptr<ClientTransport>(
    const Transport&, boost::asio::any_io_executor, Pool&)>;

struct AdapterTables {
  std::map<std::string, TransportFactory> transports;  ///< by the plan's `type`
  std::vector<StepRoute> routes;
};

/// All that this version knows. `sms_steps` is run_sms_step (adapters/sms/steps.h), passed in
/// because that library is built on this one.
AdapterTables standard_tables(StepFunction sms_steps);

/// What WorldAdapter borrows or calls.
struct WorldServices {
  boost::asio::any_io_executor executor;
  Pool* pool = nullptr;
  Originals* originals = nullptr;
  std::function<Result<std::string>(const Digest&)> payload;
  std::function<Timestamp()> now;
  /// A look has no deadline of its own, and must not hang for ever: looks at once are limited.
  Duration longest_look = std::chrono::minutes(6);
};

class WorldAdapter : public Adapter {
 public:
  /// `rollout` is the rollout's id; it becomes part of every attempt's key.
  WorldAdapter(const Schedule& schedule, std::string rollout, WorldServices services,
               AdapterTables tables);
  ~WorldAdapter() override;
  WorldAdapter(const WorldAdapter&) = delete;
  WorldAdapter& operator=(const WorldAdapter&) = delete;

  void start(const Action& action, Answers& answers) override;
  void stop(const Action& action) override;
  void cancel(const Action& action) override;

 private:
  struct Running;
  struct State;
  StepContext context_for(const Operation& operation) const;
  boost::asio::awaitable<Answer> task_for(Operation operation) const;
  boost::asio::awaitable<Answer> task_or_silence(const Action& action) const;
  void watch(const std::shared_ptr<Running>& running);

  const Schedule& schedule_;
  std::string rollout_;
  WorldServices services_;
  AdapterTables tables_;
  std::shared_ptr<SmbSessions> smb_ = SmbSessions::make();              // of sites and transports
  std::map<std::string, std::shared_ptr<ClientTransport>> transports_;  // by the plan's name
  std::shared_ptr<State> state_;
  std::shared_ptr<Recall> recall_ = std::make_shared<Recall>();
};

}  // namespace sitewide
