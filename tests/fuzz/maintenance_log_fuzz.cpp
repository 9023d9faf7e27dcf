// Maintman.log and other logs: what is said of it is short and safe to show, whatever stands in it.
#include "adapters/sms/client/configuration_request.h"
#include "adapters/sms/log_signatures.h"
#include "adapters/sms/maintenance_manager.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {

void maintenance_log(std::string_view input) {
  const sms::MaintenanceReport report = sms::read_maintenance_log(input);
  for (const std::string* text : {&report.last_server, &report.trouble}) {
    holds_safe(*text);
    holds(text->size() <= 400, "what is said of a log is short", *text);
  }
  bool any = false;
  for (Input lines(input); !lines.at_end();) {
    if (sms::parse_server_log_line(lines.line())) any = true;
  }
  holds(any == report.last_line.has_value(), "a log with a line has a last one", input);
  const std::string said[] = {sms::setup_signature(input),
                              sms::component_signature(input),
                              sms::inventory_signature(input),
                              sms::package_agent_signature(input),
                              sms::request_signature(input, "PC001", "HQ000001"),
                              sms::request_text_clue(input, "PC001", true)};
  for (const std::string& text : said) {
    holds_safe(text);
    holds(text.size() <= 400, "what is said of a log is short", text);
  }
  if (!any) holds(report.last_server.empty() && report.trouble.empty(), "else nothing is said", {});
}

}  // namespace sitewide::fuzz
