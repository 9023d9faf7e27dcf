// InventoryAsker: how an inventory reaches the programs and directories that it names. This folder
// starts no program and opens no connection; who reads a plan for a run, a preview or `validate
// --inventory` brings an asker, and every other reader leaves those sources alone.
#pragma once

#include <map>
#include <string>

#include "orchestrator/base/result.h"
#include "orchestrator/core/ldap_search.h"
#include "orchestrator/core/plan.h"

namespace sitewide {

/// A program that prints a list of hosts.
struct ListProgram {
  Argv argv;
  std::string folder;  ///< current while it runs
  std::map<std::string, std::string> environment;
  Duration within = std::chrono::minutes(1);
  std::size_t most_bytes = std::size_t{64} << 20;  ///< of its standard output
};

/// What it printed before it ended with 0.
struct ListOutput {
  std::string text;   ///< standard output, whole
  std::string words;  ///< what it said last on standard error, escaped; may be empty
};

class InventoryAsker {
 public:
  virtual ~InventoryAsker() = default;

  /// Runs the program to its end. It not starting, not ending with 0, not ending in time and
  /// printing too much are Errors that hold its own last words.
  virtual Result<ListOutput> run(const ListProgram& program) = 0;
  /// Asks the directory for all entries. A part of them is an Error too.
  virtual Result<LdapAnswer> search(const LdapSearch& search) = 0;
};

}  // namespace sitewide
