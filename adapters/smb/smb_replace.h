// smb_replace(): new bytes for a file on a share, by a temporary file and a rename over the old
// one. Blocks. Private to SmbFiles.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/files.h"
#include "adapters/smb/smb_visit.h"

namespace sitewide {

/// What is to be written, and over what.
struct SmbContent {
  const Expected& expected;
  std::string_view bytes;
  std::optional<Timestamp> modified;
};

/// Refused unless what stands at the place is what was expected.
Result<> check_smb_standing(SmbVisit& visit, const SmbFilePlace& place, const Expected& expected);

/// `temporary_folder`: of the share, where the temporary lies.
Result<> smb_replace(SmbVisit& visit, const SmbFilePlace& place, const SmbContent& content,
                     const std::string& temporary_folder);

/// `utimes` of a file of the share, which sets the time of last write alone.
std::string smb_touch_command(const std::string& full, Timestamp modified);

}  // namespace sitewide
