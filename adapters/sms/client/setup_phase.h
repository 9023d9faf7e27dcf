// SetupPhase: what `[Local] SetupPhase` of a client's Sms.ini says about Client Setup (SMS 1.2
// Resource Guide, S3D48; Q166771, Q125978, Q153303). Pure; any thread.
#pragma once

#include <string_view>

namespace sitewide::sms {

enum class SetupPhase {
  none,       ///< the key is absent or empty
  installed,  ///< nothing to do; also the state before anything was asked for, so it proves nothing
              ///< alone
  upgrade,    ///< Upgrade.bat or `cli_x /u` has asked for an upgrade (Q125978)
  verify_files,  ///< a new copy list was seen; files are compared at the next start (Q166771)
  component_deinstall,  ///< one component is on its way out
  deinstall,            ///< the client is on its way out of SMS (Q153303)
  other,                ///< a word that no article lists
};

/// Reads the value case-blind with the spellings that the articles use: `verify_files` and
/// `verifying_files` (both in Q166771), `deinstall` (Q125978) and `deinstal` (Q153303).
SetupPhase setup_phase_from(std::string_view value);

/// True while Client Setup still has files to bring at the next log-on or start: upgrade and
/// verify_files.
bool is_flagged(SetupPhase phase);

/// True when the client has left SMS or is leaving it: it is not retried (Q154752).
bool is_removed(SetupPhase phase);

}  // namespace sitewide::sms
