#include "orchestrator/base/result.h"

#include <cstdio>
#include <cstdlib>

namespace sitewide {

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  std::fprintf(stderr, "sitewide: internal error: unchecked result: %s (%s:%u)\n",
               error.message.c_str(), where.file_name(), static_cast<unsigned>(where.line()));
  std::abort();
}

}  // namespace sitewide
