// The grammar of single values: what is accepted can be read, and is read again as it is printed.
#include "orchestrator/base/digest.h"
#include "orchestrator/base/text.h"
#include "plans/grammar.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

void check_times(std::string_view text) {
  if (const auto duration = parse_duration(text)) {
    holds(*duration >= Duration::zero(), "no duration is negative", text);
    holds(parse_duration(format_duration(*duration)) == duration, "a duration is read as printed",
          text);
    holds_safe(describe_duration(*duration));
  }
  if (const auto at = parse_timestamp(text)) {
    holds(parse_timestamp(format_timestamp(*at)) == at, "a time is read as printed", text);
  }
}

void check_accepted(Scalar scalar, std::string_view text) {
  if (!rule_of(scalar).accepts(text)) return;
  const auto is_read = [&](bool read) { holds(read, "what is accepted can be read", text); };
  switch (scalar) {
    case Scalar::duration:
    case Scalar::positive_duration:
      return is_read(parse_duration(text).has_value());
    case Scalar::count:
      return is_read(parse_count(text).has_value());
    case Scalar::wave:
      return is_read(parse_wave(text).value_or(Count{}).value > 0);
    case Scalar::positive:
      return is_read(parse_number(text, UINT32_MAX).value_or(0) > 0);
    case Scalar::natural:
      return is_read(parse_number(text, UINT32_MAX).has_value());
    case Scalar::digest:
      return is_read(Digest::parse(text).has_value());
    case Scalar::date:
      return is_read(parse_date(text).has_value());
    case Scalar::rate:
      return is_read(parse_rate(text).value_or(Rate{}).count > 0);
    case Scalar::clock:
      return is_read(parse_clock(text).value_or(std::chrono::hours(99)) < std::chrono::hours(24));
    case Scalar::days:
      return is_read(parse_days(text).has_value());
    case Scalar::paragraph:  // of several lines; the document says which characters it may hold
      return;
    default:
      if (is_utf8(text)) holds_safe(text);  // else the document was refused before
  }
}

}  // namespace

void grammar(std::string_view input) {
  for (int kind = 0; kind <= static_cast<int>(Scalar::word); ++kind) {
    check_accepted(static_cast<Scalar>(kind), input);
  }
  if (is_client_name(input) || is_client_address(input) || is_label_key(input)) {
    holds_safe(input);
    holds(input.front() != '-', "no name is an option", input);
    holds(input.find_first_of(" /\\'\"`$&|;<>(){}") == std::string_view::npos,
          "no name means anything to a shell or a path", input);
  }
  if (is_label_value(input)) holds_safe(input);
  check_times(input);
  Node scalar;
  scalar.kind = Node::Kind::scalar;
  scalar.text = input;
  const YamlType type = yaml_type(scalar);
  scalar.quoted = true;
  holds(yaml_type(scalar) == YamlType::string, "what is quoted is text", input);
  if (type == YamlType::boolean) holds(input.size() <= 5, "true and false are short", input);
}

}  // namespace sitewide::fuzz
