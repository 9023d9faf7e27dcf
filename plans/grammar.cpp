#include "plans/grammar.h"

#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/base/device_name.h"
#include "orchestrator/base/text.h"
#include "orchestrator/base/url.h"
#include "orchestrator/core/gate.h"

namespace sitewide {
namespace {

constexpr std::uint64_t kLargestNumber = 1'000'000'000;
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestText = 4096;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// A table, because names and addresses of a million clients are checked by it.
constexpr std::array<bool, 256> kWordCharacters = [] {
  std::array<bool, 256> table{};
  for (char c = 'a'; c <= 'z'; ++c) table[static_cast<std::uint8_t>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<std::uint8_t>(c)] = true;
  for (char c = '0'; c <= '9'; ++c) table[static_cast<std::uint8_t>(c)] = true;
  for (const char c : {'.', '_', '-'}) table[static_cast<std::uint8_t>(c)] = true;
  return table;
}();
bool is_word_character(char c) { return kWordCharacters[static_cast<std::uint8_t>(c)]; }

template <class Predicate>
bool all_of(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}

bool is_line(std::string_view text) {
  return !text.empty() && text.size() <= kLongestText && !has_control_character(text);
}
bool is_paragraph(std::string_view text) { return text.size() <= 16 * kLongestText; }
bool is_path(std::string_view text) {
  return is_line(text) && text.find('\\') == std::string_view::npos;
}

/// One part of a path on a Windows machine.
bool is_file_name(std::string_view text) {
  if (text.empty() || text.size() > 255 || has_control_character(text)) return false;
  if (text.find_first_of("/\\:*?\"<>|") != std::string_view::npos) return false;
  return text.back() != '.' && text.back() != ' ' && text.front() != ' ' && !is_device_name(text);
}

bool is_target(std::string_view text) {
  const auto parts = split(text, '/');
  return is_line(text) && std::all_of(parts.begin(), parts.end(), is_file_name);
}

/// At most nine digits, so that sums of durations stay far from the end of time.
bool is_duration(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  return digits <= 9 && parse_duration(text).has_value();
}
bool is_positive_duration(std::string_view text) {
  return is_duration(text) && text.front() != '0';
}

bool is_count(std::string_view text) { return parse_count(text).has_value(); }
bool is_wave(std::string_view text) { return parse_wave(text).has_value(); }
bool is_natural(std::string_view text) { return parse_number(text, kLargestNumber).has_value(); }
bool is_positive(std::string_view text) {
  return parse_number(text, kLargestNumber).value_or(0) > 0;
}
bool is_size(std::string_view text) { return parse_size(text).has_value(); }
bool is_exit_code(std::string_view text) { return parse_number(text, 255).value_or(0) > 0; }
bool is_exit_value(std::string_view text) { return parse_number(text, 255).has_value(); }
bool is_status(std::string_view text) { return parse_number(text, 599).value_or(0) >= 100; }
bool is_number(std::string_view text) { return parse_decimal(text).has_value(); }
bool is_flag(std::string_view text) {
  return equals_ignoring_case(text, "true") || equals_ignoring_case(text, "false");
}
bool is_date(std::string_view text) { return parse_date(text).has_value(); }
bool is_rate(std::string_view text) { return parse_rate(text).has_value(); }
bool is_clock(std::string_view text) { return parse_clock(text).has_value(); }
bool is_days(std::string_view text) { return parse_days(text).has_value(); }
bool is_url(std::string_view text) { return parse_url(text).has_value(); }
/// A variable of the environment.
bool is_variable(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && !is_digit(text.front()) &&
         all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}
bool is_header_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName &&
         all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}
/// A mailbox of this machine, or one of another; nothing that needs quotes.
bool is_email(std::string_view text) {
  constexpr std::string_view kMarks = "._+='-";
  const std::size_t at = std::min(text.find('@'), text.size());
  const std::string_view local = text.substr(0, at);
  if (local.empty() || text.size() > 254 || !(is_letter(local[0]) || is_digit(local[0])))
    return false;
  if (!all_of(local,
              [&](char c) { return is_letter(c) || is_digit(c) || kMarks.find(c) != kMarks.npos; }))
    return false;
  if (at == text.size()) return true;
  const std::string_view host = text.substr(at + 1);
  return !host.empty() && host.front() != '.' && host.front() != '-' && host.back() != '.' &&
         all_of(host, [](char c) { return is_word_character(c) && c != '_'; });
}
bool is_digest(std::string_view text) { return Digest::parse(text).has_value(); }
bool is_version(std::string_view text) { return text == "1"; }

bool is_article(std::string_view text) {
  return text.size() >= 6 && text.size() <= 7 && text.front() == 'Q' &&
         all_of(text.substr(1), is_digit);
}
bool is_language(std::string_view text) {
  return text.size() == 8 &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}
bool is_zone(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && is_letter(text.front()) &&
         all_of(text, [](char c) { return is_word_character(c) || c == '/' || c == '+'; });
}

#define SITEWIDE_DURATION_UNITS "(ms|s|m|h|d)$\""
constexpr std::string_view kNamePattern =
    R"("type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")";
constexpr std::string_view kLine = R"("type":"string","minLength":1,"maxLength":4096)";
constexpr std::string_view kTargetPattern =
    R"re("type":"string","pattern":"^(?!.*[. ](/|$))(?!(.*/)? ))re"
    R"re([^/\\\\:*?\"<>|]+(/[^/\\\\:*?\"<>|]+)*$")re";

