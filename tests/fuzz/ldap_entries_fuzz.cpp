// What an LDAP directory answers: entries become clients within the grammar, or are faults that are
// safe to show; none is lost, and their order does not matter. Input: lines; `dn:` begins an entry,
// `ATTRIBUTE=VALUE` adds a value, where a line ends at NUL, since values may hold line ends.
#include <algorithm>

#include "plans/entry_list.h"
#include "tests/fuzz/listings.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

constexpr std::size_t kMostEntries = 500;

LdapAnswer answer_from(std::string_view input) {
  LdapAnswer answer;
  while (!input.empty() && answer.entries.size() < kMostEntries) {
    const std::size_t end = std::min(input.find('\0'), input.size());
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    const std::size_t equals = line.find('=');
    if (line.starts_with("dn:")) {
      answer.entries.push_back({std::string(line.substr(3)), {}});
    } else if (equals != std::string_view::npos && !answer.entries.empty()) {
      answer.entries.back().values[std::string(line.substr(0, equals))].emplace_back(
          line.substr(equals + 1));
    }
  }
  return answer;
}

bool is_same(const Listing& a, const Listing& b) {
  return a.clients.size() == b.clients.size() && a.faults.size() == b.faults.size() &&
         std::equal(a.clients.begin(), a.clients.end(), b.clients.begin(),
                    [](const ListedClient& one, const ListedClient& other) {
                      return one.name == other.name;
                    });
}

}  // namespace

void ldap_entries(std::string_view input) {
  const std::map<std::string, std::string> attributes{
      {"name", "cn"}, {"address", "dNSHostName"}, {"site", "l"}, {"os", "operatingSystem"}};
  LdapAnswer answer = answer_from(input);
  const Listing listing = read_entries(answer, attributes);
  check_listing(listing, input);
  holds(listing.labels.size() == 2, "labels are those of the plan", input);
  holds(listing.clients.size() <= answer.entries.size(), "no client is made up", input);
  holds(listing.clients.size() == answer.entries.size() || !listing.faults.empty(),
        "no entry is left out unheard", input);
  for (const ListedClient& client : listing.clients) {
    holds(!client.name.empty(), "a client has a name", input);
  }
  std::reverse(answer.entries.begin(), answer.entries.end());
  holds(is_same(read_entries(answer, attributes), listing), "the order does not matter", input);
}

}  // namespace sitewide::fuzz
