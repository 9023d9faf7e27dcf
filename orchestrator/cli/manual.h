// Manual: what the program says of its own command line, as plain values. options.cpp fills it from
// the tables that parse the line, so that help, completion and manual pages cannot differ.
#pragma once

#include <string>
#include <vector>

namespace sitewide {

/// An option or a positional argument.
struct ManualOption {
  std::vector<std::string> names;  ///< `-y`, `--yes`; empty for a positional argument
  std::string value;               ///< `FILE`, `ID`: what it takes; empty for a flag
  std::string description;
  std::vector<std::string> choices;  ///< the closed list its value is of; empty: any value
  bool required = false;
  bool repeatable = false;
};

struct ManualCommand {
  std::string name;
  std::string description;  ///< one line
  std::vector<ManualOption> options;
  std::vector<ManualOption> words;  ///< positional arguments, in order
  std::string examples;             ///< lines, indented by two; may be empty
  bool hidden = false;              ///< for other programs; not in help and manual
  std::string family;               ///< `Plans`: those that stand together in help
  std::string paragraph;            ///< what it does, in some sentences
  std::vector<int> exit_codes;      ///< that it can give; empty: any
};

struct Manual {
  std::string description;
  std::vector<ManualOption> options;  ///< of every command
  std::vector<ManualCommand> commands;

  /// The command of that name, or null.
  const ManualCommand* find(const std::string& name) const;
};

}  // namespace sitewide
