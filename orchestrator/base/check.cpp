#include "orchestrator/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace sitewide {

void check_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "sitewide: internal error: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace sitewide
