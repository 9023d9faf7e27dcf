// Paths on clients: what is accepted stays under its root, however it is written; what a plan may
// name as a target is accepted. Input: a path, a line; then an Sms.ini.
#include "adapters/client_path.h"
#include "adapters/sms/client/state.h"
#include "orchestrator/base/text.h"
#include "plans/grammar.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

void check_components(const std::vector<std::string>& components, std::string_view path) {
  for (const std::string& component : components) {
    holds(!component.empty() && component != "." && component != "..", "no component leads away",
          path);
    holds(component.find_first_of("/\\:") == std::string::npos, "a component is a name", path);
    holds(component.back() != '.' && component.back() != ' ', "no name changes its meaning", path);
    for (const char c : component) {
      holds(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "no control character", path);
    }
  }
}

void check_path(std::string_view path) {
  const auto components = split_client_path(path);
  if (!components) {
    holds(components.error().kind == ErrorKind::refused, "a path is refused, not failed", path);
    holds_safe(components.error().message);
    return;
  }
  check_components(*components, path);
  for (const std::string& same : {join(*components, "/"), join(*components, "\\"),
                                  "C:\\" + join(*components, "\\"), join(*components, "//./")}) {
    const auto again = split_client_path(same);
    holds(again && *again == *components, "a path means the same however it is written", same);
  }
}

}  // namespace

void client_path(std::string_view input) {
  Input parts(input);
  const std::string_view path = parts.line();
  check_path(path);
  if (rule_of(Scalar::target).accepts(path)) {
    holds(split_client_path(path).has_value(), "a plan's target is a path on a client", path);
  }
  const auto client = sms::client_state_from("Sms.ini", std::string(parts.rest()));
  for (const auto& [fact, value] : sms::facts_of(client)) {
    holds_safe(value);
    holds(value.size() <= 203, "a fact is short", value);
  }
  holds_safe(client.setup_phase_shown());
  for (const std::string& target : {std::string(path), "{sms_bin}/" + std::string(path)}) {
    const auto found = sms::path_on_client(client, target, {});
    if (!found) continue;
    const auto components = split_client_path(*found);
    holds(components.has_value(), "what an Sms.ini names lies below drive C:", *found);
    holds(join(*components, "/") == *found, "and is written in one way", *found);
  }
}

}  // namespace sitewide::fuzz
