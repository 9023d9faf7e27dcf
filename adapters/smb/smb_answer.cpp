#include "adapters/smb/smb_answer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

// `  NAME, padded to 30   ATTRIBS   SIZE  Thu Nov 26 22:29:30 2026`: the columns are counted from
// the right, for a name holds what it likes.
constexpr std::size_t kDate = 24;
constexpr std::size_t kAttributes = 7;
constexpr std::size_t kNameWidth = 30;
constexpr std::size_t kSizeWidth = 8;
constexpr std::string_view kStatus = "NT_STATUS_";
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// `Thu Jan  2 03:04:05 2020`, UTC.
std::optional<Timestamp> parse_date(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != kDate || text[13] != ':' || text[16] != ':') return std::nullopt;
  const std::size_t month = kMonths.find(text.substr(4, 3));
  const auto day = number_in<unsigned>(trim(text.substr(8, 2)));
  const auto hour = number_in<unsigned>(text.substr(11, 2));
  const auto minute = number_in<unsigned>(text.substr(14, 2));
  const auto second = number_in<unsigned>(text.substr(17, 2));
  const auto year_number = number_in<unsigned>(text.substr(20, 4));
  if (month == std::string_view::npos || month % 3 != 0 || !day || !hour || !minute || !second ||
      !year_number || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  const year_month_day date{year(static_cast<int>(*year_number)),
                            std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                            std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  const auto days = sys_days(date).time_since_epoch();
  return Timestamp(
      duration_cast<Duration>(days + hours(*hour) + minutes(*minute) + seconds(*second)));
}

std::optional<SmbEntry> parse_line(std::string_view line) {
  constexpr std::size_t kShortest = 2 + kNameWidth + kAttributes + 1 + kSizeWidth + 2 + kDate;
  if (line.size() < kShortest || !line.starts_with("  ")) return std::nullopt;
  const auto modified = parse_date(line.substr(line.size() - kDate));
  std::string_view rest = line.substr(0, line.size() - kDate);
  if (!modified || !rest.ends_with("  ")) return std::nullopt;
  rest.remove_suffix(2);
  std::size_t digits = 0;
  while (digits < rest.size() && is_digit(rest[rest.size() - 1 - digits])) ++digits;
  const auto size = number_in<std::uint64_t>(rest.substr(rest.size() - digits));
  const std::size_t column = std::max(digits, kSizeWidth) + 1;
  if (!size || rest.size() < 2 + kNameWidth + kAttributes + column) return std::nullopt;
  rest.remove_suffix(column);
  const std::string_view attributes = rest.substr(rest.size() - kAttributes);
  std::string_view name = rest.substr(2, rest.size() - 2 - kAttributes);
  // A longer name is not padded, so blanks at its end are its own.
  if (name.size() == kNameWidth) name = name.substr(0, name.find_last_not_of(' ') + 1);
  if (name.empty()) return std::nullopt;
  const auto has = [attributes](char letter) {
    return attributes.find(letter) != std::string_view::npos;
  };
  SmbEntry entry;
  entry.name = name;
  entry.is_folder = has('D');
  entry.is_link = has('r');
  entry.hidden = has('H');
  entry.system = has('S');
  entry.read_only = has('R');
  entry.size = *size;
  entry.modified = *modified;
  return entry;
}

bool holds_names(std::string_view line) {
  return line.starts_with("  ") || line.starts_with("putting file ") ||
         line.starts_with("getting file ");
}

struct Meaning {
  std::string_view status;
  ErrorKind kind;
  std::string_view words;
};

constexpr ErrorKind kAway = ErrorKind::unreachable;
constexpr ErrorKind kDenied = ErrorKind::denied;
constexpr ErrorKind kNever = ErrorKind::refused;
constexpr ErrorKind kIo = ErrorKind::io;

constexpr Meaning kOfConnecting[] = {
    // smbclient has no better word for a name that no name server knows.
    {"NT_STATUS_UNSUCCESSFUL", kAway, "no such host"},
    {"NT_STATUS_NOT_FOUND", kAway, "no such host"},
    {"NT_STATUS_ACCESS_DENIED", kDenied, "the server denies access to this user"},
    {"NT_STATUS_BAD_NETWORK_NAME", kDenied, "the server has no such share"},
    {"NT_STATUS_OBJECT_NAME_NOT_FOUND", kDenied, "the server has no such share"},
};

constexpr Meaning kMeanings[] = {
    {"NT_STATUS_CONNECTION_REFUSED", kAway, "connection refused"},
    {"NT_STATUS_IO_TIMEOUT", kAway, "timed out"},
    {"NT_STATUS_HOST_UNREACHABLE", kAway, "no way to the host"},
    {"NT_STATUS_NETWORK_UNREACHABLE", kAway, "no way to the host"},
    {"NT_STATUS_CONNECTION_DISCONNECTED", kAway, "the connection broke off"},
    {"NT_STATUS_CONNECTION_RESET", kAway, "the connection broke off"},
    {"NT_STATUS_CONNECTION_ABORTED", kAway, "the connection broke off"},
    {"NT_STATUS_CONNECTION_INVALID", kAway, "the connection broke off"},
    {"NT_STATUS_LOCAL_DISCONNECT", kAway, "the connection broke off"},
    {"NT_STATUS_REMOTE_DISCONNECT", kAway, "the connection broke off"},
    {"NT_STATUS_PIPE_BROKEN", kAway, "the connection broke off"},
    {"NT_STATUS_NETWORK_NAME_DELETED", kAway, "the share is no longer served"},
    {"NT_STATUS_USER_SESSION_DELETED", kAway, "the server ended the session"},
    {"NT_STATUS_NETWORK_SESSION_EXPIRED", kAway, "the server ended the session"},
    {"NT_STATUS_REQUEST_NOT_ACCEPTED", kAway, "the server takes no more connections"},
    {"NT_STATUS_LOGON_FAILURE", kDenied, "wrong user or password"},
    {"NT_STATUS_WRONG_PASSWORD", kDenied, "wrong user or password"},
    {"NT_STATUS_NO_SUCH_USER", kDenied, "wrong user or password"},
    {"NT_STATUS_ACCOUNT_DISABLED", kDenied, "the account is disabled"},
    {"NT_STATUS_ACCOUNT_LOCKED_OUT", kDenied, "the account is locked out"},
    {"NT_STATUS_ACCOUNT_RESTRICTION", kDenied, "the account may not log in so"},
    {"NT_STATUS_ACCOUNT_EXPIRED", kDenied, "the account has expired"},
    {"NT_STATUS_PASSWORD_EXPIRED", kDenied, "the password has expired"},
    {"NT_STATUS_PASSWORD_MUST_CHANGE", kDenied, "the password must be changed first"},
    {"NT_STATUS_LOGON_TYPE_NOT_GRANTED", kDenied, "the account may not log in over the network"},
    {"NT_STATUS_NO_LOGON_SERVERS", kAway, "the server finds no domain controller"},
    {"NT_STATUS_ACCESS_DENIED", kIo,
     "access denied: read-only for this user, or held by a "
     "program"},
    {"NT_STATUS_MEDIA_WRITE_PROTECTED", kIo, "the share is read-only"},
    {"NT_STATUS_DISK_FULL", kIo, "the disk is full"},
    {"NT_STATUS_QUOTA_EXCEEDED", kIo, "the disk quota is used up"},
    {"NT_STATUS_SHARING_VIOLATION", kIo, "in use by another program"},
    {"NT_STATUS_FILE_LOCK_CONFLICT", kIo, "in use by another program"},
    {"NT_STATUS_USER_MAPPED_FILE", kIo, "in use by another program"},
    {"NT_STATUS_OBJECT_NAME_COLLISION", kNever, "is there already: made by someone else"},
    {"NT_STATUS_STOPPED_ON_SYMLINK", kNever, "is a link, which is not followed"},
    {"NT_STATUS_FILE_IS_A_DIRECTORY", kNever, "is a folder"},
    {"NT_STATUS_NOT_A_DIRECTORY", kNever, "is not a folder"},
};

template <std::size_t N>
const Meaning* meaning_of(const Meaning (&table)[N], std::string_view status) {
  const auto* found = std::ranges::find(table, status, &Meaning::status);
  return found == std::end(table) ? nullptr : found;
}

}  // namespace

