// Manifests: what is accepted is written and read again as the same.

#include "adapters/sms/manifest.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

template <class Decode>
void check_round_trip(std::string_view text, Decode decode) {
  const auto read = decode(text);
  if (!read) {
    holds(!read.error().message.empty(), "a refusal says why", text);
    return;
  }
  const std::string written = sms::encode(*read);
  const auto again = decode(written);
  holds(again.has_value(), "what is written can be read", written);
  holds(sms::encode(*again) == written, "and is written as it was", written);
}

}  // namespace

void manifest(std::string_view input) {
  check_round_trip(input, sms::decode_site_manifest);
  check_round_trip(input, sms::decode_client_manifest);
  check_round_trip(input, sms::decode_force_record);
  check_round_trip(input, sms::decode_settings_record);
}

}  // namespace sitewide::fuzz
