// Catalogue plan: a plan to begin with for an article, as `sitewide catalogue Q…` prints it. It
// says all that the article needs a plan to say; names, folders and programs are for the reader to
// change. Pure.
#pragma once

#include <string>

#include "plans/catalogue.h"

namespace sitewide {

std::string catalogue_plan(const CatalogueEntry& entry);

}  // namespace sitewide
