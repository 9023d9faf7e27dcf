// What must hold of the clients that a program or a directory listed.
#pragma once

#include <string_view>

#include "plans/listing.h"

namespace sitewide::fuzz {

/// Labels and values are within the grammar, each label once and in order, clients in order; what
/// is said of them is bounded and safe to show. `input` is what the listing was made of.
void check_listing(const Listing& listing, std::string_view input);

}  // namespace sitewide::fuzz
