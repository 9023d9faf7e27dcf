#include "adapters/sms/client/configuration_request.h"

#include <algorithm>

#include "adapters/sms/log_signatures.h"
#include "adapters/sms/signatures.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

/// From so many on, a request waits for others rather than for a fault.
constexpr std::size_t kBacklog = 50;
constexpr std::size_t kMostRequestBytes = std::size_t{64} << 10;
constexpr std::size_t kMostNameBytes = 64;

/// `8 characters: 3 of the site and 5 more` (S3D48); nothing for an ID that no file can be named
/// after.
std::optional<std::string> sms_id(const SmsIni& ini) {
  std::string id = ini.value_or_empty("SMS", "SMS Unique ID");
  const auto is_letter_or_digit = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  if (id.empty() || id.size() > 8 || !std::ranges::all_of(id, is_letter_or_digit))
    return std::nullopt;
  return id;
}

bool is_request(std::string_view name) {
  return name.size() > 4 && equals_ignoring_case(name.substr(name.size() - 4), ".ccr");
}

std::string backlog_clue(Files& share) {
  const auto names = share.list("Ccr.box");
  if (!names) return {};
  const auto waiting = std::ranges::count_if(*names, is_request);
  if (static_cast<std::size_t>(waiting) < kBacklog) return {};
  return told(Failure::request_backlog,
              std::to_string(kBacklog) + " configuration requests or more wait with it");
}

/// Clicfg.log lies with each server's own logs; only the site server's is within reach.
std::string site_log_clue(const Work& work, const ClientState& client) {
  if (!work.site_files) return {};
  const auto log = work.site_files->tail("Logs/Clicfg.log", kLogTail);
  if (!log || !*log) return {};
  return request_signature(**log, client.ini.value_or_empty("Local", "MachineName"),
                           client.ini.value_or_empty("SMS", "SMS Unique ID"));
}

}  // namespace

OpenRequest open_request(const Work& work, const ClientState& client, std::size_t own_server) {
  const std::string os = client.os.empty() ? work.operation.client.os : client.os;
  if (!equals_ignoring_case(os, "nt")) return {};
  const auto id = sms_id(client.ini);
  if (!id) {
    return {"Sms.ini has no usable SMS Unique ID to look for a configuration request by", 0, {}};
  }
  for (std::size_t i = 0; i < work.shares.size(); ++i) {
    const Share& share = work.shares[i];
    const std::string fresh_path = "Ccr.box/" + *id + ".CCR";
    const std::string retry_path = "Ccr.box/Retry/" + *id + ".CCR";
    const auto fresh = share.files->modified(fresh_path);
    const auto retry = share.files->modified(retry_path);
    if ((!fresh || !retry) && i == own_server) {
      return {"configuration requests on " + share.server + " cannot be looked at", i, {}};
    }
    const std::string words = "configuration request pending on " + share.server;
    if (retry && *retry) return {words + ", to be retried", i, retry_path, true};
    if (fresh && *fresh) return {words, i, fresh_path, false};
  }
  return {};
}

std::string request_clue(const Work& work, const ClientState& client, const OpenRequest& request) {
  if (request.path.empty()) return {};
  Files& share = *work.shares[request.share].files;
  std::string clue;
  const auto text = share.read(request.path, kMostRequestBytes);
  if (text && *text) {
    clue = request_text_clue(**text, client.ini.value_or_empty("Local", "MachineName"),
                             request.retried);
  }
  if (clue.empty() && request.retried) {
    clue = site_log_clue(work, client);
    if (clue.empty()) clue = told(Failure::request_failed);
  }
  return clue.empty() ? backlog_clue(share) : clue;
}

std::string request_text_clue(std::string_view text, std::string_view machine, bool retried) {
  const SmsIni request{std::string(text)};
  const std::string asks =
      request.value_or_empty("NT Client Configuration Request", "Machine Name");
  if (!asks.empty() && !machine.empty() && !equals_ignoring_case(asks, machine)) {
    return told(Failure::cloned_id, "the request is one of " + escaped(asks, kMostNameBytes) +
                                        ", which has the same SMS Unique ID");
  }
  if (!retried) return {};
  const auto error = number_after(
      "error " + request.value_or_empty("Request Processing", "Last Error Code"), "error");
  return error && *error != 0 ? request_error_words(*error) : std::string();
}

}  // namespace sitewide::sms
