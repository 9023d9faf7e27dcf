// What a payload must not be before it is staged: compressed as on the SMS CD, or built for another
// CPU (Q159952, Q164320, Q178661). Pure; any thread; any bytes are accepted.
#pragma once

#include <string>
#include <string_view>

#include "orchestrator/core/plan.h"

namespace sitewide::sms {

/// Why `bytes` may not be staged as `file`; empty when nothing speaks against it. A program's CPU
/// is its PE machine: 0x14c x86, 0x184 Alpha, 0x162 and 0x166 MIPS; 16-bit programs belong in
/// X86.bin alone.
std::string objection_to(const PlannedFile& file, std::string_view bytes);

/// `Pcmwin32.exe (X86)`: how a planned file is named to people, for x86 and Alpha files share
/// names.
std::string display_name(const PlannedFile& file);

}  // namespace sitewide::sms
