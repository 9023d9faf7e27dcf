#include "plans/catalogue_plan.h"

#include <algorithm>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

template <class Kind>
bool has(const CatalogueEntry& entry, Kind kind) {
  return std::any_of(entry.parts.site.begin(), entry.parts.site.end(),
                     [&](const SitePart& part) { return part.kind == kind; });
}

std::string hotfix(const CatalogueEntry& entry) {
  std::string text = "hotfix:\n  id: " + entry.article + "\n  catalogue: " + entry.article + "\n";
  const bool supplied = std::any_of(entry.files.begin(), entry.files.end(),
                                    [](const FileFacts& facts) { return !facts.optional; });
  if (supplied || !entry.tools.empty()) {
    text += "  payload: payload               # holds PLATFORM/NAME of each file\n";
  }
  return text;
}

std::string site(const CatalogueEntry& entry) {
  std::string text =
      "sites:\n"
      "  HQ:\n"
      "    root: hq/SMS                   # the site server's SMS folder, mounted here\n"
      "    logon_servers: {LOGON1: logon1}  # what \\\\LOGON1\\SMS_SHR shows\n";
  if (!entry.needs.service_packs.empty()) {
    text += "    service_pack: " + std::to_string(entry.needs.service_packs.back()) + "\n";
  }
  if (!entry.needs.fixes.empty()) text += "    fixes: [" + join(entry.needs.fixes, ", ") + "]\n";
  const auto editions = entry.editions();
  if (!editions.empty() || !entry.needs.language.empty()) {
    const bool fixed = editions.empty();
    text += "    language: \"" + (fixed ? entry.needs.language : editions.back()) + "\"";
    text += fixed ? "\n" : "           # or one of: " + join(editions, ", ") + "\n";
  }
  if (has(entry, SitePart::Kind::stop_service)) {
    text +=
        "    services:                      # programs of yours that reach the site server\n"
        "      query: [./service, query, \"{site.name}\", \"{service}\"]\n"
        "      stop: [./service, stop, \"{site.name}\", \"{service}\"]\n"
        "      start: [./service, start, \"{site.name}\", \"{service}\"]\n";
  }
  if (has(entry, SitePart::Kind::site_reset)) {
    text += "    site_reset: {run: [./reset-site, \"{site.name}\"]}\n";
  }
  return text;
}

std::string group(const CatalogueEntry& entry) {
  const bool each =
      std::find(entry.methods.begin(), entry.methods.end(), "upgrade_bat") != entry.methods.end();
  if (each) {
    return "groups:\n  - name: clients\n    select: site=HQ\n    method: upgrade_bat\n"
           "    waves: [1, 10%, rest]\n";
  }
  return "groups:\n  - name: clients\n    select: site=HQ\n    method: site_wide\n"
         "    reaches: site                  # every client of it\n";
}

}  // namespace

std::string catalogue_plan(const CatalogueEntry& entry) {
  std::string name = to_lower(entry.article);
  return "version: 1\nname: " + name + "\n" + hotfix(entry) + site(entry) +
         "inventory:\n"
         "  - file: clients.csv              # name,site,platform,os: pc1,HQ,x86,nt\n"
         "transports:\n"
         "  shop:\n"
         "    type: local\n"
         "    root: \"clients/{client.name}\"  # where the client's drive C lies\n"
         "    batch: [./run-batch, \"{client.root}\", \"{logon_server.share}\", \"{batch}\"]\n" +
         group(entry);
}

}  // namespace sitewide
