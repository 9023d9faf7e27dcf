#include "adapters/sms/payload_check.h"

#include <optional>

#include "adapters/sms/signatures.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

/// Where the new header of an MZ program begins; nothing for other bytes or a damaged header.
std::optional<std::size_t> new_header(std::string_view bytes) {
  constexpr std::size_t kOffset = 0x3c;
  if (!bytes.starts_with("MZ") || bytes.size() < kOffset + 4) return std::nullopt;
  const std::size_t at = byte_at(bytes, kOffset) | byte_at(bytes, kOffset + 1) << 8U |
                         byte_at(bytes, kOffset + 2) << 16U | byte_at(bytes, kOffset + 3) << 24U;
  if (at > bytes.size() || bytes.size() - at < 6) return std::nullopt;
  return at;
}

/// The platform of a PE machine; `other` for one that SMS 1.2 has no clients on.
std::string_view platform_of(unsigned machine) {
  switch (machine) {
    case 0x14c:
      return "x86";
    case 0x184:
      return "alpha";
    case 0x162:
    case 0x166:
      return "mips";
    default:
      return "other";
  }
}

bool is_cpu(std::string_view platform) {
  return platform == "x86" || platform == "alpha" || platform == "mips";
}

}  // namespace

std::string objection_to(const PlannedFile& file, std::string_view bytes) {
  const bool compressed = bytes.starts_with("SZDD") || bytes.starts_with("KWAJ");
  if (compressed || file.name.ends_with('_')) {
    return told(Failure::compressed_file,
                display_name(file) + " is still compressed, or named as on the SMS CD");
  }
  const std::string platform = to_lower(file.platform);
  if (!is_cpu(platform) || !bytes.starts_with("MZ")) return {};
  const auto header = new_header(bytes);
  if (!header || bytes.substr(*header, 4) != std::string_view("PE\0\0", 4)) {
    if (platform == "x86") return {};
    return told(Failure::wrong_cpu, display_name(file) + " is a 16-bit program", "Q237690",
                "those belong in X86.bin");
  }
  const auto machine = platform_of(byte_at(bytes, *header + 4) | byte_at(bytes, *header + 5) << 8U);
  if (machine == platform) return {};
  return told(Failure::wrong_cpu,
              display_name(file) + " is built for another CPU (" + std::string(machine) + ")");
}

std::string display_name(const PlannedFile& file) {
  if (file.platform.empty()) return file.name;
  std::string platform = to_lower(file.platform);
  if (platform == "x86") return file.name + " (X86)";
  platform[0] =
      static_cast<char>(platform[0] >= 'a' && platform[0] <= 'z' ? platform[0] - 32 : platform[0]);
  return file.name + " (" + platform + ")";
}

}  // namespace sitewide::sms
