// What smbclient prints, with names that a server chose: a listing that is taken is the same when
// it is printed again, and what is said of any answer is safe to show.
#include <cstdio>
#include <string>

#include "adapters/smb/smb_answer.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

// As smbclient's own format string has it: "  %-30s%7.7s %8.0f  %s".
std::string printed(const SmbEntry& entry) {
  std::string attributes;
  if (entry.is_folder) attributes += 'D';
  if (entry.hidden) attributes += 'H';
  if (entry.system) attributes += 'S';
  if (entry.read_only) attributes += 'R';
  if (entry.is_link) attributes += 'r';
  using namespace std::chrono;
  const auto day = floor<days>(entry.modified);
  const year_month_day date(day);
  const hh_mm_ss<seconds> time(floor<seconds>(entry.modified - day));
  static constexpr const char* kMonth[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::string padded = entry.name;
  if (padded.size() < 30) padded.resize(30, ' ');
  char rest[96];
  std::snprintf(rest, sizeof rest, "%7s %8llu  Mon %s %2u %02d:%02d:%02d %04d", attributes.c_str(),
                static_cast<unsigned long long>(entry.size),
                kMonth[static_cast<unsigned>(date.month()) - 1], static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(date.year()));
  return "  " + padded + rest + "\n";
}

}  // namespace

void smb_answer(std::string_view input) {
  const std::string_view status = smb_status_in(input);
  holds(status.empty() || status.starts_with("NT_STATUS_"), "a status is one", status);
  for (const SmbStage stage : {SmbStage::connecting, SmbStage::working})
    holds_safe(smb_error(status, "it", stage).message);
  const auto entries = parse_smb_listing(input);
  if (!entries) return holds_safe(entries.error().message);
  std::string again;
  for (const SmbEntry& entry : *entries) {
    holds(!entry.name.empty() && entry.name.find('\n') == std::string::npos, "a name is of a line",
          input);
    again += printed(entry);
  }
  const auto second = parse_smb_listing(again);
  holds(second && second->size() == entries->size(), "a listing is read as it is printed", again);
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const SmbEntry& one = (*entries)[i];
    const SmbEntry& other = (*second)[i];
    holds(one.name == other.name && one.size == other.size && one.modified == other.modified &&
              one.is_folder == other.is_folder && one.is_link == other.is_link,
          "each entry is read as it is printed", again);
  }
}

}  // namespace sitewide::fuzz
