#include "adapters/own_limits.h"

#include <sys/resource.h>

#include <algorithm>
#include <optional>

namespace sitewide {
namespace {

// Enough for ten thousand clients at a time; a bitmap of descriptors is still small.
constexpr rlim_t kMostFiles = 65'536;

struct Limits {
  std::optional<rlimit> core, files;
};

Limits& users() {
  static Limits limits;
  return limits;
}

// The soft limit alone: the hard one could not be raised again.
void forbid(const rlimit& own) {
  const rlimit none{.rlim_cur = 0, .rlim_max = own.rlim_max};
  ::setrlimit(RLIMIT_CORE, &none);
}

}  // namespace

void set_own_limits() {
  rlimit own{};
  if (::getrlimit(RLIMIT_CORE, &own) == 0) {
    users().core = own;
    forbid(own);
  }
  if (::getrlimit(RLIMIT_NOFILE, &own) != 0 || own.rlim_cur >= kMostFiles) return;
  const rlimit more{.rlim_cur = std::min(own.rlim_max, kMostFiles), .rlim_max = own.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &more) == 0) users().files = own;
}

UsersCoreLimit::UsersCoreLimit() {
  if (users().core) ::setrlimit(RLIMIT_CORE, &*users().core);
}

UsersCoreLimit::~UsersCoreLimit() {
  if (users().core) forbid(*users().core);
}

void give_users_file_limit(pid_t program) {
  if (users().files) ::prlimit(program, RLIMIT_NOFILE, &*users().files, nullptr);
}

}  // namespace sitewide
