#include <ctime>

#include "adapters/sms/client/pcm_log.h"
#include "adapters/sms/client/steps.h"
#include "adapters/sms/log_signatures.h"
#include "adapters/sms/signatures.h"

namespace sitewide::sms {
namespace {

/// Client logs are in the client's own local time, which nothing on the client names; the
/// controller's zone is taken for it.
LocalTime local_time(Timestamp at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  if (localtime_r(&seconds, &parts) == nullptr) return at;
  return at + std::chrono::seconds(parts.tm_gmtoff);
}

/// The stamps have whole seconds: a line of the very second of the proof is not provably later.
std::optional<LocalTime> proven_at(const Work& work) {
  const auto value = work.operation.values.find("proven_at");
  if (value == work.operation.values.end()) return std::nullopt;
  const auto at = parse_timestamp(value->second);
  if (!at) return std::nullopt;
  return local_time(*at);
}

}  // namespace

Result<Answer> pcm_health(const Work& work) {
  const auto client = require_client(*work.files);
  if (!client) return client.error();
  const auto path = path_on_client(*client, "{sms_log}/Pcmwin.log", work.operation.values);
  if (!path) return path.error();
  const auto text = work.files->read(*path, kMostLogBytes);
  if (!text) return text.error();
  if (!*text) return pending("no Pcmwin.log yet");
  const PcmVerdict verdict = judge_pcm_log(**text, proven_at(work), local_time(work.now));
  const std::string longest = describe_duration(verdict.longest);
  switch (verdict.kind) {
    case PcmVerdict::Kind::inconclusive: {
      const std::string why = package_agent_signature(**text);
      return pending("no look-up for instructions in Pcmwin.log since the client was proven" +
                     (why.empty() ? "" : "; " + why));
    }
    case PcmVerdict::Kind::slow:
      return failed(
          told(Failure::redirector,
               "Pcmwin32 stood still for " + longest + " after looking for its instruction file",
               "Q237690", "see that the hotfix runs, and restart the client"));
    case PcmVerdict::Kind::healthy:
      break;
  }
  return ok({{"look_ups", std::to_string(verdict.counted)}, {"longest", longest}});
}

}  // namespace sitewide::sms
