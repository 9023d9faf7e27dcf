// The packets of the SFTP protocol, version 3 (draft-ietf-secsh-filexfer-02), as bytes. What a
// server sends may be anything: nothing here reads past it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sitewide::ssh {

enum class SftpKind : std::uint8_t {
  init = 1,
  version = 2,
  open = 3,
  close = 4,
  read = 5,
  write = 6,
  lstat = 7,
  fstat = 8,
  setstat = 9,
  fsetstat = 10,
  opendir = 11,
  readdir = 12,
  remove = 13,
  mkdir = 14,
  stat = 17,
  rename = 18,
  status = 101,
  handle = 102,
  data = 103,
  name = 104,
  attributes = 105,
  extended = 200,
  extended_reply = 201,
};

/// Codes of a status packet that mean something to us; a server may send others.
enum class SftpStatus : std::uint32_t {
  ok = 0,
  end_of_file = 1,
  no_such_file = 2,
  permission_denied = 3,
  failure = 4,
  unsupported = 8,
};

inline constexpr std::uint32_t kSftpRead = 0x01;
inline constexpr std::uint32_t kSftpWrite = 0x02;
inline constexpr std::uint32_t kSftpCreate = 0x08;
inline constexpr std::uint32_t kSftpExclusive = 0x20;

/// Longer packets are not taken from a server.
inline constexpr std::size_t kLongestSftpPacket = std::size_t{256} << 10;

/// What is known of a file, or to be set.
struct SftpAttributes {
  std::optional<std::uint64_t> size;
  std::optional<std::pair<std::uint32_t, std::uint32_t>> owner;  ///< user and group
  std::optional<std::uint32_t> mode;  ///< with the file's type, as in stat
  std::optional<std::pair<std::uint32_t, std::uint32_t>> times;  ///< access and change, in seconds

  bool is_folder() const { return mode && (*mode & 0170000U) == 0040000U; }
  bool is_file() const { return mode && (*mode & 0170000U) == 0100000U; }
  bool is_link() const { return mode && (*mode & 0170000U) == 0120000U; }
};

class SftpWriter {
 public:
  explicit SftpWriter(SftpKind kind) { bytes_ += static_cast<char>(kind); }
  SftpWriter& number(std::uint32_t value);
  SftpWriter& long_number(std::uint64_t value);
  SftpWriter& text(std::string_view value);
  SftpWriter& attributes(const SftpAttributes& value);
  /// The packet with its length before it.
  std::string finished() const;

 private:
  std::string bytes_;
};

/// Reads the fields of a packet in turn. What is not there is zero or empty, and complete() false
/// from then on.
class SftpReader {
 public:
  explicit SftpReader(std::string_view bytes) : rest_(bytes) {}
  std::uint8_t byte();
  std::uint32_t number();
  std::uint64_t long_number();
  std::string_view text();
  SftpAttributes attributes();
  bool complete() const { return complete_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool complete_ = true;
};

/// The first whole packet of `bytes`, without its length, is taken out of them. Nothing: it has not
/// arrived yet. A packet that is empty or too long sets `broken`.
std::optional<std::string> take_sftp_packet(std::string& bytes, bool& broken);

}  // namespace sitewide::ssh
