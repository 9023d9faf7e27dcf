#include "orchestrator/core/time.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace sitewide {
namespace {

using std::chrono::days;

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
// Largest first: format_duration takes the first that divides, describe_duration the first that
// fits.
constexpr std::array<Unit, 5> kUnits{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

/// Reads exactly the digits of `text`; nothing else, and no sign.
std::optional<std::int64_t> parse_number(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Takes `length` digits and the separator behind them off the head of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t length, char separator) {
  if (text.size() <= length || text[length] != separator) return std::nullopt;
  const auto number = parse_number(text.substr(0, length));
  text.remove_prefix(length + 1);
  if (!number) return std::nullopt;
  return static_cast<int>(*number);
}

}  // namespace

std::string format_timestamp(Timestamp at) {
  const auto day = std::chrono::floor<days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  std::array<char, 48> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()));
  std::string result(text.data(), static_cast<std::size_t>(length));
  if (const auto rest = static_cast<int>(time.subseconds().count()); rest != 0) {
    std::snprintf(text.data(), text.size(), ".%03d", rest);
    result += text.data();
  }
  result += 'Z';
  return result;
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  const auto year = take_number(text, 4, '-');
  const auto month = year ? take_number(text, 2, '-') : std::nullopt;
  const auto day = month ? take_number(text, 2, 'T') : std::nullopt;
  const auto hour = day ? take_number(text, 2, ':') : std::nullopt;
  const auto minute = hour ? take_number(text, 2, ':') : std::nullopt;
  if (!minute || text.size() < 3) return std::nullopt;
  const bool fraction = text[2] == '.';
  const auto second = take_number(text, 2, fraction ? '.' : 'Z');
  const auto rest = fraction ? take_number(text, 3, 'Z') : std::optional<int>(0);
  if (!second || !rest || !text.empty()) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return Timestamp{std::chrono::sys_days{date} + std::chrono::hours(*hour) +
                   std::chrono::minutes(*minute) + std::chrono::seconds(*second) + Duration(*rest)};
}

std::string format_duration(Duration duration) {
  const std::int64_t count = duration.count();
  if (count == 0) return "0s";
  for (const Unit& unit : kUnits) {
    const bool one_day = unit.name == "d" && count == unit.milliseconds;  // people write 24h
    if (count % unit.milliseconds == 0 && !one_day) {
      return std::to_string(count / unit.milliseconds) + std::string(unit.name);
    }
  }
  return {};
}

std::optional<Duration> parse_duration(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  const auto number = parse_number(text.substr(0, digits));
  if (!number) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (text.substr(digits) != unit.name) continue;
    // Sums of a time and a few durations must stay below kNever.
    if (*number > kNever.time_since_epoch().count() / 16 / unit.milliseconds) return std::nullopt;
    return Duration{*number * unit.milliseconds};
  }
  return std::nullopt;
}

std::string describe_duration(Duration duration) {
  std::int64_t rest = duration.count();
  if (rest < 0) return describe_duration(-duration).insert(0, 1, '-');
  std::string text;
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    const Unit& unit = kUnits[i];
    if (rest < unit.milliseconds) continue;
    text = std::to_string(rest / unit.milliseconds) + std::string(unit.name);
    rest %= unit.milliseconds;
    // The next smaller unit, where it says something. Milliseconds beside seconds do not.
    if (i + 1 < kUnits.size() && kUnits[i + 1].name != "ms") {
      const Unit& next = kUnits[i + 1];
      if (rest >= next.milliseconds) {
        text += ' ' + std::to_string(rest / next.milliseconds) + std::string(next.name);
      }
    }
    return text;
  }
  return "0s";
}

}  // namespace sitewide
