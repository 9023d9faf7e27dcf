// Copy lists (`Cl_nt.txt`, `Cl_w95.txt` …): what Maintenance Manager makes of System.map and Client
// Setup compares with the client's Sms.ini (Q166771; Resource Guide S3D1C). Only their version is
// read: the rest of their format is not documented anywhere. Pure; any thread; any bytes are
// accepted.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sitewide::sms {

/// The value of the first `CopyListVersion` line, decimal digits as they stand; nothing when no
/// line has one.
std::optional<std::string> copy_list_version(std::string_view text);

/// The file names that a client's copy list may have, the likeliest first; `os` is `nt`, `win95`,
/// `win16`, `os2`, `dos`. Windows 95 has two: Q166771 writes Cl_win95.txt, the shipped file is
/// Cl_w95.txt (Q153287). Empty for another word.
std::span<const std::string_view> copy_lists_of(std::string_view os);

/// All names that a copy list may have.
std::span<const std::string_view> all_copy_lists();

/// `[SMS] OS` of Sms.ini as our word: 1 dos, 2 win16, 3 os2, 4 nt, 5 win95 (S3D48); empty for
/// anything else.
std::string_view os_from_number(std::string_view number);

}  // namespace sitewide::sms
