#include "orchestrator/cli/part_words.h"

#include "orchestrator/base/text.h"

namespace sitewide {

std::string words_of(const SitePart& part) {
  switch (part.kind) {
    case SitePart::Kind::stop_service:
      return "stop " + join(part.services, ", ");
    case SitePart::Kind::start_service:
      return "start " + join(part.services, ", ");
    case SitePart::Kind::rename:
      return "rename " + part.path + " to " + part.to;
    case SitePart::Kind::copy:
      return "copy the files";
    case SitePart::Kind::site_reset:
      return "reset the site";
    case SitePart::Kind::run:
      return "run " + part.run.what;
  }
  return {};
}

std::string words_of(const ClientPart& part) {
  switch (part.kind) {
    case ClientPart::Kind::set_ini:
      return "Sms.ini [" + part.section + "] " + part.key + "=" + part.value;
    case ClientPart::Kind::set_registry:
      return "registry " + part.key + " " + part.name + "=" + part.value + " (" + part.type + ")";
    case ClientPart::Kind::run:
      return "run " + part.run.what;
  }
  return {};
}

}  // namespace sitewide
