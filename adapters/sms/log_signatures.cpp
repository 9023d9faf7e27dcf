#include "adapters/sms/log_signatures.h"

#include <algorithm>
#include <array>
#include <vector>

#include "adapters/sms/signatures.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr std::size_t kMostShown = 100;
/// Q154936: a row of about 30 of them, one for each try to rename the UID file.
constexpr std::string_view kRowOfHashes = "####################";
constexpr unsigned kAccessDenied = 5;
constexpr unsigned kNameNotFound = 53;
constexpr Duration kRecent = std::chrono::hours(24);

bool is_digit(char c) { return c >= '0' && c <= '9'; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Where `part` (lower case) begins in `text`, whatever the case there.
std::size_t find_mention(std::string_view text, std::string_view part) {
  const auto found = std::search(text.begin(), text.end(), part.begin(), part.end(),
                                 [](char a, char b) { return lower(a) == b; });
  return found == text.end() ? std::string_view::npos
                             : static_cast<std::size_t>(found - text.begin());
}

std::string shown(std::string_view line) { return escaped(trim(line), kMostShown); }

std::string abort_signature(std::string_view line) {
  const auto error = number_after(line, "error");
  if (error == 529U) {
    return told(Failure::setup_aborted, "Client Setup stops with error 529", "Q158020",
                "take the old language files out of X86.bin of the logon server");
  }
  if (error == 259U) {
    return told(Failure::setup_aborted, "Client Setup stops with error 259", "Q149575",
                "put Winver.exe into the client's Windows folder");
  }
  const bool unique_id = line.find(kRowOfHashes) != std::string_view::npos ||
                         mentions(line, "unable to rename uid file") ||
                         mentions(line, "creating the unique id file");
  if (!unique_id) return {};
  return told(Failure::setup_aborted, "Client Setup cannot take the UID file of the logon server",
              "Q154936", "give Change rights on SMS_SHR and its folder Smsid");
}

std::string setup_signature_of_line(std::string_view line) {
  if (mentions(line, "a different os was detected")) return told(Failure::other_system);
  if (mentions(line, "smsrun") && mentions(line, "cannot find the file")) {
    return told(Failure::windows_moved, shown(line));
  }
  if (mentions(line, "sms.ini") && mentions(line, "problem opening or creating")) {
    return told(Failure::ini_locked, shown(line));
  }
  return abort_signature(line);
}

bool names_it(std::string_view line, std::string_view name) {
  return !name.empty() && find_mention(line, to_lower(name)) != std::string_view::npos;
}

/// The events of a component that could not be copied (Q122179; Resource Guide S3D43).
bool is_copy_failure(unsigned event) {
  constexpr std::array<unsigned, 13> kEvents{210, 216, 221, 222, 223, 224, 225,
                                             227, 233, 234, 235, 236, 248};
  return std::ranges::find(kEvents, event) != kEvents.end();
}

}  // namespace

