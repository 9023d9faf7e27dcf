// What smbclient prints, taken apart. It is foreign text: names come from the server. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/core/time.h"

namespace sitewide {

/// A line of `ls`.
struct SmbEntry {
  std::string name;  ///< as the server writes it; may hold anything but a line end
  bool is_folder = false;
  bool is_link = false;  ///< a reparse point: a junction, a link, a file kept elsewhere
  bool hidden = false, system = false, read_only = false;
  std::uint64_t size = 0;
  Timestamp modified{};  ///< whole seconds; smbclient runs in UTC
};

/// The lines of `ls`, `.` and `..` too. A line that is none is an error.
Result<std::vector<SmbEntry>> parse_smb_listing(std::string_view answer);

/// The first `NT_STATUS_…` that the answer complains of; empty when there is none. Lines of a
/// listing and what `get` and `put` say of their progress hold names and are passed over.
/// The view is into the answer.
std::string_view smb_status_in(std::string_view answer);

/// How far a connection came before it failed.
enum class SmbStage : std::uint8_t { connecting, working };

/// What a status means, as an Error that says `what` was tried: of kind unreachable when the server
/// does not answer, refused when trying again is in vain or harmful (a wrong password locks
/// accounts), io for the rest (disk full, in use, no access to a file).
Error smb_error(std::string_view status, const std::string& what, SmbStage stage);

/// True for a status that says no to a user's password, or to the account for now: one more try may
/// lock it.
bool is_smb_login_refusal(std::string_view status);
/// True for a status that says: there is no such file or folder.
bool is_smb_absence(std::string_view status);
/// True when the connection is gone: nothing more can be asked over it.
bool is_smb_disconnect(std::string_view status);

}  // namespace sitewide