constexpr ScalarRule kRules[] = {
    {Scalar::name, true, false, false, false, is_name,
     "a name of letters, digits, `.`, `_` and `-`", kNamePattern},
    {Scalar::text, true, false, false, false, is_line, "a text of one line", kLine},
    {Scalar::paragraph, true, false, false, false, is_paragraph, "a text", R"("type":"string")"},
    {Scalar::path, true, false, false, false, is_path,
     "a path with `/`, relative to the plan or absolute",
     R"("type":"string","minLength":1,"maxLength":4096,"pattern":"^[^\\\\]*$")"},
    {Scalar::target, true, false, false, false, is_target,
     "a relative path with `/` whose parts are Windows file names", kTargetPattern},
    {Scalar::file_name, true, false, false, false, is_file_name, "a Windows file name",
     R"re("type":"string","pattern":"^(?! )(?!.*[. ]$)[^/\\\\:*?\"<>|]+$")re"},
    {Scalar::duration, true, false, false, false, is_duration,
     "a duration such as 30s, 10m, 24h or 5d",
     R"("type":"string","pattern":"^[0-9]{1,9})" SITEWIDE_DURATION_UNITS},
    {Scalar::positive_duration, true, false, false, false, is_positive_duration,
     "a duration such as 30s, 10m, 24h or 5d, more than zero",
     R"("type":"string","pattern":"^[1-9][0-9]{0,8})" SITEWIDE_DURATION_UNITS},
    {Scalar::count, true, true, false, false, is_count,
     "a whole number or a percentage up to 100%, such as 3 or 3%",
     R"("anyOf":[{"type":"integer","minimum":0,"maximum":1000000000},)"
     R"({"type":"string","pattern":"^(100|[0-9]{1,2})%$"}])"},
    {Scalar::wave, true, true, false, false, is_wave,
     "a size such as 1, 25% or `rest`, more than zero",
     R"("anyOf":[{"type":"integer","minimum":1,"maximum":1000000000},)"
     R"({"type":"string","pattern":"^((100|[1-9][0-9]?)%|rest)$"}])"},
    {Scalar::positive, false, true, false, false, is_positive, "a whole number from 1 up",
     R"("type":"integer","minimum":1,"maximum":1000000000)"},
    {Scalar::natural, false, true, false, false, is_natural, "a whole number",
     R"("type":"integer","minimum":0,"maximum":1000000000)"},
    {Scalar::size, true, true, false, false, is_size,
     "a size in bytes, or rounded KB, such as 470448, 442KB or 4.19KB",
     R"("anyOf":[{"type":"integer","minimum":0,"maximum":1000000000},)"
     R"({"type":"string","pattern":"^[0-9]{1,6}([.][0-9]{1,2})?KB$"}])"},
    {Scalar::exit_code, false, true, false, false, is_exit_code, "an exit code from 1 to 255",
     R"("type":"integer","minimum":1,"maximum":255)"},
    {Scalar::exit_value, false, true, false, false, is_exit_value, "an exit code from 0 to 255",
     R"("type":"integer","minimum":0,"maximum":255)"},
    {Scalar::status, false, true, false, false, is_status, "an HTTP status from 100 to 599",
     R"("type":"integer","minimum":100,"maximum":599)"},
    {Scalar::number, false, true, false, true, is_number, "a decimal number such as 0.99",
     R"("type":"number")"},
    {Scalar::flag, false, false, true, false, is_flag, "true or false", R"("type":"boolean")"},
    {Scalar::digest, true, false, false, false, is_digest, "a SHA-256 digest of 64 hex digits",
     R"("type":"string","pattern":"^[0-9A-Fa-f]{64}$")"},
    {Scalar::date, true, false, false, false, is_date,
     "a UTC date such as 1999-06-22 or 1999-06-22T13:12Z",
     R"("type":"string","pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))"
     R"((T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?Z)?$")"},
    {Scalar::rate, true, false, false, false, is_rate, "a rate such as 600/m or 5/10s",
     R"("type":"string","pattern":"^[1-9][0-9]{0,8}/([1-9][0-9]{0,8})?)" SITEWIDE_DURATION_UNITS},
    {Scalar::selector, true, false, false, false, is_line,
     "a label selector such as `site=HQ, ring notin (canary)`", kLine},
    {Scalar::article, true, false, false, false, is_article, "an article such as Q237690",
     R"("type":"string","pattern":"^Q[0-9]{5,6}$")"},
    {Scalar::language, true, false, false, false, is_language,
     "a language folder of eight hex digits in quotes, such as \"00000409\"",
     R"("type":"string","pattern":"^[0-9A-Fa-f]{8}$")"},
    {Scalar::clock, true, false, false, false, is_clock, "a time of day such as \"22:00\"",
     R"("type":"string","pattern":"^([01][0-9]|2[0-3]):[0-5][0-9]$")"},
    {Scalar::days, true, false, false, false, is_days, "days such as Mon-Fri, `Sat,Sun` or daily",
     R"("type":"string","pattern":)"
     R"("^(daily|(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))?)"
     R"((, ?(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))?)*)$")"},
    {Scalar::zone, true, false, false, false, is_zone, "a time zone such as Europe/Berlin",
     R"("type":"string","pattern":"^[A-Za-z][A-Za-z0-9._/+-]{0,63}$")"},
    {Scalar::argument, true, true, true, true, is_line, "one argument of a program",
     R"("type":["string","number","boolean"],"minLength":1,"maxLength":4096)"},
    {Scalar::label_key, true, false, false, false, is_label_key,
     "a label: a letter, then letters, digits, `.`, `_` and `-`",
     R"("type":"string","pattern":"^[A-Za-z][A-Za-z0-9._-]{0,62}$")"},
    {Scalar::label_value, true, true, true, true, is_label_value, "a text of one line",
     R"("type":["string","number","boolean"],"maxLength":1024)"},
    {Scalar::pattern, true, true, false, false, is_line,
     "a client's name, perhaps with ranges, such as pc[001-040].hq",
     R"("type":["string","integer"],"minLength":1,"maxLength":4096)"},
    {Scalar::url, true, false, false, false, is_url, "a URL such as https://hooks.example.org/x",
     R"("type":"string","maxLength":2048,"pattern":"^[Hh][Tt][Tt][Pp][Ss]?://[^ @#]+$")"},
    {Scalar::variable, true, false, false, false, is_variable,
     "a variable of the environment such as HOOK_TOKEN",
     R"("type":"string","pattern":"^[A-Za-z_][A-Za-z0-9_]{0,63}$")"},
    {Scalar::header_name, true, false, false, false, is_header_name,
     "the name of a header such as Authorization",
     R"("type":"string","pattern":"^[A-Za-z0-9_-]{1,64}$")"},
    {Scalar::email, true, false, false, false, is_email, "an address such as admin@example.org",
     R"("type":"string","maxLength":254,"pattern":"^[A-Za-z0-9][A-Za-z0-9._+='-]*)"
     R"((@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9-])?)?$")"},
    {Scalar::version, false, true, false, false, is_version, "1", R"("const":1)"},
    {Scalar::word, true, false, false, false, is_line, "a word", kLine},
};
#undef SITEWIDE_DURATION_UNITS

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_integer(std::string_view text) {
  if (text.starts_with("0x")) {
    return text.size() > 2 &&
           text.substr(2).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  }
  if (text.starts_with("0o")) {
    return text.size() > 2 &&
           text.substr(2).find_first_not_of("01234567") == std::string_view::npos;
  }
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && all_of(text, is_digit);
}

bool is_real(std::string_view text) {
  if (is_one_of(text, {".nan", ".NaN", ".NAN"})) return true;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (is_one_of(text, {".inf", ".Inf", ".INF"})) return true;
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    std::string_view power = text.substr(exponent + 1);
    if (power.starts_with('-') || power.starts_with('+')) power.remove_prefix(1);
    if (power.empty() || !all_of(power, is_digit)) return false;
    text = text.substr(0, exponent);
  }
  const std::size_t digits =
      static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
  const std::size_t points = static_cast<std::size_t>(std::count(text.begin(), text.end(), '.'));
  return digits > 0 && points <= 1 && digits + points == text.size();
}

}  // namespace

