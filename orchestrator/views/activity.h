// Activity: what is under way on clients and since when, who did not end well, and how each
// client's last attempt went, kept up to date event by event so that a screen never looks at every
// client. Plain fold; one thread. Cost: O(log n) an event, some 40 bytes a client.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "orchestrator/views/reporter.h"

namespace sitewide {

class Activity {
 public:
  /// An open attempt of a client.
  struct Work {
    std::uint32_t client = 0;
    Step step = Step::inspect;
    std::uint32_t attempt = 1;
    Timestamp since{};
  };
  /// How a client's last attempt ended.
  struct Last {
    std::int64_t seq = 0;  ///< of the event that ended it; 0: none has
    Step step = Step::inspect;
    OutcomeKind outcome = OutcomeKind::ok;
    int exit_code = -1;
  };

  /// Folds in an event; in the order of the journal, each once.
  void note(const Event& event, std::int64_t seq, Timestamp at);
  /// Begins with where the rollout stands, for a view that has not seen how it came there. When
  /// attempts began is not known then, and `now` stands for it.
  void begin(const Rollout& rollout, Timestamp now);

  /// Attempts that hold a slot, the longest first, then watches, the longest first; `most` at most.
  std::vector<Work> slowest(const Rollout& rollout, std::size_t most) const;
  /// Attempts that are under way, watches included.
  std::size_t open_count() const { return open_.size(); }
  std::size_t trouble_count() const { return in_trouble_.size(); }
  /// Who was in trouble last, first; `most` at most. Clients that have come out of it are left out.
  std::vector<std::uint32_t> latest_trouble(const Rollout& rollout, std::size_t most) const;
  /// When the client settled as it is; the epoch when it is not in trouble.
  Timestamp trouble_since(std::uint32_t client) const;
  /// Changes when an answer of latest_trouble may change.
  std::uint64_t trouble_version() const { return version_; }
  Last last_of(std::uint32_t client) const;

 private:
  using BySince = std::set<std::pair<Timestamp, std::uint32_t>>;
  BySince& line_of(Step step) { return is_watch(step) ? watches_ : actions_; }
  void forget(std::uint32_t client);
  void trouble(std::uint32_t client, Timestamp at);
  void well(std::uint32_t client);

  std::map<std::uint32_t, Work> open_;
  BySince actions_, watches_;
  std::map<std::uint32_t, Timestamp> in_trouble_;
  BySince trouble_by_time_;
  std::uint64_t version_ = 0;
  std::vector<Last> last_;  // by client, grown when one is seen
};

}  // namespace sitewide
