// Signatures in texts: what programs printed, and logs of client and site. Each takes any bytes and
// answers with words for a person (signatures.h), escaped and bounded, or nothing. Pure; any
// thread; time is linear in the length of the text.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/sms/maintenance_manager.h"

namespace sitewide::sms {

/// This much of a log's end is looked at for signatures.
inline constexpr std::size_t kLogTail = std::size_t{64} << 10;

/// Calls `see` with each line, without its end.
void for_each_line(std::string_view text, const std::function<void(std::string_view)>& see);
/// Whether `part` (lower case) stands in `text`, whatever the case there.
bool mentions(std::string_view text, std::string_view part);
/// The number behind `word` (`error 53`, `Error: 259`, `event 237`); nothing when there is none.
std::optional<unsigned> number_after(std::string_view line, std::string_view word);

/// What Upgrade.bat printed, or Client Setup's log since it last began: another operating system
/// (F17, Q171329), Smsrun not found (F18, Q174952), Sms.ini that cannot be written (F20, Q161216),
/// errors 529 and 259 and the UID file that cannot be taken (F25).
std::string setup_signature(std::string_view text);

/// Why a configuration request of this machine, or of this SMS Unique ID, was not carried out
/// (F06): lines of Clicfg.log that name one of them (Q168518).
std::string request_signature(std::string_view clicfg_log, std::string_view machine,
                              std::string_view id);

/// The words of F06 for the error code of a request: 5 is access denied, 53 a name that is not
/// found (Q168518).
std::string request_error_words(unsigned error);

/// Invproc.log: records of a length that this version does not know (F09, Q169038).
std::string inventory_signature(std::string_view invproc_log);

/// Scman.log: an event of a component copy that failed, at most a day before the log's last line
/// (F16, Q122179).
std::string component_signature(std::string_view scman_log);

/// Pcmwin.log: how Package Command Manager last failed to get to work, if it has connected to no
/// logon server since (F31; Q188578, Q231378).
std::string package_agent_signature(std::string_view pcmwin_log);

/// What is told of such a script; `place` is the server that has it, or `the site` (F05).
std::string script_words(std::string_view script, std::string_view place);
/// Whether a command of a script calls Client Setup with /f, so that it verifies at every log-on
/// (F05, Q270697).
bool forces_verification(std::string_view script);

}  // namespace sitewide::sms
