// Complete: which words may come next on a command line, from the tables that parse it. Pure but
// for the lookups it is given, which are asked only where their names may stand.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "orchestrator/cli/manual.h"

namespace sitewide {

/// A word that may stand there, and what it is for a person.
struct Candidate {
  std::string word;
  std::string description;
};

/// Names that no table knows. Each may return nothing.
struct KnownNames {
  std::function<std::vector<Candidate>()> rollouts;
  std::function<std::vector<Candidate>()> articles;
  std::function<std::vector<std::string>(const std::string& rollout)> groups;
  std::function<std::vector<std::string>(const std::string& rollout)> clients;
  /// Where approvals are waited for: `canary` is before that group, `canary/1` after its first
  /// wave.
  std::function<std::vector<Candidate>(const std::string& rollout)> gates;
  /// The approvals that are waited for there.
  std::function<std::vector<std::string>(const std::string& rollout, const std::string& gate)>
      approvals;
};

struct Completion {
  /// What the shell adds of its own: names of plan files, of any files, or of folders.
  enum class Files { none, plans, files, folders };

  std::vector<Candidate> candidates;  ///< those that begin with the word so far
  Files files = Files::none;
};

/// `words`: the line after the program's name, up to the word that is being written, which comes
/// last and may be empty. `--option=value` may be one word, or three as bash has it.
Completion complete(const Manual& manual, const std::vector<std::string>& words,
                    const KnownNames& names);

/// What `words` give to `option` (its last value), or empty.
std::string value_given(const std::vector<std::string>& words, const std::string& option);

/// For the scripts that `completion` prints: a line a candidate, its word and its description with
/// a tab between them; files as a line `:plans`, `:files` or `:folders`.
std::string completion_lines(const Completion& completion);

}  // namespace sitewide
