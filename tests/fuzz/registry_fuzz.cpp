// What a client's `reg query` prints: the setting is words of the first line that has a type, and
// nothing else; what `reg` prints of a value is read as that value.
#include "adapters/sms/client/registry_setting.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

bool has_line_end(std::string_view text) { return text.find('\n') != std::string_view::npos; }

/// The first word of a line that begins as the name of a type does; found word by word.
std::string_view first_type(std::string_view line) {
  while (!line.empty()) {
    const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
    line.remove_prefix(begin);
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    if (word.starts_with("REG_")) return word;
    line.remove_prefix(word.size());
  }
  return {};
}

std::string_view first_type_of_all(std::string_view text) {
  Input lines(text);
  while (!lines.at_end()) {
    std::string_view line = lines.line();
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const std::string_view type = first_type(line); !type.empty()) return type;
  }
  return {};
}

void check_printed(const sms::SettingRecord& setting) {
  const std::string printed = "\r\nHKEY_LOCAL_MACHINE\\Software\r\n    Viewers    " + setting.type +
                              "    " + setting.value + "\r\n\r\n";
  const auto again = sms::registry_setting(printed);
  holds(again.has_value(), "a value that is printed is read", printed);
  holds(again->type == setting.type && again->value == setting.value, "as it was", printed);
}

}  // namespace

void registry(std::string_view input) {
  const auto setting = sms::registry_setting(input);
  const std::string_view type = first_type_of_all(input);
  holds(setting.has_value() == !type.empty(), "a line with a type is a setting", input);
  if (!setting) return;
  holds(setting->there && setting->type == type, "its type is the first", input);
  holds(!has_line_end(setting->value), "a value is of one line", input);
  holds(input.find(setting->value) != std::string_view::npos, "a value was printed", input);
  holds(setting->value.empty() || (kBlanks.find(setting->value.front()) == kBlanks.npos &&
                                   kBlanks.find(setting->value.back()) == kBlanks.npos),
        "without the blanks around it", input);
  check_printed(*setting);
}

}  // namespace sitewide::fuzz
