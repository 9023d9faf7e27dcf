#include "adapters/sms/log_time.h"

#include <array>

#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

/// The number that `text` is, all of it digits (blanks before them are allowed); nothing otherwise.
std::optional<int> number(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  if (text.empty() || text.size() > 4) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<Duration> clock_time(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hour = number(text.substr(0, 2));
  const auto minute = number(text.substr(3, 2));
  const auto second = number(text.substr(6, 2));
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59)
    return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

std::optional<LocalTime> day(int year, int month, int day_of_month) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day_of_month))};
  if (!date.ok()) return std::nullopt;
  return LocalTime(std::chrono::sys_days(date));
}

int year_of(LocalTime at) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at)};
  return static_cast<int>(date.year());
}

}  // namespace

std::optional<LocalTime> parse_client_stamp(std::string_view text, LocalTime near) {
  if (text.size() != 17 || text[2] != '/' || text[5] != '/' || text[8] != ' ') return std::nullopt;
  const auto month = number(text.substr(0, 2));
  const auto day_of_month = number(text.substr(3, 2));
  const auto year = number(text.substr(6, 2));
  const auto time = clock_time(text.substr(9));
  if (!month || !day_of_month || !year || !time) return std::nullopt;
  const int century = year_of(near) / 100 * 100;
  std::optional<LocalTime> best;
  for (const int candidate : {century - 100 + *year, century + *year, century + 100 + *year}) {
    const auto date = day(candidate, *month, *day_of_month);
    if (!date) continue;
    const LocalTime at = *date + *time;
    if (!best || std::chrono::abs(at - near) < std::chrono::abs(*best - near)) best = at;
  }
  return best;
}

std::optional<LocalTime> parse_server_stamp(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 24 || text[3] != ' ' || text[7] != ' ' || text[10] != ' ' || text[19] != ' ') {
    return std::nullopt;
  }
  int month = 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (equals_ignoring_case(text.substr(4, 3), kMonths[i])) month = static_cast<int>(i) + 1;
  }
  const auto day_of_month = number(text.substr(8, 2));
  const auto time = clock_time(text.substr(11, 8));
  const auto year = number(text.substr(20));
  if (month == 0 || !day_of_month || !time || !year) return std::nullopt;
  const auto date = day(*year, month, *day_of_month);
  if (!date) return std::nullopt;
  return *date + *time;
}

}  // namespace sitewide::sms
