#include "orchestrator/core/recount.h"

#include <algorithm>
#include <charconv>

namespace sitewide {

// Sees the numbers that Rollout keeps to itself.
struct Recount {
  const Rollout& r;
  std::vector<std::string> wrong;

  // What the numbers that are compared belong to, as a beginning of their names.
  std::string owner;

  template <class Kept, class Counted>
  void same(std::string_view what, Kept kept, Counted counted) {
    if (static_cast<std::uint64_t>(kept) == static_cast<std::uint64_t>(counted)) return;
    wrong.push_back(owner + std::string(what) + ": kept " + std::to_string(kept) + ", counted " +
                    std::to_string(counted));
  }

  template <class Match>
  std::uint32_t clients(Match match) const {
    std::uint32_t count = 0;
    for (std::uint32_t c = 0; c < r.clients_.size(); ++c) {
      if (match(c, r.clients_[c])) ++count;
    }
    return count;
  }

  template <class Match>
  std::uint32_t sites(Match match) const {
    std::uint32_t count = 0;
    for (const SiteRecord& site : r.sites_) {
      if (match(site)) ++count;
    }
    return count;
  }

  void totals();
  void states();
  void group(std::uint32_t g);
  void wave(std::uint32_t g);
  void lane(std::uint32_t l);
  void queues();
  void cursors();
};

namespace {

using Client = ClientRecord;

bool is_good(ClientState state) {
  return state == ClientState::upgraded || state == ClientState::already_current;
}

}  // namespace

void Recount::totals() {
  const auto action = [](std::uint32_t, const Client& client) {
    return client.open && !is_watch(client.step);
  };
  const auto watch = [](std::uint32_t, const Client& client) {
    return client.open && is_watch(client.step);
  };
  const auto doubtful = [](std::uint32_t, const Client& client) { return client.doubtful; };
  const auto unprobed = [](std::uint32_t, const Client& client) { return !client.probed; };
  const auto late = [](std::uint32_t, const Client& client) {
    return client.counted_late && !client.final_late;
  };
  same("client actions", r.client_actions_, clients(action));
  const auto asked = std::count_if(r.groups_.begin(), r.groups_.end(),
                                   [](const GroupRecord& group) { return group.asking.open; });
  const auto site_action = [](const SiteRecord& site) { return site.open && !is_watch(site.step); };
  same("open actions", r.open_actions_, clients(action) + sites(site_action) + asked);
  same("open watches", r.open_watches_, clients(watch) + sites([](const SiteRecord& site) {
                                          return site.open && is_watch(site.step);
                                        }));
  same("in doubt", r.doubtful_,
       clients(doubtful) + sites([](const SiteRecord& site) { return site.doubtful; }));
  same("unprobed", r.unprobed_,
       clients(unprobed) + sites([](const SiteRecord& site) { return !site.probed; }));
  same("pending late", r.pending_late_, clients(late));
  same("to restore", r.to_restore_,
       clients([](std::uint32_t, const Client& client) { return client.to_restore; }));
  const auto due = [](std::uint32_t, const Client& client) {
    return client.recheck == Client::Recheck::due;
  };
  same("rechecks due", r.rechecks_due_, clients(due));
  same("open rechecks", r.open_rechecks_, clients([](std::uint32_t, const Client& client) {
         return client.open && client.step == Step::recheck;
       }));
  const std::uint32_t mark = r.ramp_.mark;
  const auto upgraded = [](const Client& client) {
    return client.first_trigger != 0 && client.state == ClientState::upgraded;
  };
  same("proven of the ramp", r.ramp_.proven,
       clients([&](std::uint32_t, const Client& client) { return upgraded(client); }));
  same("proven up to the ramp's mark", r.ramp_.mark_proven,
       clients([&](std::uint32_t, const Client& client) {
         return upgraded(client) && client.first_trigger <= mark;
       }));
  same("sites failed", r.sites_failed_,
       sites([](const SiteRecord& site) { return site.phase == SiteRecord::Phase::failed; }));
  std::uint32_t done = 0, wanted = 0;
  for (const GroupRecord& group : r.groups_) {
    if (group.state == GroupState::passed || group.state == GroupState::skipped) ++done;
    if (group.rollback_wanted) ++wanted;
  }
  same("groups done", r.groups_done_, done);
  same("rollbacks wanted", r.rollbacks_wanted_, wanted);
  const auto sites_pending = sites([](const SiteRecord& site) { return site.undo_wanted; });
  if (r.rollback_.running) same("sites to undo", r.rollback_.sites_pending, sites_pending);
}

void Recount::states() {
  std::array<std::uint32_t, kClientStates> all{};
  std::vector<std::array<std::uint32_t, kClientStates>> by_group(r.groups_.size()),
      by_site(r.sites_.size());
  for (std::uint32_t c = 0; c < r.clients_.size(); ++c) {
    const auto state = static_cast<std::size_t>(r.clients_[c].state);
    const Lane& own = r.schedule_.lanes[r.schedule_.lane_of[c]];
    ++all[state];
    if (own.group != kNone) ++by_group[own.group][state];
    if (own.site != kNone) ++by_site[own.site][state];
  }
  if (all != r.counts_) wrong.emplace_back("clients by state");
  for (std::size_t g = 0; g < by_group.size(); ++g) {
    if (by_group[g] != r.groups_[g].counts) wrong.emplace_back("a group's clients by state");
  }
  for (std::size_t s = 0; s < by_site.size(); ++s) {
    if (by_site[s] != r.sites_[s].counts) wrong.emplace_back("a site's clients by state");
  }
}

void Recount::group(std::uint32_t g) {
  const GroupRecord& group = r.groups_[g];
  owner = r.schedule_.groups[g].plan.name + ": ";
  const auto count = [&](auto match) {
    return clients([&](std::uint32_t c, const Client& client) {
      return r.owner_group(c) == g && match(client);
    });
  };
  const auto action = [](const Client& client) { return client.open && !is_watch(client.step); };
  same("running", group.running, count(action));
  same("at a gate", group.gate_open, r.open_gates_.contains(g));
  same("restoring", group.restoring,
       count([&](const Client& client) { return action(client) && client.step == Step::restore; }));
  same("unproven", group.unproven,
       count([](const Client& client) { return client.counted_unproven; }));
  same("in doubt", group.in_doubt, count([](const Client& client) { return client.doubtful; }));
  same("failed", group.failed, count([](const Client& client) { return client.counted_failed; }));
  same("withdrawn", group.withdrawn, count([](const Client& client) { return client.withdrawn; }));
  const auto rechecks = [&](Client::Recheck which) {
    return count([which](const Client& client) { return client.recheck == which; });
  };
  same("rechecks due", group.rechecks_due, rechecks(Client::Recheck::due));
  same("rechecked", group.rechecked, rechecks(Client::Recheck::proven));
  same("not rechecked", group.not_rechecked, rechecks(Client::Recheck::missed));
  same("late", group.late, count([](const Client& client) { return client.counted_late; }));
  same("retried", group.retried, clients([&](std::uint32_t c, const Client& client) {
         return r.owner_group(c) == g && r.schedule_.wave_of(c) < group.wave && !client.settled;
       }));
  if (group.wave_open) wave(g);
}

void Recount::wave(std::uint32_t g) {
  const GroupRecord& group = r.groups_[g];
  owner = r.schedule_.groups[g].plan.name + " wave " + std::to_string(group.wave + 1) + ": ";
  const auto count = [&](auto match) {
    return clients([&](std::uint32_t c, const Client& client) {
      return r.owner_group(c) == g && r.schedule_.wave_of(c) == group.wave && match(client);
    });
  };
  same("unsettled", group.unsettled, count([](const Client& client) { return !client.settled; }));
  same("good", group.wave_good, count([](const Client& client) { return is_good(client.state); }));
  same("skipped", group.wave_skipped,
       count([](const Client& client) { return client.state == ClientState::skipped; }));
}

void Recount::lane(std::uint32_t l) {
  const LaneRecord& lane = r.lanes_[l];
  owner = "lane " + std::to_string(l) + ": ";
  const auto count = [&](auto match) {
    return clients([&](std::uint32_t c, const Client& client) {
      return r.schedule_.owner_lane(c) == l && match(client);
    });
  };
  const auto current = [](const Client& client) {
    return client.state == ClientState::already_current;
  };
  same("current", lane.current, count(current));
  same("touched", lane.touched,
       count([&](const Client& client) { return client.trigger_order != 0 || current(client); }));
  const std::uint32_t g = r.schedule_.lanes[l].group;
  if (g == kNone || r.schedule_.groups[g].plan.method != Method::site_wide) return;
  if (lane.started == 0) return;
  same("unprepared", lane.unprepared, count([](const Client& client) {
         return !client.prepared && client.state != ClientState::skipped;
       }));
}

// A client that waits for its time is in no queue, and one in a queue has no attempt open.
void Recount::queues() {
  for (std::uint32_t c = 0; c < r.clients_.size(); ++c) {
    const Client& client = r.clients_[c];
    const bool queued = r.lists_.list_of(c) != kNone;
    const bool timed = r.timers_.due(c) < kNever;
    const auto say = [&](const char* what) {
      wrong.push_back(std::string(r.schedule_.clients.name(c)) + what);
    };
    if (client.open && (queued || timed)) say(" has an attempt and waits too");
    if (queued && timed) say(" waits in a queue and for its time");
    if (client.doubtful && !client.open) say(" is in doubt about nothing");
  }
}

// Nothing that is searched for lies before the place where the search goes on.
void Recount::cursors() {
  for (std::uint32_t c = 0; c < r.clients_.size(); ++c) {
    const Client& client = r.clients_[c];
    const auto say = [&](const char* what) {
      wrong.push_back(std::string(r.schedule_.clients.name(c)) + what);
    };
    const std::uint32_t s = r.schedule_.site_of(c);
    const bool unrecorded = client.counted_late && !client.backed_up && !client.without_backup;
    if (s != kNone && unrecorded && c < r.unrecorded_from_[s]) say(" is passed over by its force");
    const bool uncut = client.state == ClientState::restoring || client.to_restore;
    const bool acts = client.open && !is_watch(client.step);
    if (uncut && !client.settled && !acts && c < r.uncut_from_) say(" is passed over by an abort");
    if (client.parked && (client.open || r.lists_.list_of(c) != kNone))
      say(" waits for its wave and for more");
  }
}

std::vector<std::string> recount(const Rollout& rollout) {
  Recount count{rollout, {}, {}};
  count.totals();
  count.states();
  for (std::uint32_t g = 0; g < rollout.schedule().groups.size(); ++g) count.group(g);
  for (std::uint32_t l = 0; l < rollout.schedule().lanes.size(); ++l) count.lane(l);
  count.queues();
  count.cursors();
  return std::move(count.wrong);
}

namespace {

// Writes values one after the other, a blank before each. Not a stream: this text is made at every
// controller's end of every simulated rollout, and a stream took a quarter of their time.
struct Line {
  std::string& out;

