// Signatures on a client and its logon server, looked for while it converges and when its trigger
// failed. A look costs some small reads: converge asks again only when it found something else than
// before, after an hour, and at the deadline. Blocks; pool only. What cannot be read says nothing.
#pragma once

#include <string>
#include <string_view>

#include "adapters/sms/client/state.h"
#include "adapters/sms/work.h"

namespace sitewide::sms {

/// What the client and its logon server show, the most telling first, two at most: Client Setup's
/// log since `since` (F17, F18, F20, F25), `Smsid` (F25, Q269774), and the keys and folders that
/// the functions below look at. Empty: nothing.
std::string client_clue(const Work& work, const ClientState& client, Timestamp since);

/// The keys that Q279752 tells of, where they are there and blank (F21).
std::string blank_keys(const SmsIni& ini);
/// LastLogonServerPath names a server that is none of the site's in the plan (F30, Q140145).
std::string foreign_logon_server(const SmsIni& ini, const Site& site);
/// Sms.ini and Domain.ini name unlike network types (F19, Q157832).
std::string network_gap(const SmsIni& sms_ini, const SmsIni& domain_ini);
/// Smsrun stands twice in the load line of Win.ini (F24, Q230660).
std::string smsrun_twice(const SmsIni& win_ini);
/// Settings that stood in the Sms.ini of before and do not now, or have another value (F22;
/// Q200085, Q173538).
std::string lost_settings(const SmsIni& before, const SmsIni& now);

/// `FilesNotDownloaded` for a person: that the client's logon server lacks the first file (F04,
/// Q168598), or has it (F08, Q168518). Without a logon server to look at, the names alone.
std::string download_words(const Work& work, const ClientState& client, std::string_view files);

}  // namespace sitewide::sms
