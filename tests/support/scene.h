// Scene: a rollout without an engine, played by hand. The test says how attempts end and how time
// goes on; decide() does the rest. Names are those of clients, sites and groups.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "orchestrator/core/compile.h"
#include "orchestrator/core/order.h"
#include "orchestrator/core/subject_index.h"

namespace sitewide {

/// One site HQ, one transport, no groups; `clients` fill it.
struct ScenePlan {
  Plan plan;
  ClientTable clients;
  CompileOptions options;

  ScenePlan();
  /// A group of `count` clients named `<name>1`, `<name>2` … on site HQ: no strict wave, one wave,
  /// nothing tolerated.
  Group& group(const std::string& name, std::uint32_t count, Method method = Method::command);
  /// Clients of site HQ in no group.
  void strangers(std::uint32_t count);
};

class Scene {
 public:
  /// Compiles, starts a controller and decides.
  explicit Scene(ScenePlan plan);

  /// Ends the open attempt of a client, of a site, or of the gate that a group waits at, and
  /// decides.
  void finish(const std::string& name, OutcomeKind kind = OutcomeKind::ok,
              const std::string& reason = "");
  /// Ends the open inspect: the client holds every file already.
  void is_current(const std::string& name);
  /// Ends every open attempt of the step.
  void finish_all(Step step, OutcomeKind kind = OutcomeKind::ok);
  /// Ends well whatever is open, again and again, until nothing is.
  void finish_everything();
  /// The open attempt becomes in doubt.
  void doubt(const std::string& name);
  /// Stages and replicates every site.
  void make_sites_ready();
  /// Time goes on; decides at each instant that next_wake names.
  void pass(Duration time);
  /// The controller dies and another one starts after `idle`.
  void restart(Duration idle = {});
  /// True when the order is carried out; else `refusal` says why.
  bool order(const std::string& verb, const std::string& subject = "", const std::string& name = "",
             std::uint32_t count = 0);

  /// What the order would be answered now; changes nothing.
  Result<std::vector<Event>> answer_to(const Order& order) const;

  ClientState state(const std::string& client) const;
  const ClientRecord& record(const std::string& client) const;
  const GroupRecord& group(const std::string& name) const;
  const SiteRecord& site() const { return rollout().site(0); }
  const Rollout& rollout() const { return *rollout_; }
  const Schedule& schedule() const { return schedule_; }
  /// Names of those with an open attempt of the step, in the order in which they were started.
  std::vector<std::string> open(Step step) const;
  /// How often the step was started for the client, the site, or the group's gate.
  std::uint32_t started(const std::string& name, Step step) const;
  /// True when an event of this kind (`breached`) happened.
  bool happened(const std::string& kind) const { return times(kind) > 0; }
  std::uint32_t times(const std::string& kind) const;
  /// `restored pc2`, `restored pc1` …: the settlements, in order.
  std::vector<std::string> settled(ClientState state) const;
  const std::string& refusal() const { return refusal_; }
  Timestamp now() const { return now_; }

  void apply(Event event);
  void decide_all();

 private:
  Subject subject(const std::string& name) const;  // of a group: its gate

  Schedule schedule_;
  std::unique_ptr<SubjectIndex> subjects_;
  std::unique_ptr<Rollout> rollout_;
  Timestamp now_;
  std::vector<Event> events_;
  std::string refusal_;
};

}  // namespace sitewide
