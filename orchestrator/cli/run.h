// run(): the whole program but for main(). The one place where an Error becomes a message and an
// exit code.
#pragma once

namespace sitewide {

/// Carries out the command line and returns the exit code.
int run(int argc, const char* const* argv);

}  // namespace sitewide
