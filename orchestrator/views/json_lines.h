// JsonLines: a rollout as NDJSON: a header, one object an event, a summary at the end. The format
// is in README.md of this folder; it is stable and versioned.
#pragma once

#include <string>

#include "orchestrator/views/reporter.h"
#include "orchestrator/views/sink.h"

namespace sitewide {

/// The schema of the stream: minor versions add, major versions change.
inline constexpr std::string_view kStreamSchema = "1.0";

/// The first line of a stream. Each function answers one object and a line feed.
std::string json_header(std::string_view rollout_id, std::string_view version);
std::string json_event(const Schedule& schedule, const JournaledEvent& event);
/// The rollout as it stands: state, counts, groups, sites, and what it waits for.
std::string json_summary(const Rollout& rollout, Timestamp now, int exit_code,
                         bool controlled = true);

class JsonLines : public Reporter {
 public:
  /// Borrows the sink. `version` is the program's.
  JsonLines(Sink& sink, std::string version);
  void report(std::span<const JournaledEvent> events, const Rollout& rollout) override;
  /// Ends the stream with the `summary` object and waits a little for a slow reader.
  void finish(const Rollout& rollout, int exit_code);

 private:
  void put(const std::string& line);
  void begin(const Rollout& rollout);

  Sink& sink_;
  std::string version_;
  bool begun_ = false;
  std::uint64_t dropped_ = 0;  // events that the sink did not take since the last line it took
};

}  // namespace sitewide