Result<std::vector<SmbEntry>> parse_smb_listing(std::string_view answer) {
  std::vector<SmbEntry> entries;
  for (const std::string_view line : split(answer, '\n')) {
    // After the last entry: an empty line and what the disk has left, behind two tabs.
    if (line.empty() || line.starts_with("\t\t")) continue;
    auto entry = parse_line(line);
    if (!entry)
      return Error{ErrorKind::io, "smbclient lists what is no file: " + escaped(line, 120)};
    entries.push_back(std::move(*entry));
  }
  return entries;
}

std::string_view smb_status_in(std::string_view answer) {
  for (const std::string_view line : split(answer, '\n')) {
    const std::size_t start = line.find(kStatus);
    if (start == std::string_view::npos || holds_names(line)) continue;
    const auto* const end =
        std::find_if_not(line.begin() + static_cast<std::ptrdiff_t>(start), line.end(),
                         [](char c) { return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_'; });
    return {line.data() + start, static_cast<std::size_t>(end - (line.data() + start))};
  }
  return {};
}

Error smb_error(std::string_view status, const std::string& what, SmbStage stage) {
  const Meaning* meaning = nullptr;
  if (stage == SmbStage::connecting) meaning = meaning_of(kOfConnecting, status);
  if (meaning == nullptr) meaning = meaning_of(kMeanings, status);
  const std::string shown = escaped(status, 60);
  if (meaning == nullptr) {
    const ErrorKind kind = stage == SmbStage::connecting ? kAway : kIo;
    return {kind, what + ": " + shown};
  }
  return {meaning->kind, what + ": " + std::string(meaning->words) + " (" + shown + ")"};
}

bool is_smb_login_refusal(std::string_view status) {
  constexpr std::array kRefusals{"NT_STATUS_LOGON_FAILURE",      "NT_STATUS_WRONG_PASSWORD",
                                 "NT_STATUS_NO_SUCH_USER",       "NT_STATUS_ACCOUNT_DISABLED",
                                 "NT_STATUS_ACCOUNT_LOCKED_OUT", "NT_STATUS_ACCOUNT_EXPIRED",
                                 "NT_STATUS_PASSWORD_EXPIRED",   "NT_STATUS_PASSWORD_MUST_CHANGE"};
  return std::ranges::find(kRefusals, status) != kRefusals.end();
}

bool is_smb_absence(std::string_view status) {
  return status == "NT_STATUS_NO_SUCH_FILE" || status == "NT_STATUS_OBJECT_NAME_NOT_FOUND" ||
         status == "NT_STATUS_OBJECT_PATH_NOT_FOUND";
}

bool is_smb_disconnect(std::string_view status) {
  const Meaning* meaning = meaning_of(kMeanings, status);
  return meaning != nullptr && meaning->kind == kAway;
}

}  // namespace sitewide
