#include "adapters/ldap_words.h"

#include <ldap.h>

#include "orchestrator/base/text.h"

namespace sitewide {

std::string with_words(const std::string& what, const std::string& words) {
  return words.empty() ? what : what + ": " + words;
}

std::string ldap_code_words(int code) {
  return std::string(::ldap_err2string(code)) + " (" + std::to_string(code) + ")";
}

Error ldap_search_fault(const LdapSearch& search, const LdapVerdict& verdict, std::size_t entries) {
  const std::string code = with_words(ldap_code_words(verdict.code), verdict.words);
  const auto name = [](const std::string& dn) { return "`" + escaped(dn, kLdapShown) + "`"; };
  switch (verdict.code) {
    case LDAP_NO_SUCH_OBJECT:
      return {ErrorKind::invalid,
              "it has no " + name(search.base) +
                  (verdict.matched.empty() ? "" : ", only " + name(verdict.matched)) + ": " + code};
    case LDAP_SIZELIMIT_EXCEEDED:
    case LDAP_ADMINLIMIT_EXCEEDED:
      return {ErrorKind::refused,
              "it lists no more than " + with_separators(entries) +
                  " of the entries to this name, and a part of them is no inventory: " + code};
    case LDAP_TIMELIMIT_EXCEEDED:
      return {ErrorKind::unreachable,
              "it gave up after " + with_separators(entries) + " entries: " + code};
    case LDAP_REFERRAL:
      return {ErrorKind::invalid, "it refers to " + escaped(verdict.referral, kLdapShown) +
                                      ", which is not followed; name that server as `url`"};
    default:
      return {ErrorKind::invalid, "it does not search: " + code};
  }
}

}  // namespace sitewide
