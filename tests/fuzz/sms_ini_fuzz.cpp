// Sms.ini: an edit changes one key only and keeps every other byte. Input: section, key and value,
// a line each; then the file.
#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "adapters/sms/client/sms_ini.h"
#include "orchestrator/base/text.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

using Key = std::pair<std::string, std::string>;

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Every key that stands in the first section of its name, in lower case.
std::set<Key> keys_of(std::string_view text) {
  std::set<Key> keys;
  std::set<std::string> sections;
  std::string section;
  bool in_section = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = without_blanks(line);
    const std::size_t close = line.find(']');
    const std::size_t equals = line.find('=');
    if (line.starts_with('[') && close != std::string_view::npos) {
      section = to_lower(without_blanks(line.substr(1, close - 1)));
      in_section = sections.insert(section).second;
    } else if (in_section && !line.starts_with(';') && equals != std::string_view::npos) {
      keys.emplace(section, to_lower(without_blanks(line.substr(0, equals))));
    }
  }
  return keys;
}

// What stands between the longest common beginning and end of two texts.
std::pair<std::string_view, std::string_view> difference(std::string_view a, std::string_view b) {
  const auto [a_from, b_from] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const auto begin = static_cast<std::size_t>(a_from - a.begin());
  a.remove_prefix(begin);
  b.remove_prefix(begin);
  std::size_t same = 0;
  while (same < a.size() && same < b.size() && a[a.size() - 1 - same] == b[b.size() - 1 - same]) {
    ++same;
  }
  return {a.substr(0, a.size() - same), b.substr(0, b.size() - same)};
}

void holds_for_others(const sms::SmsIni& before, const sms::SmsIni& after, const Key& edited) {
  const std::set<Key> known = keys_of(before.text());
  for (const auto& key : known) {
    if (key == edited) continue;
    holds(before.value(key.first, key.second) == after.value(key.first, key.second),
          "an edit changes no other key", key.first + "/" + key.second + " in " + before.text());
  }
  for (const auto& key : keys_of(after.text())) {
    holds(key == edited || known.contains(key), "an edit adds no other key",
          key.first + "/" + key.second + " in " + before.text());
  }
}

void check_set(const sms::SmsIni& before, std::string_view section, std::string_view key,
               std::string_view value) {
  sms::SmsIni after = before;
  if (!after.set(section, key, value)) {
    holds(after.text() == before.text(), "a refused edit changes nothing", before.text());
    return;
  }
  holds(after.value(section, key) == std::string(value), "what was set is read", after.text());
  const auto [out, in] = difference(before.text(), after.text());
  holds(out.find('\n') == std::string_view::npos, "a set takes no line out", before.text());
  if (before.value(section, key)) {
    holds(in.find('\n') == std::string_view::npos, "a set of a known key adds no line", in);
    holds(in.size() <= value.size(), "a set writes its value and nothing else", in);
  } else {
    holds(out.empty(), "a new key replaces no byte", out);
    holds(in.size() <= section.size() + key.size() + value.size() + 8, "it adds its line", in);
  }
  holds_for_others(before, after, {to_lower(section), to_lower(key)});
  sms::SmsIni again = after;
  holds(again.set(section, key, value) && again.text() == after.text(), "a second set is none",
        after.text());
}

void check_erase(const sms::SmsIni& before, std::string_view section, std::string_view key) {
  sms::SmsIni after = before;
  const bool erased = after.erase(section, key);
  holds(erased == before.value(section, key).has_value(), "what is there is erased", before.text());
  const auto [out, in] = difference(before.text(), after.text());
  holds(in.empty(), "an erasure adds nothing", in);
  holds(std::count(out.begin(), out.end(), '\n') <= 1, "an erasure takes one line", out);
  if (!erased) holds(out.empty(), "what is not there changes nothing", out);
  holds_for_others(before, after, {to_lower(section), to_lower(key)});
}

}  // namespace

void sms_ini(std::string_view input) {
  if (input.size() > 4096) return;  // every key is looked at anew for every key
  Input parts(input);
  const std::string_view section = parts.line();
  const std::string_view key = parts.line();
  const std::string_view value = parts.line();
  const sms::SmsIni ini{std::string(parts.rest())};
  for (const auto& [known_section, known_key] : keys_of(ini.text())) {
    const auto known = ini.value(known_section, known_key);
    holds(known.has_value(), "a key that stands there has a value", ini.text());
    holds(known->find('\n') == std::string::npos, "a value is one line", *known);
  }
  check_set(ini, section, key, value);
  check_set(ini, "Local", "SetupPhase", "UPGRADE");
  check_erase(ini, section, key);
}

}  // namespace sitewide::fuzz
