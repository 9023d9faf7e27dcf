// Who we are on this machine, and which paths the environment names. Reads the system; any thread.
#pragma once

#include <string>

namespace sitewide {

/// This machine's name; `unknown` when it has none.
std::string host_name();
/// The name of the user that this process acts as; the number when there is no name.
std::string user_name();

}  // namespace sitewide
