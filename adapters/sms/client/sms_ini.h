// SmsIni: the text of an INI file (Sms.ini, Domain.ini) read as Windows reads it, and edited with
// as few bytes changed as possible, because Client Setup and people keep things in it that Sitewide
// knows nothing of (Q279752, Q168724).
//
// Sections and keys are case-blind; the first section of a name and the first key in it win, as
// GetPrivateProfileString has it. Order, comments, unknown lines, blank lines and each line's own
// ending stay. Any bytes are accepted. Pure; a value; const calls from any thread. No file is
// touched here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sitewide::sms {

class SmsIni {
 public:
  SmsIni() = default;
  explicit SmsIni(std::string text) : text_(std::move(text)) {}

  /// The value without surrounding blanks and one pair of quotes; empty for `Key=`; nothing when
  /// section or key is missing.
  std::optional<std::string> value(std::string_view section, std::string_view key) const;
  /// As value(), with an empty string for a missing key.
  std::string value_or_empty(std::string_view section, std::string_view key) const;

  /// Makes value(section, key) equal `value`; a missing key is added at the end of its section, a
  /// missing section at the end of the file. False, and nothing changed, when no INI file can hold
  /// it (line breaks, surrounding blanks …).
  [[nodiscard]] bool set(std::string_view section, std::string_view key, std::string_view value);
  /// The value as it is written, quotes included; nothing when section or key is missing.
  std::optional<std::string> written(std::string_view section, std::string_view key) const;
  /// As set(), with a value that written() gave.
  [[nodiscard]] bool set_written(std::string_view section, std::string_view key,
                                 std::string_view value);
  bool has_section(std::string_view section) const;
  /// Takes the key's first line out; false when there is none.
  bool erase(std::string_view section, std::string_view key);
  /// Takes the section's own line out when nothing but blank lines follows in it.
  void erase_empty_section(std::string_view section);

  /// The whole file as it now is.
  const std::string& text() const { return text_; }

 private:
  bool put(std::string_view section, std::string_view key, std::string_view value);

  std::string text_;
};

}  // namespace sitewide::sms
