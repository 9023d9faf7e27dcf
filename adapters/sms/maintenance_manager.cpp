#include "adapters/sms/maintenance_manager.h"

#include "adapters/sms/log_signatures.h"
#include "adapters/sms/signatures.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr std::string_view kWorking = "Working on logon server ";
constexpr std::string_view kDiskCheck = "Free disk space check failed";
constexpr std::size_t kMostShown = 100;
constexpr Duration kRecent = std::chrono::hours(24);

std::string_view without_tildes(std::string_view text) {
  text = trim(text);
  while (!text.empty() && text.front() == '~') text.remove_prefix(1);
  while (!text.empty() && text.back() == '~') text.remove_suffix(1);
  return trim(text);
}

/// Takes `<…>` or `(…)` off the front of `rest`.
std::optional<std::string_view> take_bracketed(std::string_view& rest) {
  if (rest.empty() || (rest.front() != '<' && rest.front() != '(')) return std::nullopt;
  const char closing = rest.front() == '<' ? '>' : ')';
  const std::size_t close = rest.find(closing);
  if (close == std::string_view::npos) return std::nullopt;
  const std::string_view inside = rest.substr(1, close - 1);
  rest.remove_prefix(close + 1);
  return inside;
}

/// The name behind "Working on logon server ", up to a blank or the dots that may follow.
std::string_view server_in(std::string_view text) {
  std::string_view name = text.substr(kWorking.size());
  name = name.substr(0, name.find_first_of(" \t~,"));
  while (!name.empty() && name.back() == '.') name.remove_suffix(1);
  return name;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The failure that a line tells of; nothing for most lines.
std::optional<Failure> failure_in(std::string_view text) {
  if (contains(text, kDiskCheck)) return Failure::server_skipped;
  const auto error = number_after(text, "error");
  const auto event = number_after(text, "event");
  if (error == 183U || event == 116U || event == 117U) return Failure::manager_rights;
  if (event == 237U) return Failure::damaged_map;
  return std::nullopt;
}

class Reader {
 public:
  void see(const ServerLogLine& line) {
    report_.last_line = line.at;
    if (equals_ignoring_case(line.text.substr(0, kWorking.size()), kWorking)) {
      report_.last_server = escaped(server_in(line.text), 64);
      if (failure_ != Failure::damaged_map && report_.last_server == troubled_server_)
        report_.trouble.clear();
      return;
    }
    const auto failure = failure_in(line.text);
    if (!failure) return;
    failure_ = *failure;
    at_ = line.at;
    troubled_server_ = report_.last_server;
    const bool of_server = failure_ != Failure::damaged_map && !troubled_server_.empty();
    const std::string place = of_server ? " for " + troubled_server_ : "";
    report_.trouble = told(
        failure_, "Maintenance Manager reports" + place + ": " + escaped(line.text, kMostShown));
  }

  MaintenanceReport report() const {
    MaintenanceReport report = report_;
    const bool stale = report.last_line && *report.last_line - at_ > kRecent;
    if (failure_ == Failure::damaged_map && stale) report.trouble.clear();
    return report;
  }

 private:
  MaintenanceReport report_;
  std::string troubled_server_;
  Failure failure_ = Failure::server_skipped;
  LocalTime at_{};
};

}  // namespace

std::optional<ServerLogLine> parse_server_log_line(std::string_view line) {
  const std::size_t stamp = line.find("$$");
  if (stamp == std::string_view::npos) return std::nullopt;
  std::string_view rest = line.substr(stamp + 2);
  const auto component = take_bracketed(rest);
  const auto date = take_bracketed(rest);
  if (!component || !date) return std::nullopt;
  const auto at = parse_server_stamp(without_tildes(*date));
  if (!at) return std::nullopt;
  return ServerLogLine{without_tildes(line.substr(0, stamp)), *component, *at};
}

MaintenanceReport read_maintenance_log(std::string_view text) {
  Reader reader;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (const auto line = parse_server_log_line(text.substr(0, end))) {
      reader.see(*line);
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return reader.report();
}

}  // namespace sitewide::sms
