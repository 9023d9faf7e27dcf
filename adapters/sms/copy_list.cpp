#include "adapters/sms/copy_list.h"

#include <array>

#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr std::array<std::string_view, 6> kNames{"Cl_nt.txt",  "Cl_w95.txt", "Cl_win95.txt",
                                                 "Cl_win.txt", "Cl_os2.txt", "Cl_dos.txt"};
constexpr std::string_view kKey = "CopyListVersion";
constexpr std::size_t kMaxDigits = 20;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits of `CopyListVersion = 835643765`, with `=`, `:` or blanks between, quoted or not.
std::optional<std::string> version_in(std::string_view line) {
  line = trim(line);
  if (!line.empty() && line.front() == '"') line.remove_prefix(1);
  if (!equals_ignoring_case(line.substr(0, kKey.size()), kKey)) return std::nullopt;
  line.remove_prefix(kKey.size());
  const std::size_t start = line.find_first_not_of(" \t\"=:");
  if (start == 0 || start == std::string_view::npos) return std::nullopt;
  line.remove_prefix(start);
  std::size_t digits = 0;
  while (digits < line.size() && is_digit(line[digits])) ++digits;
  if (digits == 0 || digits > kMaxDigits) return std::nullopt;
  return std::string(line.substr(0, digits));
}

}  // namespace

std::optional<std::string> copy_list_version(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (auto version = version_in(text.substr(0, end))) return version;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return std::nullopt;
}

std::span<const std::string_view> copy_lists_of(std::string_view os) {
  const std::span<const std::string_view> names(kNames);
  if (equals_ignoring_case(os, "nt")) return names.subspan(0, 1);
  if (equals_ignoring_case(os, "win95")) return names.subspan(1, 2);
  if (equals_ignoring_case(os, "win16")) return names.subspan(3, 1);
  if (equals_ignoring_case(os, "os2")) return names.subspan(4, 1);
  if (equals_ignoring_case(os, "dos")) return names.subspan(5, 1);
  return {};
}

std::span<const std::string_view> all_copy_lists() { return kNames; }

std::string_view os_from_number(std::string_view number) {
  static constexpr std::array<std::string_view, 5> kWords{"dos", "win16", "os2", "nt", "win95"};
  number = trim(number);
  if (number.size() != 1 || number[0] < '1' || number[0] > '5') return {};
  return kWords[static_cast<std::size_t>(number[0] - '1')];
}

}  // namespace sitewide::sms
