// The tables of a journal, and how a file proves to be one. Used by the writer and the readers.
#pragma once

#include "orchestrator/journal/chain.h"
#include "orchestrator/journal/sqlite.h"

namespace sitewide {

/// Version of the tables that this program writes. A newer one is refused; an older one is read for
/// ever.
inline constexpr int kJournalSchema = 1;

/// Makes the tables and the rollout's row in an empty database, in one transaction.
Result<> create_tables(Database& database, const JournalHeader& header, std::string_view schedule);

/// Makes sure that the file is a journal that this program knows: its mark, version and exactly its
/// tables.
Result<> check_tables(Database& database);

Result<JournalHeader> read_header(Database& database);
Result<std::string> read_schedule(Database& database);

}  // namespace sitewide
