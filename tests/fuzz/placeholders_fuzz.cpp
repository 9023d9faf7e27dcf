// Placeholders: each is replaced once and on its own, and what the loader accepts a step can
// substitute. Input: lines `name=value`, an empty line, then the text.
#include "orchestrator/core/operation.h"
#include "plans/placeholders.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

using Named = std::map<std::string, std::string>;

// Character by character; nothing when it cannot be done.
std::optional<std::string> replaced(std::string_view text, const Named& values) {
  std::string out;
  std::string name;
  bool inside = false;
  for (const char c : text) {
    if (!inside && c == '{') {
      inside = true;
      name.clear();
    } else if (inside && c == '}') {
      inside = false;
      const auto value = values.find(name);
      if (value == values.end()) return std::nullopt;
      out += value->second;
    } else {
      (inside ? name : out) += c;
    }
  }
  if (inside) return std::nullopt;
  return out;
}

// Every name in braces has a value.
Named values_for_all(std::string_view text) {
  Named values;
  std::string name;
  for (const char c : text) {
    if (c == '{') {
      name.clear();
    } else if (c == '}') {
      values[name] = "value";
    } else {
      name += c;
    }
  }
  return values;
}

}  // namespace

void placeholders(std::string_view input) {
  Input parts(input);
  Named values;
  for (std::string_view line = parts.line(); !line.empty(); line = parts.line()) {
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos)
      values.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  const std::string text(parts.rest());
  const auto result = substitute(text, values);
  const auto expected = replaced(text, values);
  if (result) {
    holds(expected && *result == *expected, "each placeholder is replaced once", text);
  } else {
    holds(!expected || result.error().kind == ErrorKind::refused, "only a bad value is refused",
          text);
  }
  const auto argv = substitute(Argv{text, "x", text}, values);
  holds(argv.has_value() == result.has_value(), "each element is judged alike", text);
  if (argv) holds(argv->size() == 3 && (*argv)[2] == *result, "elements stay apart", text);

  for (const PlaceholderUse use :
       {PlaceholderUse::root, PlaceholderUse::batch, PlaceholderUse::run, PlaceholderUse::file,
        PlaceholderUse::step, PlaceholderUse::health, PlaceholderUse::client_file}) {
    Reading reading;
    check_placeholders({text, {1, 1, 1, 0}}, use, reading);
    if (!reading.problems.empty()) continue;
    holds(substitute(text, values_for_all(text)).has_value(), "what is accepted can be replaced",
          text);
  }
}

}  // namespace sitewide::fuzz
