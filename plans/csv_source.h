// CsvSource: the clients of one CSV file. Blocking (it reads the file); any thread.
#pragma once

#include "plans/intake.h"

namespace sitewide {

/// Reads `source.file`. What is wrong becomes problems with the file's lines; after some hundred it
/// stops.
void read_csv(const InventorySource& source, Intake& intake);

}  // namespace sitewide
