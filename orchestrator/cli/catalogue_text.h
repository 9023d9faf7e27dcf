// Catalogue text: what `sitewide catalogue` says of articles, as text for people and as JSON
// members for programs. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "plans/catalogue.h"
#include "plans/coverage.h"

namespace sitewide {

/// A table, one line an article.
std::string catalogue_list_text(const std::vector<CatalogueEntry>& entries);
/// All that the catalogue knows of one article, ending with a plan to begin with.
std::string catalogue_entry_text(const CatalogueEntry& entry);
boost::json::object catalogue_entry_json(const CatalogueEntry& entry);

std::string coverage_text(const std::vector<Coverage>& rows);
boost::json::object coverage_json(const Coverage& row);

/// What it needs of sites and clients, in a few words: `SP3/4, Q191067, nt`; empty for nothing.
std::string needs_in_brief(const CatalogueEntry& entry);

}  // namespace sitewide