YamlType yaml_type(const Node& scalar) {
  const std::string_view text = scalar.text;
  if (scalar.quoted) return YamlType::string;
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return YamlType::null;
  if (is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"}))
    return YamlType::boolean;
  if (is_integer(text)) return YamlType::integer;
  return is_real(text) ? YamlType::real : YamlType::string;
}

const ScalarRule& rule_of(Scalar scalar) {
  const ScalarRule& rule = kRules[static_cast<std::size_t>(scalar)];
  check(rule.scalar == scalar, "the rules stand in the order of Scalar");
  return rule;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName &&
         (is_letter(text[0]) || is_digit(text[0])) && all_of(text, is_word_character);
}

bool is_client_name(std::string_view text) {
  return !text.empty() && text.size() <= 255 && text[0] != '.' && text[0] != '-' &&
         all_of(text, is_word_character);
}

bool is_client_address(std::string_view text) {
  return !text.empty() && text.size() <= 255 && text[0] != '.' && text[0] != '-' &&
         all_of(text, [](char c) {
           return is_word_character(c) || c == ':' || c == '[' || c == ']' || c == '%';
         });
}

bool is_label_key(std::string_view text) {
  return !text.empty() && text.size() < kLongestName && is_letter(text[0]) &&
         all_of(text, is_word_character);
}

bool is_label_value(std::string_view text) {
  return text.size() <= 1024 && is_utf8(text) && !has_control_character(text);
}

std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t limit) {
  if (text.empty() || text.size() > 18 || !all_of(text, is_digit)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) number = 10 * number + static_cast<std::uint64_t>(c - '0');
  if (number > limit) return std::nullopt;
  return number;
}

