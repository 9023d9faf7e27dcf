// Payload: the hotfix's own files, read once each when a plan is checked: there, unaltered, for the
// right CPU, of the size and age that plan or article say. Blocking (it reads whole files); any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "orchestrator/core/plan.h"
#include "orchestrator/core/problem.h"

namespace sitewide {

/// Reads each file's source and fills its digest, size and date where the plan left them open. What
/// is wrong becomes a problem at the file's entry. Fragments of System.map are read whole.
void check_payload(Plan& plan, Problems& problems);

/// What the head of a program file says of it.
struct ProgramFacts {
  enum class Kind : std::uint8_t { other, dos, windows16, pe, compressed };
  Kind kind = Kind::other;
  std::uint16_t machine = 0;       ///< pe: 0x14c x86, 0x184 Alpha, 0x162 and 0x166 MIPS
  std::optional<Timestamp> built;  ///< pe: when it was linked, if it says so
};
ProgramFacts program_facts(std::string_view bytes);

}  // namespace sitewide
