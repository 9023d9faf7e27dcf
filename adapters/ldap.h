// Asking an LDAP directory for its entries. `ldap.cpp` and `ldap_words.cpp` alone
// include libldap.
//
// Threads: any; it blocks until the search's deadline at most, but for the system's look-up of the
// server's name. What the machine's ldap.conf says of certificates to trust counts, and nothing
// else of it. Referrals are not followed: a password is for the server that the plan names.
#pragma once

#include "orchestrator/base/result.h"
#include "orchestrator/core/ldap_search.h"

namespace sitewide {

/// All entries, page by page. An Error says what the server said: not reached (kind unreachable),
/// not trusted, wrong name or password (refused), no such base, no filter, its size limit, more
/// than the search allows, no end in time. The secret is read here and is part of no message.
Result<LdapAnswer> ldap_search(const LdapSearch& search);

}  // namespace sitewide
