// LdapSearch: what an LDAP directory is asked for, and what it answers. A plan says the first
// (plans/inventory.h), an adapter brings the second (adapters/ldap.h). Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "orchestrator/core/secret.h"
#include "orchestrator/core/time.h"

namespace sitewide {

struct LdapSearch {
  enum class Scope : std::uint8_t { base, one, subtree };

  std::string url;   ///< `ldaps://host`, or `ldap://host`, with or without a port
  std::string base;  ///< the distinguished name below which is searched
  std::string filter = "(objectClass=*)";
  Scope scope = Scope::subtree;
  std::vector<std::string> attributes;  ///< what is asked of each entry
  std::string bind_dn;                  ///< as whom; empty: as nobody
  SecretText password;
  std::string ca_file;  ///< certificates to trust; empty: those of the system
  bool start_tls = false;
  std::uint32_t page_size = 500;
  Duration within = std::chrono::minutes(1);  ///< for all of it
  std::size_t most_entries = 1'000'000;
  std::size_t most_bytes = std::size_t{64} << 20;  ///< of names and values

  bool is_secure() const { return start_tls || url.starts_with("ldaps://"); }
};

struct LdapEntry {
  std::string dn;
  std::map<std::string, std::vector<std::string>> values;  ///< by attribute, as it was asked for
};

/// A part of what was searched that another server holds.
struct LdapReference {
  std::string url;  ///< of the first server that was named
  std::string dn;   ///< what lies there; empty: the server does not say
};

struct LdapAnswer {
  std::vector<LdapEntry> entries;         ///< all that matched here; never a part of them
  std::vector<LdapReference> references;  ///< not followed
};

}  // namespace sitewide
