// Notices: what of a rollout is worth waking somebody for, as a fold over its events. A notice has
// everything that its reader needs: what, where, why, how many, and the command to run next, in
// the words of the other views. Pure; the text of a notice is escaped already.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "orchestrator/core/notify.h"
#include "orchestrator/core/summary.h"
#include "orchestrator/views/reporter.h"
#include "orchestrator/views/wording.h"

namespace sitewide {

struct Notice {
  std::int64_t seq = 0;  ///< of the event that it is about
  Timestamp at{};
  Occasion occasion = Occasion::halt;
  bool halts = false;  ///< a breach halts too: who listens to halts is told by the same notice
  Level level = Level::warning;
  std::string subject;  ///< `group/canary`
  std::string what;     ///< `canary: breach: 2 failed, 1 tolerated; …`
  std::string where;    ///< `group canary, wave 2 of 3`
  std::string why;      ///< `pc012 failed: exit 41 …; pc019 lost`
  RolloutState state = RolloutState::running;
  StateCounts counts{};
  std::vector<std::string> next;  ///< commands, the first of which is the one to begin with
  std::string rollout;            ///< its id
  std::string plan;
  std::string host;  ///< of the controller

  bool concerns(const NotifyTarget& target) const {
    return target.listens_to(occasion) || (halts && target.listens_to(Occasion::halt));
  }
};

/// Sees every event of a rollout once and in order, and says what is worth telling. A breach and
/// the halt that it is make one notice; clients that need hands make one a group until a rollback
/// or a retry begins; an approval that was given early makes none.
class NoticeFold {
 public:
  /// The rollout has the events applied.
  std::vector<Notice> see(std::span<const JournaledEvent> events, const Rollout& rollout);

 private:
  struct Told;
  Notice about(const JournaledEvent& event, Occasion occasion, const Rollout& rollout) const;
  std::string failures_of(std::uint32_t group) const;
  void remember(std::uint32_t client, const std::string& state, const std::string& why,
                const Rollout& rollout);

  std::string host_;
  std::map<std::uint32_t, std::vector<std::string>> failures_;  // the latest, by group
  std::map<std::uint32_t, std::string> first_failed_;           // a client to look at, by group
  std::set<std::uint32_t> told_of_hands_;                       // groups
};

/// Where a notice comes from, beside itself.
struct NoticeSource {
  /// Unlike an id, which comes round again after a prune: `q237690-3.0a1b2c3d4e5f`.
  std::string unique_name;
};

/// A notice as a CloudEvents 1.0 object in JSON (structured mode), one line. `id` is
/// `ROLLOUT/SEQ` and the same for every try, so that a receiver can drop what it has seen.
std::string cloud_event(const Notice& notice, const NoticeSource& source);
/// The type of its CloudEvent: `sitewide.rollout.breached`.
std::string_view type_of(const Notice& notice);

/// A notice as a mail: header lines of ours, an empty line, the text. `index` tells receivers of
/// one rollout apart in its Message-ID.
std::string mail_of(const Notice& notice, const NoticeSource& source, const Email& email,
                    std::size_t index);

}  // namespace sitewide
