#include "plans/inventory.h"

#include <algorithm>
#include <array>
#include <set>

#include "orchestrator/base/text.h"
#include "plans/csv_source.h"
#include "plans/entry_list.h"
#include "plans/host_list.h"
#include "plans/intake.h"
#include "plans/nodeset.h"

namespace sitewide {
namespace {

constexpr std::size_t kProblemsOfAllSources = 2000;
constexpr std::size_t kOthersShown = 5;  // other servers of a directory, by name

void read_hosts(const InventorySource& source, Intake& intake) {
  const Intake::Fallbacks fallbacks = intake.fallbacks(source);
  for (const InventorySource::Hosts& hosts : source.hosts) {
    if (intake.has_enough()) return;
    const auto add = [&](const std::string& name) {
      if (intake.has_enough()) return;
      if (const auto client = intake.add(name, {}, hosts.place)) intake.fill(*client, fallbacks);
    };
    const auto expanded = expand_nodeset(hosts.pattern, add, intake.hosts_left);
    if (expanded) {
      intake.hosts_left -= *expanded;
    } else {
      intake.error(hosts.place, expanded.error().message,
                   "ranges look like pc[001-040].hq or [1-3,7]");
    }
  }
}

/// What somebody listed, as clients. Its place is that of the source in the plan.
void take_listing(const Listing& listing, const InventorySource& source, Intake& intake) {
  for (const std::string& note : listing.notes) intake.warning(source.place, note);
  for (const std::string& fault : listing.faults) intake.error(source.place, fault);
  const Intake::Fallbacks fallbacks = intake.fallbacks(source);
  std::vector<std::uint32_t> columns;
  for (const std::string& label : listing.labels) columns.push_back(intake.clients.column(label));
  for (const ListedClient& listed : listing.clients) {
    if (intake.has_enough()) return;
    const auto client = intake.add(listed.name, listed.address, source.place, listed.origin);
    if (!client) continue;
    for (const auto& [label, value] : listed.labels) {
      intake.set_label(*client, columns[label], intake.clients.intern(value), source.place);
    }
    intake.fill(*client, fallbacks);
  }
}

std::string said(const std::string& words) { return words.empty() ? "" : "; it said: " + words; }

void read_program(const InventorySource& source, InventoryAsker& asker, Intake& intake) {
  const auto output = asker.run(source.program);
  if (!output) return intake.error(source.place, source.name + ": " + output.error().message);
  const auto listing = read_host_list(output->text, source.variables);
  if (!listing) {
    return intake.error(source.place,
                        source.name + ": " + listing.error().message + said(output->words),
                        "it has to print what `ansible-inventory --list` prints");
  }
  if (listing->clients.empty() && listing->faults.empty()) {
    return intake.error(source.place,
                        source.name + ": it lists no hosts at all" + said(output->words),
                        "fill it, or delete it from the plan");
  }
  take_listing(*listing, source, intake);
}

// Active Directory refers to these from the top of every domain; no computer lies there.
bool is_without_computers(std::string_view dn) {
  const std::string lower = to_lower(dn);
  return std::ranges::any_of(
      std::array{"dc=domaindnszones,", "dc=forestdnszones,", "cn=configuration,", "cn=schema,"},
      [&](const char* beginning) { return lower.starts_with(beginning); });
}

/// A list that is short must not pass for a whole one: what lies below the base and on other
/// servers, and no source of the plan asks for.
void warn_of_other_servers(const InventorySource& source, const LdapAnswer& answer,
                           const std::vector<InventorySource>& sources, Intake& intake) {
  std::set<std::string> elsewhere;
  for (const LdapReference& reference : answer.references) {
    const bool is_asked = std::ranges::any_of(sources, [&](const InventorySource& each) {
      return !each.ldap.url.empty() && equals_ignoring_case(each.ldap.base, reference.dn);
    });
    if (is_asked || is_without_computers(reference.dn)) continue;
    elsewhere.insert(reference.dn.empty() ? reference.url : reference.dn);
  }
  if (elsewhere.empty()) return;
  std::string names;
  std::size_t shown = 0;
  for (const std::string& each : elsewhere) {
    if (++shown > kOthersShown) break;
    names += (names.empty() ? "`" : ", `") + escaped(each, 200) + "`";
  }
  if (elsewhere.size() > kOthersShown)
    names += " and " + with_separators(elsewhere.size() - kOthersShown) + " more";
  intake.warning(source.place,
                 source.name + ": other servers hold " + names +
                     ", and are not asked: clients there are not in this list",
                 "name each as a source of its own, or search in a `base` that does not hold them");
}

void read_directory(const InventorySource& source, const std::vector<InventorySource>& sources,
                    InventoryAsker& asker, Intake& intake) {
  const auto answer = asker.search(source.ldap);
  if (!answer) return intake.error(source.place, source.name + ": " + answer.error().message);
  if (answer->entries.empty()) {
    return intake.error(source.place,
                        source.name + ": nothing below `" + escaped(source.ldap.base, 200) +
                            "` matches `" + escaped(source.ldap.filter, 200) + "`",
                        answer->references.empty()
                            ? "correct `base` or `filter`, or delete the source from the plan"
                            : "the directory referred to other servers, which are not asked; name "
                              "them as sources of their own");
  }
  warn_of_other_servers(source, *answer, sources, intake);
  take_listing(read_entries(*answer, source.attributes), source, intake);
}

void read_source(const InventorySource& source, const std::vector<InventorySource>& sources,
                 InventoryAsker* asker, Intake& intake) {
  if (!source.file.empty()) return read_csv(source, intake);
  if (!source.is_asked()) return read_hosts(source, intake);
  if (!source.program.argv.empty()) return read_program(source, *asker, intake);
  read_directory(source, sources, *asker, intake);
}

}  // namespace

ClientTable read_inventory(const std::vector<InventorySource>& sources, Problems& problems,
                           InventoryAsker* asker) {
  Intake intake(problems);
  const std::size_t reported_before = problems.size();
  for (const InventorySource& source : sources) {
    if (source.is_asked() && asker == nullptr) continue;
    if (problems.size() - reported_before >= kProblemsOfAllSources) break;
    const std::uint32_t clients_before = intake.clients.size();
    intake.begin(source);
    const std::size_t problems_before = problems.size();
    read_source(source, sources, asker, intake);
    const bool silent = intake.clients.size() == clients_before &&
                        problems.size() == problems_before && !source.merge;
    if (silent)
      intake.error(source.place, "this source lists no clients",
                   "fill it, or delete it from the plan");
  }
  intake.report_twins(true);
  intake.clients.shrink_to_fit();
  return std::move(intake.clients);
}

}  // namespace sitewide