std::optional<FileSize> parse_size(std::string_view text) {
  if (!text.ends_with("KB")) {
    const auto bytes = parse_number(text, kLargestNumber);
    return bytes ? std::optional(FileSize{*bytes, 0}) : std::nullopt;
  }
  text.remove_suffix(2);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view decimals = text.substr(std::min(point + 1, text.size()));
  const bool has_point = point < text.size();
  if (decimals.size() > 2 || (has_point && decimals.empty())) return std::nullopt;
  const auto whole = parse_number(text.substr(0, point), 999'999);
  const auto rest = has_point ? parse_number(decimals, 99) : std::optional<std::uint64_t>(0);
  if (!whole || !rest) return std::nullopt;
  const std::uint64_t unit = decimals.empty() ? 1 : decimals.size() == 1 ? 10 : 100;
  const std::uint64_t units = *whole * unit + *rest;
  // Half a unit of the last digit either way, rounded up to whole bytes.
  const auto half = static_cast<std::uint32_t>((1024 + 2 * unit - 1) / (2 * unit));
  return FileSize{(units * 1024 + unit / 2) / unit, half};
}

std::optional<Count> parse_count(std::string_view text) {
  const bool percent = text.ends_with('%');
  if (percent) text.remove_suffix(1);
  if (percent && text.size() > 3) return std::nullopt;
  const auto number = parse_number(text, percent ? 100 : kLargestNumber);
  if (!number) return std::nullopt;
  return Count{static_cast<std::uint32_t>(*number), percent};
}

std::optional<Count> parse_wave(std::string_view text) {
  if (text == "rest") return Count{100, true};
  const auto count = parse_count(text);
  if (!count || count->value == 0) return std::nullopt;
  return count;
}

std::optional<Rate> parse_rate(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto count = parse_number(text.substr(0, slash), kLargestNumber);
  std::string per(text.substr(slash + 1));
  if (!per.empty() && is_letter(per.front())) per.insert(0, "1");
  if (!count || *count == 0 || text.front() == '0' || !is_positive_duration(per))
    return std::nullopt;
  return Rate{static_cast<std::uint32_t>(*count), *parse_duration(per)};
}

std::optional<Duration> parse_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hours = parse_number(text.substr(0, 2), 23);
  const auto minutes = parse_number(text.substr(3), 59);
  if (!hours || !minutes) return std::nullopt;
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
}

