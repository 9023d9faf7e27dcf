// Plain: a rollout as lines of text for a pipe or a log: the time in UTC, the group or site, the
// level, one sentence. Only what matters to a person; a line of progress a running group every 30
// s.
#pragma once

#include <set>
#include <vector>

#include "orchestrator/views/pace.h"
#include "orchestrator/views/reporter.h"
#include "orchestrator/views/sink.h"

namespace sitewide {

struct PlainOptions {
  Duration heartbeat = std::chrono::seconds(30);
  /// Clients that went well get a line each only in rollouts of at most so many clients.
  std::uint32_t client_lines_max = 1000;
};

class Plain : public Reporter {
 public:
  /// Borrows the sink.
  explicit Plain(Sink& sink, PlainOptions options = {});
  void report(std::span<const JournaledEvent> events, const Rollout& rollout) override;
  void tick(Timestamp now, const Rollout& rollout) override;

 private:
  void line(Timestamp at, std::string_view scope, std::string_view level, std::string_view text);
  void heartbeat(Timestamp now, const Rollout& rollout);
  bool shown(const Event& event, const Rollout& rollout);

  Sink& sink_;
  PlainOptions options_;
  std::set<std::uint32_t> told_late_;  // a client that stays late is told once
  std::vector<Pace> paces_;            // one a group
  std::size_t scope_width_ = 0;
  std::uint64_t dropped_ = 0;  // lines that the sink did not take
  Timestamp next_beat_{};
};

}  // namespace sitewide
