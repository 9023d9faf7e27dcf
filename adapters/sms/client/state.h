// ClientState: what a client's Sms.ini says (SMS 1.2 Resource Guide S3D48; Q228781), and where its
// folders lie below the drive C: that a transport reaches. Sms.ini is the authority on a client's
// state, and hostile input all the same: its paths are checked before they are used. Blocks where
// it takes Files: pool only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/files.h"
#include "adapters/sms/client/setup_phase.h"
#include "adapters/sms/client/sms_ini.h"

namespace sitewide::sms {

struct ClientState {
  std::string ini_path;  ///< `Sms.ini`, or below a Windows folder
  Digest ini_digest;
  SmsIni ini;
  SetupPhase phase = SetupPhase::none;
  std::string os;  ///< `nt`, `win95` … by `[SMS] OS`; empty when it says nothing known
  /// Placeholder → folder as Sms.ini writes it: `sms`, `sms_bin`, `sms_log`, `sms_data`, `windows`.
  std::map<std::string, std::string> folders;

  /// SetupPhase as it is written; nothing when there is no such key.
  std::optional<std::string> setup_phase() const { return ini.value("Local", "SetupPhase"); }
  /// SetupPhase for a person: `INSTALLED`, `empty`.
  std::string setup_phase_shown() const;
  std::string copy_list_version() const { return ini.value_or_empty("SMS", "CopyListVersion"); }
};

/// What a text that was read from `ini_path` says.
ClientState client_state_from(std::string ini_path, std::string text);

/// Looks for Sms.ini in the root, then in the Windows folders there (some installations keep it in
/// %windir%, Q139086). Nothing when there is none: not an SMS client.
Result<std::optional<ClientState>> read_client_state(Files& drive_c);

/// `C:\MS\SMS\BIN` as a path below drive C:, `MS/SMS/BIN`. Another drive, a share, `..` or a
/// control character is refused.
Result<std::string> path_below_drive_c(std::string_view windows_path);

/// A target of the plan such as `{sms_bin}/Pcmwin32.exe` as a path below drive C:. `values` holds
/// what placeholders besides the folders mean. A folder that Sms.ini does not name (yet: it may be
/// half written) is an io error; a path that leads away is refused.
Result<std::string> path_on_client(const ClientState& client, std::string_view target,
                                   const std::map<std::string, std::string>& values);

/// What a client says of itself, for an outcome's facts: `setup_phase`, `copy_list_version`,
/// `sms_bin`, `windows` …
std::map<std::string, std::string> facts_of(const ClientState& client);

}  // namespace sitewide::sms
