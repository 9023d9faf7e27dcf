// Article checks: what a catalogue entry needs, against what the plan says that its sites have.
// What is unknown is a warning, a contradiction an error that `allow: [requirements]` turns into a
// warning. Pure.
#pragma once

#include "plans/catalogue.h"
#include "plans/readers.h"

namespace sitewide {

/// Drops the files of other editions than that of the plan's sites, which must agree.
void keep_edition(CatalogueEntry& entry, const std::vector<Site>& sites, Reading& reading);

/// Service packs, fixes and languages of sites, hotfixes that replace this one, methods that the
/// article does not name, and its errata. `hotfix` is the plan's; without a known article nothing
/// is checked.
void check_article(const Values& hotfix, const Plan& plan, Reading& reading);

}  // namespace sitewide
