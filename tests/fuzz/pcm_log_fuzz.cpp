// Pcmwin.log: the verdict is what its own numbers say, a line's parts stand in the line, and a
// stamp is the one that stands there. Input: a byte that chooses "now", then the log.
#include <cstdio>
#include <string>

#include "adapters/sms/client/pcm_log.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;

sms::LocalTime some_now(std::uint8_t choice) {
  const int years[] = {1970, 1999, 2000, 2026, 2099, 9999};
  const sms::LocalTime begin = sys_days(year(years[choice % 6]) / 1 / 1);
  return begin + days(choice) + std::chrono::seconds(choice);
}

bool stands_in(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_line(std::string_view text, sms::LocalTime now) {
  const auto line = sms::parse_client_log_line(text, now);
  if (!line) return;
  holds(!line->component.empty(), "a line of a log has a component", text);
  holds(stands_in(line->component, text) && stands_in(line->text, text), "its parts stand in it",
        text);
  if (!line->at) return;
  const auto day = std::chrono::floor<days>(*line->at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{*line->at - day};
  char stamp[40];
  std::snprintf(stamp, sizeof stamp, "%02u/%02u/%02d %02d:%02d:%02d", unsigned(date.month()),
                unsigned(date.day()), int(date.year()) % 100, int(clock.hours().count()),
                int(clock.minutes().count()), int(clock.seconds().count()));
  std::string written(text.substr(text.find('[') + 1, 17));
  for (char& c : written) {
    if (c == ' ' && &c != &written[8]) c = '0';  // numbers may be padded with blanks
  }
  holds(written == stamp, "the stamp is the one that stands there", text);
}

}  // namespace

void pcm_log(std::string_view input) {
  Input parts(input);
  const sms::LocalTime now = some_now(parts.byte());
  const std::string_view log = parts.rest();
  const auto verdict = sms::judge_pcm_log(log, std::nullopt, now);
  using Kind = sms::PcmVerdict::Kind;
  holds((verdict.counted == 0) == (verdict.kind == Kind::inconclusive), "no look-up, no verdict",
        log);
  holds((verdict.kind == Kind::slow) == (verdict.longest >= sms::kSlow), "slow is slow", log);
  holds(verdict.longest >= Duration::zero(), "no time runs backwards", log);
  const auto later = sms::judge_pcm_log(log, now, now);
  holds(later.counted <= verdict.counted, "a later begin counts no more", log);
  const std::string longer = std::string(log) + "\nnot a line of a log";
  holds(sms::judge_pcm_log(longer, std::nullopt, now).counted == verdict.counted,
        "what is no line does not count", log);
  for (Input lines(log); !lines.at_end();) check_line(lines.line(), now);
  if (const auto stamp = sms::parse_server_stamp(log)) {
    holds(log.size() == 24 && *stamp < now + days(4'000'000), "a server's stamp has one form", log);
  }
}

}  // namespace sitewide::fuzz
