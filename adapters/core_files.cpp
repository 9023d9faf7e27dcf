#include "adapters/core_files.h"

#include <sys/resource.h>

#include <optional>

namespace sitewide {
namespace {

std::optional<rlimit>& users() {
  static std::optional<rlimit> limit;
  return limit;
}

// The soft limit alone: the hard one could not be raised again.
void forbid(const rlimit& own) {
  const rlimit none{.rlim_cur = 0, .rlim_max = own.rlim_max};
  ::setrlimit(RLIMIT_CORE, &none);
}

}  // namespace

void forbid_core_files() {
  rlimit own{};
  if (::getrlimit(RLIMIT_CORE, &own) != 0) return;
  users() = own;
  forbid(own);
}

UsersCoreLimit::UsersCoreLimit() {
  if (users()) ::setrlimit(RLIMIT_CORE, &*users());
}

UsersCoreLimit::~UsersCoreLimit() {
  if (users()) forbid(*users());
}

}  // namespace sitewide
