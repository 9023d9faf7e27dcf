#include "orchestrator/cli/startable.h"

#include <unistd.h>

#include <cstdlib>

#include "orchestrator/base/text.h"

namespace sitewide {

bool can_be_started(const std::string& program) {
  if (program.find('/') != std::string::npos) return ::access(program.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  for (const std::string_view folder : split(path == nullptr ? "/bin:/usr/bin" : path, ':')) {
    const std::string file = (folder.empty() ? "." : std::string(folder)) + "/" + program;
    if (::access(file.c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace sitewide
