#include "adapters/client_path.h"

#include <algorithm>

#include "orchestrator/base/device_name.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

Error refused(std::string_view path, std::string_view why) {
  return Error{ErrorKind::refused, "path " + escaped(path) + ": " + std::string(why)};
}

// What is wrong with a component; empty when nothing is.
std::string_view fault_of(std::string_view component) {
  if (component == "..") return "it leaves its root";
  if (component.find(':') != std::string_view::npos) return "a colon names a drive or a stream";
  if (component.back() == '.' || component.back() == ' ') return "a name ends in a dot or a blank";
  if (is_device_name(component)) return "it names a device";
  const bool forbidden = std::ranges::any_of(component, [](char letter) {
    const auto code = static_cast<unsigned char>(letter);
    return code < 0x20 || code == 0x7f ||
           std::string_view("<>\"|?*").find(letter) != std::string_view::npos;
  });
  return forbidden ? "it holds a character that no file name may hold" : "";
}

}  // namespace

Result<std::vector<std::string>> split_client_path(std::string_view path) {
  std::string slashed(path);
  std::ranges::replace(slashed, '\\', '/');
  std::string_view rest = slashed;
  if (rest.size() >= 2 && rest[1] == ':') {
    if (rest[0] != 'C' && rest[0] != 'c') return refused(path, "only drive C: is the client's");
    if (rest.size() == 2 || rest[2] != '/')
      return refused(path, "C: is not followed by a backslash");
    rest.remove_prefix(3);
  }
  if (rest.starts_with('/')) return refused(path, "it is absolute");
  std::vector<std::string> components;
  for (const std::string_view component : split(rest, '/')) {
    if (component.empty() || component == ".") continue;
    const std::string_view fault = fault_of(component);
    if (!fault.empty()) return refused(path, fault);
    components.emplace_back(component);
  }
  return components;
}

Result<std::optional<std::string>> only_spelling(std::vector<std::string> names,
                                                 const std::string& name) {
  std::optional<std::string> found;
  for (std::string& other : names) {
    if (!equals_ignoring_case(other, name)) continue;
    if (found) {
      return Error{ErrorKind::refused,
                   escaped(name) + " could be " + escaped(*found) + " or " + escaped(other)};
    }
    found = std::move(other);
  }
  return found;
}

}  // namespace sitewide
