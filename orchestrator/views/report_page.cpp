#include "orchestrator/views/report_page.h"

#include "orchestrator/base/digest.h"

namespace sitewide {
namespace {

// As a policy wants it.
std::string base64(const Digest& digest) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < digest.bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8U | (i + k < digest.bytes.size() ? digest.bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      const bool filled = i + k <= digest.bytes.size();
      text += filled ? kDigits[bits >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return text;
}

std::string allowed(std::string_view text) { return "'sha256-" + base64(sha256(text)) + "'"; }

}  // namespace

std::string report_policy() {
  return "default-src 'none'; style-src " + allowed(report_style()) + "; script-src " +
         allowed(report_script()) + "; img-src data:; base-uri 'none'; form-action 'none'";
}

std::string page_begin(std::string_view title) {
  std::string text =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
      report_policy() +
      "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      // An icon of its own, so that no browser asks a server for one.
      "<link rel=\"icon\" href=\"data:,\">\n<title>";
  text.append(title).append("</title>\n<style>").append(report_style());
  return text + "</style>\n</head>\n<body>\n";
}

std::string page_end(std::string_view data) {
  std::string text = "<script type=\"application/json\" id=\"data\">";
  text.append(data).append("</script>\n<script>").append(report_script());
  return text + "</script>\n</body>\n</html>\n";
}

}  // namespace sitewide
