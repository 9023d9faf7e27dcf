// Where the program under test and the source tree are; set by the build.
#pragma once

#include <string>

namespace sitewide::test {

inline std::string program_path() { return SITEWIDE_PROGRAM; }
inline std::string source_dir() { return SITEWIDE_SOURCE_DIR; }

}  // namespace sitewide::test