void for_each_line(std::string_view text, const std::function<void(std::string_view)>& see) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    see(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

bool mentions(std::string_view text, std::string_view part) {
  return find_mention(text, part) != std::string_view::npos;
}

std::optional<unsigned> number_after(std::string_view line, std::string_view word) {
  for (std::size_t at = find_mention(line, word); at != std::string_view::npos;
       at = find_mention(line, word)) {
    line.remove_prefix(at + word.size());
    const std::size_t first = line.find_first_not_of(" \t:=#");
    if (first == std::string_view::npos) return std::nullopt;
    unsigned number = 0;
    std::size_t digits = 0;
    for (std::size_t i = first; i < line.size() && is_digit(line[i]) && digits < 6; ++i, ++digits) {
      number = number * 10 + static_cast<unsigned>(line[i] - '0');
    }
    if (first > 0 && digits > 0) return number;
  }
  return std::nullopt;
}

std::string setup_signature(std::string_view text) {
  std::string found;
  for_each_line(text, [&found](std::string_view line) {
    if (mentions(line, "starting execution") || mentions(line, "reading configuration"))
      found.clear();
    std::string signature = setup_signature_of_line(line);
    if (!signature.empty()) found = std::move(signature);
  });
  return found;
}

std::string request_signature(std::string_view clicfg_log, std::string_view machine,
                              std::string_view id) {
  std::string found;
  for_each_line(clicfg_log, [&](std::string_view line) {
    if (!names_it(line, machine) && !names_it(line, id)) return;
    if (mentions(line, "does not have administrative rights")) {
      found = told(Failure::request_failed, "the service account has no rights on the client");
    }
    const unsigned error = number_after(line, "error").value_or(0);
    const bool known = error == kAccessDenied || error == kNameNotFound;
    if (known) found = request_error_words(error);
  });
  return found;
}

std::string request_error_words(unsigned error) {
  const std::string evidence = "Client Configuration Manager met error " + std::to_string(error);
  const std::string_view article = "Q168518";
  if (error == kAccessDenied) {
    return told(Failure::request_failed, evidence + ", access denied", article,
                "give the service account administrative rights on the client and its Admin$, then "
                "move the .CCR from Retry to Ccr.box");
  }
  if (error == kNameNotFound) {
    return told(Failure::request_failed, evidence + ", its name was not found", article,
                "mend name resolution on the site server, then move the .CCR from Retry to "
                "Ccr.box");
  }
  return told(Failure::request_failed, evidence);
}

std::string inventory_signature(std::string_view invproc_log) {
  return mentions(invproc_log, "incorrect datalength") ? told(Failure::mixed_inventory)
                                                       : std::string();
}

std::string component_signature(std::string_view scman_log) {
  std::optional<LocalTime> last, failed_at;
  unsigned event = 0;
  for_each_line(scman_log, [&](std::string_view text) {
    const auto line = parse_server_log_line(text);
    if (!line) return;
    last = line->at;
    const auto number = number_after(line->text, "event");
    if (!number || !is_copy_failure(*number)) return;
    failed_at = line->at;
    event = *number;
  });
  if (!failed_at || *last - *failed_at > kRecent) return {};
  return told(Failure::component_copy, "Site Configuration Manager logged event " +
                                           std::to_string(event) +
                                           ", a component that was not copied");
}

std::string package_agent_signature(std::string_view pcmwin_log) {
  std::string found;
  for_each_line(pcmwin_log, [&found](std::string_view line) {
    if (mentions(line, "connected to logon server") || mentions(line, "packages after filter")) {
      found.clear();
    } else if (mentions(line, "failed to connect to sms logon server")) {
      found = told(Failure::package_agent, "Package Command Manager found no logon server and left",
                   "Q188578", "see to its logon server, then start it again");
    } else if (mentions(line, "waiting for the pcm service semaphore") ||
               mentions(line, "control of the semaphore from pcmsvc")) {
      found = told(Failure::package_agent, "Package Command Manager waits for its service",
                   "Q231378", "wait until PCMSVC has ended its job, or stop it");
    }
  });
  return found;
}

std::string script_words(std::string_view script, std::string_view place) {
  return told(Failure::endless_restarts,
              std::string(script) + " of " + std::string(place) + " verifies at every log-on (/f)");
}

bool forces_verification(std::string_view script) {
  bool found = false;
  for_each_line(script, [&found](std::string_view text) {
    const std::string line = to_lower(trim(text));
    if (line.starts_with("rem ") || line.starts_with("::")) return;
    const std::size_t call = line.find("cli_");
    if (call == std::string::npos) return;
    const std::size_t flag = line.find("/f", call);
    const bool whole = flag != std::string::npos &&
                       (flag + 2 == line.size() || line[flag + 2] == ' ' || line[flag + 2] == '/');
    found = found || whole;
  });
  return found;
}

}  // namespace sitewide::sms
