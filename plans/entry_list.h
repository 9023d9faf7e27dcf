// EntryList: the entries of a directory as a Listing, by the plan's `attributes`. Pure.
#pragma once

#include <map>
#include <string>

#include "orchestrator/core/ldap_search.h"
#include "plans/listing.h"

namespace sitewide {

/// `attributes`: `name`, `address` and labels, each with the attribute that holds it. An entry
/// without the attribute of `name`, one with several values of an attribute, and a value that is
/// no text are faults that name the entry.
Listing read_entries(const LdapAnswer& answer,
                     const std::map<std::string, std::string>& attributes);

}  // namespace sitewide
