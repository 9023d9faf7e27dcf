// What is said of a directory that does not do what it was asked. Pure; private to ldap.cpp.
#pragma once

#include <string>

#include "orchestrator/base/result.h"
#include "orchestrator/core/ldap_search.h"

namespace sitewide {

/// So much of a server's words, and of names, is shown.
inline constexpr std::size_t kLdapShown = 300;

/// What a server says at the end of an operation.
struct LdapVerdict {
  int code = 0;          ///< of LDAP; 0: success
  std::string words;     ///< its own
  std::string matched;   ///< the part of a name that it knows
  std::string referral;  ///< the first server that it names instead
  std::string cookie;    ///< of the next page; empty: there is none
};

/// `what: words`, or `what` alone.
std::string with_words(const std::string& what, const std::string& words);
/// `No such object (32)`.
std::string ldap_code_words(int code);
/// Why a search ended without success, after so many entries. The verdict's words are shown as they
/// are.
Error ldap_search_fault(const LdapSearch& search, const LdapVerdict& verdict, std::size_t entries);

}  // namespace sitewide
