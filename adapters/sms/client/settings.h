// Settings of a client that `client_steps` change: what they are, what they were, and those of
// Sms.ini set and put back. Blocking where it takes a Work; pool only.
//
// Record in the store of originals: `settings/pc001`, made before the first change.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/sms/client/state.h"
#include "adapters/sms/manifest.h"
#include "adapters/sms/work.h"

namespace sitewide::sms {

/// What a `set_ini` part concerns, as Sms.ini now says.
SettingRecord ini_setting(const SmsIni& ini, const ClientPart& part);

/// Whether a part holds: the key or value is what it shall be; or its program has been run.
bool holds(const ClientPart& part, const SettingRecord& now);
/// Whether two records of one part say the same.
bool is_same(const ClientPart& part, const SettingRecord& a, const SettingRecord& b);
/// `[Local] SmsrunStartupDelay`, `HKLM\\Software\\…\\Viewers`, or what the program is for.
std::string name_of_part(const ClientPart& part);

/// Keeps `now` as the client's originals unless some are kept; gives what is kept.
Result<SettingsRecord> keep_settings(const Work& work, const SettingsRecord& now);
/// What was kept; nothing when nothing was ever changed.
Result<std::optional<SettingsRecord>> kept_settings(const Work& work);

/// Gives the key of a `set_ini` part its value, on whatever else Sms.ini says by then; only that
/// line changes (Q279752, Q168724).
Result<> set_ini_value(const Work& work, const ClientPart& part);

/// Puts all keys of `set_ini` parts back in `ini`: their old values, or their absence. Refused when
/// one is neither the old nor ours.
Result<> put_ini_back(const Work& work, SmsIni& ini);

}  // namespace sitewide::sms
