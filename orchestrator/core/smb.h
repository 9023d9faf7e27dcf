// Where files lie on an SMB server, and who asks for them: plain values of a plan. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/core/secret.h"

namespace sitewide {

/// Who logs in on a server. All empty: a guest.
struct SmbLogin {
  std::string user;
  std::string domain;     ///< Windows domain or workgroup; empty: the server's own
  SecretText password;    ///< a reference, never the word itself
  bool kerberos = false;  ///< with the ticket that the controller's user holds; no password
  bool encrypt = false;   ///< else messages are signed, and readable on their way

  bool is_guest() const { return user.empty() && !kerberos; }
  friend bool operator==(const SmbLogin&, const SmbLogin&) = default;
};

inline constexpr std::uint16_t kSmbPort = 445;

/// A folder of a share.
struct SmbPlace {
  std::string host;  ///< a name or an address; of IPv6 without its brackets
  std::uint16_t port = kSmbPort;
  std::string share;
  std::vector<std::string> folders;  ///< below the share; empty: the share itself

  /// `//server/share`, with the port unless it is 445: for people.
  std::string share_text() const;
  /// `\\server\share\folder`, as Windows clients name it; they know no ports.
  std::string unc() const;
  /// `smb://server/share/folder`, host and share in lower case (so are the folders: Windows does
  /// not tell them apart): one text for all spellings of one folder.
  std::string canonical() const;
};

/// Whether it begins with `smb:`, as a place on a server does where a folder of this machine might
/// stand too.
bool is_smb_place(std::string_view text);

/// Reads `smb://server/share/folder`, `smb://server:1445/share` or the same without `smb:`.
/// Refused with the reason: a user or password in it, no share, a name that no Windows file may
/// have, `..`, and what smbclient's command line could take apart (quotes, `;`, control
/// characters).
Result<SmbPlace> parse_smb_place(std::string_view text);

/// Why a name of a file, folder or share is not handed to smbclient; empty when it may be.
std::string_view smb_name_fault(std::string_view name);

}  // namespace sitewide
