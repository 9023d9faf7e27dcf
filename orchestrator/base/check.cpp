#include "orchestrator/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace sitewide {

void check_failed(const char* what, const std::source_location& where) {
  std::fprintf(stderr, "sitewide: internal error: %s (%s:%u)\n", what, where.file_name(),
               static_cast<unsigned>(where.line()));
  std::abort();
}

}  // namespace sitewide
