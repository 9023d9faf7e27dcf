// EventLog: a rollout's events as `--json` prints them, for a test to search.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

namespace sitewide::test {

struct LoggedEvent {
  std::string type, subject, step, outcome;
  int attempt = 0;
  boost::json::object detail;
  std::string line;  ///< as it was printed
};

class EventLog {
 public:
  /// Takes in NDJSON; lines that are no events (header, summary) are left out.
  explicit EventLog(const std::string& ndjson);

  const std::vector<LoggedEvent>& events() const { return events_; }
  /// Position of the first event from `from` on of this type (and subject and step, unless empty);
  /// events().size() when there is none.
  std::size_t find(const std::string& type, const std::string& subject = {},
                   const std::string& step = {}, std::size_t from = 0) const;
  bool has(const std::string& type, const std::string& subject = {},
           const std::string& step = {}) const;
  std::size_t count(const std::string& type, const std::string& subject = {},
                    const std::string& step = {}) const;
  /// Where each client settled last: `upgraded`, `restored` …
  std::map<std::string, std::string> client_states() const;
  /// Clients of which one was triggered again although its attempt before had not ended without an
  /// effect on the record.
  std::vector<std::string> triggered_twice() const;

 private:
  std::vector<LoggedEvent> events_;
};

}  // namespace sitewide::test
