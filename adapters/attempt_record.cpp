#include "adapters/attempt_record.h"

#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "adapters/attempt_script.h"
#include "adapters/run_words.h"
#include "orchestrator/base/digest.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kLongestKey = 200;

// One path segment, however long the names in the key are.
std::string segment_of(const std::string& key) {
  if (key.size() <= kLongestKey) return key;
  return key.substr(0, kLongestKey - 65) + "-" + sha256(key).hex();
}

std::string this_machine() {
  if (::geteuid() == 0) return "/var/lib/sitewide/attempts";
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  if (state != nullptr && *state == '/') return std::string(state) + "/sitewide/attempts";
  return std::string(home != nullptr ? home : "/tmp") + "/.local/state/sitewide/attempts";
}

}  // namespace

Result<std::string> records_folder(const Operation& operation) {
  if (!operation.transport.records.empty()) {
    return substitute(operation.transport.records, operation.values);
  }
  if (operation.transport.type != "local") return std::string();
  const std::string& root = operation.client.root;
  return root.empty() ? this_machine() : root + "/.sitewide";
}

Argv recorded(const std::string& records, const std::string& key, Argv argv) {
  Argv whole{"/bin/sh",          "-c",    std::string(kAttemptCommon) + kAttemptRun,
             "sitewide-attempt", records, segment_of(key)};
  for (std::string& element : argv) whole.push_back(std::move(element));
  return whole;
}

boost::asio::awaitable<AttemptRecord> read_or_bury(ClientTransport& transport,
                                                   const Operation& operation,
                                                   std::chrono::milliseconds timeout) {
  AttemptRecord unknown;
  const auto records = records_folder(operation);
  if (!records) {
    unknown.reason = records.error().message;
    co_return unknown;
  }
  RunRequest request;
  request.argv = {"/bin/sh",          "-c",     std::string(kAttemptCommon) + kAttemptLook,
                  "sitewide-attempt", *records, segment_of(operation.key)};
  request.timeout = timeout;
  const RunResult result = co_await transport.run(operation, std::move(request));
  if (result.kind == RunResult::Kind::exited && result.exit_code == 0) {
    const auto record = parse_record(last_line(result.output));
    if (record) co_return *record;
    unknown.reason = "the attempt record cannot be understood: " + last_line(result.output);
    co_return unknown;
  }
  unknown.unreachable = result.kind == RunResult::Kind::unreachable ||
                        result.kind == RunResult::Kind::denied ||
                        result.kind == RunResult::Kind::lost;
  unknown.reason = "the attempt record cannot be read: " + run_words(result);
  co_return unknown;
}

}  // namespace sitewide
