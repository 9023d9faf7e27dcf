#include "adapters/sms/client/pcm_log.h"

#include <algorithm>

#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr std::string_view kLooking = "Looking for instruction file";
constexpr Duration kFuture = std::chrono::hours(24);

/// The `==>` or `=>` that stands behind a blank; nothing when the line has none.
std::optional<std::pair<std::size_t, std::size_t>> find_arrow(std::string_view line) {
  const std::size_t arrow = line.find("=>");
  if (arrow == std::string_view::npos) return std::nullopt;
  const std::size_t begin = arrow > 0 && line[arrow - 1] == '=' ? arrow - 1 : arrow;
  if (begin == 0 || (line[begin - 1] != ' ' && line[begin - 1] != '\t')) return std::nullopt;
  return std::pair{begin, arrow + 2};
}

/// Takes `[MM/DD/YY HH:MM:SS]` off the front; a bracket that holds anything else is part of the
/// component.
std::optional<LocalTime> take_stamp(std::string_view& line, LocalTime near) {
  constexpr std::size_t kLength = 19;
  if (line.size() < kLength || line.front() != '[' || line[kLength - 1] != ']') return std::nullopt;
  const auto at = parse_client_stamp(line.substr(1, kLength - 2), near);
  if (at) line = trim(line.substr(kLength));
  return at;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  return equals_ignoring_case(text.substr(0, start.size()), start);
}

/// A look-up whose next line has not come yet.
struct Waiting {
  LocalTime at;
  bool unstamped_between = false;
};

class Judge {
 public:
  Judge(std::optional<LocalTime> after, LocalTime now) : after_(after), now_(now) {}

  void see(const ClientLogLine& line) {
    if (waiting_) finish(line);
    if (!line.at || !starts_with_ignoring_case(line.text, kLooking)) return;
    const bool counts = (!after_ || *line.at > *after_) && *line.at < now_ + kFuture;
    if (counts) waiting_ = Waiting{*line.at};
  }
  const PcmVerdict& verdict() const { return verdict_; }

 private:
  void finish(const ClientLogLine& line) {
    if (!line.at) {
      waiting_->unstamped_between = true;
      return;
    }
    const Duration gap = *line.at - waiting_->at;
    const bool known = gap >= Duration::zero() && (!waiting_->unstamped_between || gap < kSlow);
    waiting_.reset();
    if (!known) return;
    ++verdict_.counted;
    verdict_.longest = std::max(verdict_.longest, gap);
    verdict_.kind = verdict_.longest >= kSlow ? PcmVerdict::Kind::slow : PcmVerdict::Kind::healthy;
  }

  std::optional<LocalTime> after_;
  LocalTime now_;
  std::optional<Waiting> waiting_;
  PcmVerdict verdict_;
};

}  // namespace

std::optional<ClientLogLine> parse_client_log_line(std::string_view line, LocalTime near) {
  line = trim(line);
  ClientLogLine parsed;
  parsed.at = take_stamp(line, near);
  const auto arrow = find_arrow(line);
  if (!arrow) return std::nullopt;
  parsed.component = trim(line.substr(0, arrow->first));
  parsed.text = trim(line.substr(arrow->second));
  if (parsed.component.empty()) return std::nullopt;
  return parsed;
}

PcmVerdict judge_pcm_log(std::string_view text, std::optional<LocalTime> after, LocalTime now) {
  Judge judge(after, now);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (const auto line = parse_client_log_line(text.substr(0, end), now)) judge.see(*line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return judge.verdict();
}

}  // namespace sitewide::sms
