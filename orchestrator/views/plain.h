// Plain: a rollout as lines of text for a pipe or a log: the time in UTC, the group or site, the
// level, one sentence. Only what matters to a person; a line of progress a running group every 30 s
// while something moves.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "orchestrator/views/pace.h"
#include "orchestrator/views/reporter.h"
#include "orchestrator/views/sink.h"
#include "orchestrator/views/wording.h"

namespace sitewide {

struct PlainOptions {
  Duration heartbeat = std::chrono::seconds(30);
  /// A group in which nothing changed says so this often, with what it waits for.
  Duration still_heartbeat = std::chrono::minutes(10);
  /// Clients that went well get a line each only in rollouts of at most so many clients.
  std::uint32_t client_lines_max = 1000;
  Charset charset = Charset::utf8;
};

class Plain : public Reporter {
 public:
  /// Borrows the sink.
  explicit Plain(Sink& sink, PlainOptions options = {});
  void report(std::span<const JournaledEvent> events, const Rollout& rollout) override;
  void tick(Timestamp now, const Rollout& rollout) override;

 private:
  struct Beat {
    Pace pace;
    std::uint32_t wave = 0;  // that the pace is of
    std::string last;        // what was said last
    Timestamp said{};
  };
  void put(Timestamp at, std::string_view scope, std::string_view tag, std::string_view text);
  void write(const std::string& line);
  void beat(Timestamp now, const Rollout& rollout, std::uint32_t group);

  Sink& sink_;
  PlainOptions options_;
  std::set<std::uint32_t> told_late_;  // a client that stays late is told once
  std::vector<Beat> beats_;            // one a group
  std::size_t scope_width_ = 0;
  std::uint64_t dropped_ = 0;  // lines that the sink did not take
  Timestamp next_beat_{};
};

/// Whether the event is for a person to see. `late` remembers the clients that were told to be
/// late; those that went well are told in rollouts of at most `client_lines_max` clients.
bool is_notable(const Event& event, const Rollout& rollout, std::set<std::uint32_t>& late,
                std::uint32_t client_lines_max);

}  // namespace sitewide
