#include "tests/support/event_log.h"

#include <sstream>

namespace sitewide::test {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& line, const char* key) {
  const json::value* found = line.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

bool matches(const LoggedEvent& event, const std::string& type, const std::string& subject,
             const std::string& step) {
  return event.type == type && (subject.empty() || event.subject == subject) &&
         (step.empty() || event.step == step);
}

}  // namespace

EventLog::EventLog(const std::string& ndjson) {
  std::istringstream lines(ndjson);
  for (std::string line; std::getline(lines, line);) {
    boost::system::error_code bad;
    const json::value value = json::parse(line, bad);
    if (bad || !value.is_object()) continue;
    const json::object& object = value.as_object();
    if (!object.contains("seq")) continue;
    LoggedEvent event{text_of(object, "type"),
                      text_of(object, "subject"),
                      text_of(object, "step"),
                      text_of(object, "outcome"),
                      0,
                      {},
                      line};
    if (const json::value* attempt = object.if_contains("attempt"))
      event.attempt = attempt->to_number<int>();
    if (const json::value* detail = object.if_contains("detail"))
      event.detail = detail->as_object();
    events_.push_back(std::move(event));
  }
}

std::size_t EventLog::find(const std::string& type, const std::string& subject,
                           const std::string& step, std::size_t from) const {
  while (from < events_.size() && !matches(events_[from], type, subject, step)) ++from;
  return from;
}

bool EventLog::has(const std::string& type, const std::string& subject,
                   const std::string& step) const {
  return find(type, subject, step) < events_.size();
}

std::size_t EventLog::count(const std::string& type, const std::string& subject,
                            const std::string& step) const {
  std::size_t count = 0;
  for (const LoggedEvent& event : events_) count += matches(event, type, subject, step) ? 1 : 0;
  return count;
}

std::map<std::string, std::string> EventLog::client_states() const {
  std::map<std::string, std::string> states;
  for (const LoggedEvent& event : events_) {
    if (event.type == "client_settled") states[event.subject] = event.outcome;
  }
  return states;
}

std::vector<std::string> EventLog::triggered_twice() const {
  std::vector<std::string> twice;
  std::map<std::string, std::string> last;  // how each client's latest trigger ended; empty: open
  for (const LoggedEvent& event : events_) {
    if (event.step != "trigger") continue;
    if (event.type == "step_finished") last[event.subject] = event.outcome;
    if (event.type != "step_started") continue;
    const auto before = last.find(event.subject);
    if (before != last.end() && (before->second.empty() || before->second == "ok"))
      twice.push_back(event.subject);
    last[event.subject] = {};
  }
  return twice;
}

}  // namespace sitewide::test
