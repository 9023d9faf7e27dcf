#include "adapters/ssh/sftp_packet.h"

namespace sitewide::ssh {
namespace {

constexpr std::uint32_t kHasSize = 0x1;
constexpr std::uint32_t kHasOwner = 0x2;
constexpr std::uint32_t kHasMode = 0x4;
constexpr std::uint32_t kHasTimes = 0x8;
constexpr std::uint32_t kHasMore = 0x80000000;
constexpr std::uint32_t kMostExtensions = 1000;

}  // namespace

SftpWriter& SftpWriter::number(std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes_ += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xffU);
  }
  return *this;
}

SftpWriter& SftpWriter::long_number(std::uint64_t value) {
  number(static_cast<std::uint32_t>(value >> 32U));
  return number(static_cast<std::uint32_t>(value & 0xffffffffU));
}

SftpWriter& SftpWriter::text(std::string_view value) {
  number(static_cast<std::uint32_t>(value.size()));
  bytes_ += value;
  return *this;
}

SftpWriter& SftpWriter::attributes(const SftpAttributes& value) {
  std::uint32_t flags = 0;
  if (value.size) flags |= kHasSize;
  if (value.owner) flags |= kHasOwner;
  if (value.mode) flags |= kHasMode;
  if (value.times) flags |= kHasTimes;
  number(flags);
  if (value.size) long_number(*value.size);
  if (value.owner) number(value.owner->first).number(value.owner->second);
  if (value.mode) number(*value.mode);
  if (value.times) number(value.times->first).number(value.times->second);
  return *this;
}

std::string SftpWriter::finished() const {
  SftpWriter length(SftpKind{});
  length.number(static_cast<std::uint32_t>(bytes_.size()));
  return length.bytes_.substr(1) + bytes_;
}

std::uint8_t SftpReader::byte() {
  if (rest_.empty()) {
    complete_ = false;
    return 0;
  }
  const auto value = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

std::uint32_t SftpReader::number() {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8U | byte();
  return complete_ ? value : 0;
}

std::uint64_t SftpReader::long_number() {
  const std::uint64_t high = number();
  const std::uint64_t low = number();
  return complete_ ? high << 32U | low : 0;
}

std::string_view SftpReader::text() {
  const std::uint32_t size = number();
  if (!complete_ || size > rest_.size()) {
    complete_ = false;
    rest_ = {};
    return {};
  }
  const std::string_view value = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return value;
}

SftpAttributes SftpReader::attributes() {
  SftpAttributes value;
  const std::uint32_t flags = number();
  if ((flags & kHasSize) != 0) value.size = long_number();
  if ((flags & kHasOwner) != 0) {
    const std::uint32_t user = number();
    value.owner.emplace(user, number());
  }
  if ((flags & kHasMode) != 0) value.mode = number();
  if ((flags & kHasTimes) != 0) {
    const std::uint32_t access = number();
    value.times.emplace(access, number());
  }
  if ((flags & kHasMore) != 0) {
    const std::uint32_t count = number();
    if (count > kMostExtensions) complete_ = false;
    for (std::uint32_t i = 0; i < count && complete_; ++i) {
      text();
      text();
    }
  }
  return value;
}

std::optional<std::string> take_sftp_packet(std::string& bytes, bool& broken) {
  SftpReader reader(bytes);
  const std::size_t size = reader.number();
  if (!reader.complete()) return std::nullopt;
  broken = size == 0 || size > kLongestSftpPacket;
  if (broken || bytes.size() < 4 + size) return std::nullopt;
  std::string packet = bytes.substr(4, size);
  bytes.erase(0, 4 + size);
  return packet;
}

}  // namespace sitewide::ssh
