#include "adapters/sms/client/settings.h"

#include <charconv>
#include <utility>

#include "adapters/sms/client/steps.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

/// Client Setup may write Sms.ini while we edit it; then the edit is made anew on what it wrote.
constexpr int kEditTries = 3;
constexpr std::size_t kMostNameBytes = 160;

std::string record_name(const Work& work) { return "settings/" + work.operation.client.name; }

/// `0x1388` or `5000`.
std::optional<std::uint32_t> number_in(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  std::uint32_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, hex ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

bool is_same_value(std::string_view type, std::string_view a, std::string_view b) {
  if (!equals_ignoring_case(type, "REG_DWORD")) return a == b;
  const auto number = number_in(a);
  return number && number == number_in(b);
}

std::string_view without_quotes(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == value.back() &&
                      (value.front() == '"' || value.front() == '\'');
  return quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

SettingRecord ini_setting(const SmsIni& ini, const ClientPart& part) {
  const auto written = ini.written(part.section, part.key);
  return {written.has_value(), written.value_or(""), {}, ini.has_section(part.section)};
}

bool holds(const ClientPart& part, const SettingRecord& now) {
  if (!now.there) return false;
  switch (part.kind) {
    case ClientPart::Kind::set_ini:
      return without_quotes(now.value) == part.value;
    case ClientPart::Kind::set_registry:
      return equals_ignoring_case(now.type, part.type) &&
             is_same_value(part.type, now.value, part.value);
    case ClientPart::Kind::run:
      return true;
  }
  return false;
}

bool is_same(const ClientPart& part, const SettingRecord& a, const SettingRecord& b) {
  if (a.there != b.there) return false;
  if (!a.there || part.kind == ClientPart::Kind::run) return true;
  if (part.kind == ClientPart::Kind::set_ini) return a.value == b.value;
  return equals_ignoring_case(a.type, b.type) && is_same_value(a.type, a.value, b.value);
}

std::string name_of_part(const ClientPart& part) {
  std::string name = part.run.what;
  if (part.kind == ClientPart::Kind::set_ini) name = "[" + part.section + "] " + part.key;
  if (part.kind == ClientPart::Kind::set_registry) name = part.key + "\\" + part.name;
  return escaped(name, kMostNameBytes);
}

Result<SettingsRecord> keep_settings(const Work& work, const SettingsRecord& now) {
  const auto text = work.originals->put_manifest(record_name(work), encode(now));
  if (!text) return text.error();
  return decode_settings_record(*text);
}

Result<std::optional<SettingsRecord>> kept_settings(const Work& work) {
  const auto text = work.originals->manifest(record_name(work));
  if (!text) return text.error();
  if (!*text) return std::optional<SettingsRecord>();
  auto record = decode_settings_record(**text);
  if (!record) return record.error();
  if (record->parts.size() != work.operation.parts.client.size()) {
    return Error{ErrorKind::internal, "the record of settings is of other steps"};
  }
  return std::optional(std::move(*record));
}

Result<> set_ini_value(const Work& work, const ClientPart& part) {
  Error error;
  for (int i = 0; i < kEditTries; ++i) {
    const auto client = require_client(*work.files);
    if (!client) return client.error();
    SmsIni ini = client->ini;
    if (!ini.set(part.section, part.key, part.value)) {
      return Error{ErrorKind::refused, "Sms.ini cannot hold " + name_of_part(part)};
    }
    if (ini.text() == client->ini.text()) return {};
    const auto written =
        work.files->write(client->ini_path, client->ini_digest, ini.text(), std::nullopt);
    if (written) return {};
    error = written.error();
    if (error.kind != ErrorKind::refused) break;
  }
  return error;
}

Result<> put_ini_back(const Work& work, SmsIni& ini) {
  const auto kept = kept_settings(work);
  if (!kept) return kept.error();
  if (!*kept) return {};
  const auto& parts = work.operation.parts.client;
  for (std::size_t i = parts.size(); i-- > 0;) {
    const ClientPart& part = parts[i];
    if (part.kind != ClientPart::Kind::set_ini) continue;
    const SettingRecord& original = (*kept)->parts[i];
    const SettingRecord now = ini_setting(ini, part);
    if (is_same(part, now, original)) continue;
    // A key that Client Setup dropped meanwhile is put back like one that is ours (Q200085).
    if (now.there && !holds(part, now)) {
      return Error{ErrorKind::refused,
                   "needs hands: changed by someone else: " + name_of_part(part)};
    }
    bool good = true;
    if (original.there) {
      good = ini.set_written(part.section, part.key, original.value);
    } else {
      ini.erase(part.section, part.key);
      if (!original.section_there) ini.erase_empty_section(part.section);
    }
    if (!good) {
      return Error{ErrorKind::refused, "needs hands: Sms.ini cannot hold " + name_of_part(part)};
    }
  }
  return {};
}

}  // namespace sitewide::sms
