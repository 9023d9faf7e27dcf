// Operation: an Action with everything an adapter needs to carry it out, as plain values that could
// be sent to a relay. Pure.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/core/outcome.h"
#include "orchestrator/core/schedule.h"

namespace sitewide {

/// The client an operation is about. Placeholders are substituted already.
struct ClientTarget {
  std::string name;
  std::string address;
  std::string root;      ///< local transport: where drive C: lies
  std::string platform;  ///< `x86`, `alpha`, `mips`; from the label, lower case; may be empty
  std::string os;        ///< `nt`, `win95`, `win16`, `dos`, `os2`; lower case; may be empty
};

struct Operation {
  /// Names this attempt for ever: rollout, subject, step, attempt. Safe as a file name.
  std::string key;
  Action action;
  std::string subject_name;
  Transport transport;             ///< client steps only; placeholders not yet substituted
  ClientTarget client;             ///< client steps only
  Site site;                       ///< the subject, or the client's site; empty name: none
  std::vector<PlannedFile> files;  ///< those that concern the subject
  bool has_client_files = true;  ///< the hotfix has files for clients, though perhaps not for this
  Parts parts;                   ///< what else is done: on a site, or on the client
  Argv argv;    ///< restart, health, command steps; placeholders not yet substituted
  Argv verify;  ///< command's upgrade: exit 0 says that an interrupted one is on target
  bool repeatable = true;
  bool forced = false;  ///< converge: also CopyListVersion must equal the copy list's
  bool allow_downgrade = false;
  Health health;
  Gate gate;  ///< check: what is asked
  /// For placeholders: `client.<label>` and `hotfix.id`, `site.<key>`; see plans/README.md.
  std::map<std::string, std::string> values;
};

/// What tells one client's files from another's; lower case, empty when the inventory does not say.
struct ClientKind {
  std::string platform;
  std::string os;
};

/// Whether the file is for clients of this kind. What is not known excludes nothing.
bool concerns(const PlannedFile& file, const ClientKind& client);

/// What `action` means under `schedule`. `rollout` is the rollout's id.
Operation make_operation(const Schedule& schedule, std::string_view rollout, const Action& action);

/// Replaces `{name}` in each element by its value, once, without looking at the result again. An
/// unknown name, or a value that holds a control character, is an error that names it.
Result<Argv> substitute(const Argv& argv, const std::map<std::string, std::string>& values);
Result<std::string> substitute(std::string_view text,
                               const std::map<std::string, std::string>& values);

}  // namespace sitewide