std::optional<Timestamp> parse_date(std::string_view text) {
  // parse_timestamp checks the calendar; what is left out is put in.
  std::string whole(text);
  if (whole.size() == 10) whole += "T00:00:00Z";
  if (whole.size() == 17 && whole.back() == 'Z') whole.insert(16, ":00");
  if (whole.size() != 20 || whole.find('.') != std::string::npos) return std::nullopt;
  return parse_timestamp(whole);
}

std::optional<std::array<bool, 7>> parse_days(std::string_view text) {
  constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu",
                                                     "Fri", "Sat", "Sun"};
  std::array<bool, 7> days{};
  if (text == "daily") {
    days.fill(true);
    return days;
  }
  bool is_first = true;
  for (std::string_view part : split(text, ',')) {
    if (!is_first && part.starts_with(' ')) part.remove_prefix(1);
    is_first = false;
    const auto first = std::find(kDays.begin(), kDays.end(), part.substr(0, 3));
    const bool is_range = part.size() == 7 && part[3] == '-';
    const auto last = is_range ? std::find(kDays.begin(), kDays.end(), part.substr(4)) : first;
    if (first == kDays.end() || last == kDays.end()) return std::nullopt;
    if (!is_range && part.size() != 3) return std::nullopt;
    for (auto day = first;; day = std::next(day) == kDays.end() ? kDays.begin() : std::next(day)) {
      days[static_cast<std::size_t>(day - kDays.begin())] = true;
      if (day == last) break;
    }
  }
  return days;
}

}  // namespace sitewide