  template <class Value>
  Line& operator<<(const Value& value) {
    if constexpr (std::is_enum_v<Value> || std::is_same_v<Value, bool>) {
      number(static_cast<int>(value));
    } else if constexpr (std::is_same_v<Value, Timestamp>) {
      number(value.time_since_epoch().count());
    } else if constexpr (std::is_same_v<Value, Duration>) {
      number(value.count());
    } else if constexpr (std::is_integral_v<Value>) {
      number(value);
    } else if constexpr (std::is_convertible_v<Value, std::string_view>) {
      out += ' ';
      out += std::string_view(value);
    } else {
      for (const auto& part : value) *this << part;
    }
    return *this;
  }

 private:
  template <class Number>
  void number(Number value) {
    std::array<char, 21> digits{' '};
    char* const end = std::to_chars(digits.data() + 1, digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
  }
};

void write(Line line, const Client& c) {
  line << c.since << c.deadline << c.trigger_order << c.attempts << c.tries << c.state << c.step
       << c.position << c.open << c.doubtful << c.probed << c.settled << c.counted_failed
       << c.backed_up << c.prepared << c.ran << c.late_at_force << c.late_from << c.forced
       << c.without_backup << c.final_late << c.proven << c.on_target << c.counted_late
       << c.counted_unproven << c.ended_doubtful << c.to_restore << c.may_still_run << c.unfinished
       << c.may_arrive << c.once_more << c.last << c.first_trigger << c.withdrawn << c.recheck
       << c.parked;
}

void write(Line line, const GroupRecord& g) {
  line << g.state << g.started << g.wave_open << g.wave << g.gate << g.gate_open << g.gate_since
       << g.running << g.restoring << g.unproven << g.in_doubt << g.failed << g.late
       << g.acknowledged << g.unsettled << g.wave_good << g.wave_skipped << g.retried << g.breached
       << g.rollback_wanted << g.counts << g.asking.open << g.asking.answered << g.asking.attempts
       << g.asking.tries << g.asking.last << g.asking.answer << g.asking.answer_at
       << g.asking.deadline << g.asking.due << g.withdrawn << g.rechecks_due << g.rechecked
       << g.not_rechecked << g.begun << g.prove_until << g.asked << g.last_failed << g.breach_wave;
  for (const auto& [wave, name] : g.approvals) line << wave << name;
}

void write(Line line, const SiteRecord& s) {
  line << s.phase << s.step << s.wanted << s.pending << s.open << s.doubtful << s.probed
       << s.failed_attempt << s.waiting_retry << s.warned << s.ever_staged << s.undo_wanted
       << s.undo_wait << s.needs_hands << s.undo_whole << s.forcing_lane << s.ever_forced << s.tries
       << s.due << s.started << s.deadline << s.last << s.note << s.attempts << s.counts;
}

}  // namespace

std::string state_text(const Rollout& rollout) {
  std::string out;
  const auto line = [&](std::string_view what, std::uint32_t index) -> Line {
    out.append("\n").append(what);
    Line begun{out};
    begun << index;
    out += ':';
    return begun;
  };
  const RollbackRecord& back = rollout.rollback();
  line(rollout.id(), rollout.fence())
      << rollout.state() << rollout.paused() << rollout.halted() << rollout.stopping()
      << (rollout.aborted() ? static_cast<int>(*rollout.aborted()) : -1) << rollout.halt_reason()
      << rollout.pause_reason() << rollout.created() << rollout.last_event() << rollout.idle_since()
      << rollout.counts() << rollout.active({}) << rollout.unprobed() << rollout.open_actions()
      << rollout.open_watches() << rollout.running_actions();
  line("rollback", 0) << back.running << back.ordered << back.scope << back.subject.kind
                      << back.subject.index << back.subject.wave << back.pending
                      << back.sites_pending << back.restored << back.needs_hands << back.started;
  const RampRecord& ramp = rollout.ramp();
  line("ramp", 0) << ramp.doublings << ramp.since << ramp.clients << ramp.begun_at << ramp.proven
                  << ramp.mark << ramp.mark_proven << ramp.acknowledged;
  const Schedule& schedule = rollout.schedule();
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    write(line("group", g), rollout.group(g));
  }
  for (std::uint32_t l = 0; l < schedule.lanes.size(); ++l) {
    const LaneRecord& lane = rollout.lane(l);
    line("lane", l) << lane.started << lane.unprepared << lane.touched << lane.current
                    << lane.force;
  }
  for (std::uint32_t s = 0; s < schedule.sites.size(); ++s) {
    write(line("site", s), rollout.site(s));
  }
  for (std::uint32_t c = 0; c < schedule.clients.size(); ++c) {
    write(line("client", c), rollout.client(c));
    out.append(" ").append(rollout.note(c));
  }
  return out;
}

}  // namespace sitewide
