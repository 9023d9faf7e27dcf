#include "orchestrator/cli/manual.h"

#include <algorithm>

namespace sitewide {

const ManualCommand* Manual::find(const std::string& name) const {
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [&](const ManualCommand& one) { return one.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

}  // namespace sitewide
