// Which logon server a client uses, and the placeholder values that follow from it (Q140145: a
// client knows at most eight; design: the one that its Sms.ini names if the plan has it, else a
// stable hash over the site's). Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "adapters/sms/client/state.h"
#include "orchestrator/core/operation.h"

namespace sitewide::sms {

/// The name in `\\S768AA0\SMS_SHR`, `\\S768AA0` or `S768AA0`; empty when there is none.
std::string server_in_path(std::string_view path);

/// The index, among the site's logon servers, of the client's own. The site must have at least one.
std::size_t logon_server_of(const Site& site, const SmsIni& ini, std::string_view client_name);

/// Every placeholder of design section 4 that a client step may use: the operation's own values,
/// `client.name`, `client.address`, `client.root`, the folders that Sms.ini names, and
/// `logon_server.name`, `logon_server.share`.
std::map<std::string, std::string> placeholder_values(const Operation& operation,
                                                      const ClientState& client,
                                                      const LogonServer& logon_server);

}  // namespace sitewide::sms
