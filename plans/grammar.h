// Grammar: the kinds of single values a plan holds: what each looks like, in words, as a check and
// as JSON Schema. Values are judged by the text in the file; YAML's own conversions (`0x10`, `yes`,
// `1_000`) are never used. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/core/plan.h"
#include "plans/document.h"

namespace sitewide {

enum class Scalar : std::uint8_t {
  name,
  text,
  paragraph,
  path,
  target,
  file_name,
  duration,
  positive_duration,
  count,
  wave,
  positive,
  natural,
  size,
  exit_code,
  exit_value,
  status,
  number,
  flag,
  digest,
  date,
  rate,
  selector,
  article,
  language,
  clock,
  days,
  zone,
  argument,
  label_key,
  label_value,
  pattern,
  url,
  variable,
  header_name,
  email,
  version,
  word,
};

/// What a plain or quoted scalar is to a YAML 1.2 reader: a schema judges by that.
enum class YamlType : std::uint8_t { null, boolean, integer, real, string };
YamlType yaml_type(const Node& scalar);

/// What one kind of value looks like.
struct ScalarRule {
  Scalar scalar;
  bool string, integer, boolean, real;  ///< the YAML types it may have
  bool (*accepts)(std::string_view);    ///< judges the text
  std::string_view expected;            ///< `a duration such as 30s, 10m, 24h or 5d`
  std::string_view schema;              ///< members of a JSON Schema object, without the braces
};

const ScalarRule& rule_of(Scalar scalar);

/// Grammar of names of rollouts, sites, groups, transports, logon servers and approvals.
bool is_name(std::string_view text);
/// A client's name: letters, digits, `.`, `_`, `-`; the first is a letter, a digit or `_`.
bool is_client_name(std::string_view text);
/// A client's address: a name or an IP address; never something a program takes for an option.
bool is_client_address(std::string_view text);
/// The name of a label: a letter, then letters, digits, `.`, `_`, `-`.
bool is_label_key(std::string_view text);
/// The value of a label: one line of text without control characters; may be empty.
bool is_label_value(std::string_view text);

/// The size of a file. Articles print some in KB (1024 bytes), rounded: then `bytes` is the middle
/// of what rounds to it, and `within` how far from there it still does.
struct FileSize {
  std::uint64_t bytes = 0;
  std::uint32_t within = 0;
};

/// `470448`, `442KB`, `4.19KB`; at most two decimals.
std::optional<FileSize> parse_size(std::string_view text);
std::optional<Count> parse_count(std::string_view text);
/// As parse_count, and `rest`, which is 100%.
std::optional<Count> parse_wave(std::string_view text);
/// `600/m`, `5/10s`.
std::optional<Rate> parse_rate(std::string_view text);
/// `1999-06-22`, `1999-06-22T13:12Z`, `1999-06-22T13:12:00Z`.
std::optional<Timestamp> parse_date(std::string_view text);
/// `22:00`, as the time since local midnight.
std::optional<Duration> parse_clock(std::string_view text);
/// `Mon-Fri`, `Sat,Sun`, `Mon, Wed-Fri`, `daily`; Monday first. `Fri-Mon` goes over the week's end.
std::optional<std::array<bool, 7>> parse_days(std::string_view text);
/// Digits only, and no more than `limit`.
std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t limit);

}  // namespace sitewide
