#include "orchestrator/journal/claims_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "orchestrator/journal/durable_file.h"

namespace sitewide {
namespace fs = std::filesystem;
namespace {

constexpr mode_t kEverybodys = 01777;

// Why the folder cannot be used; empty when it can.
std::string fault_of(const fs::path& path) {
  const bool made = ::mkdir(path.c_str(), kEverybodys) == 0;
  if (!made && errno != EEXIST)
    return file_error(ErrorKind::journal, "create", path, errno).message;
  const OpenFile folder(
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!folder && (errno == ELOOP || errno == ENOTDIR)) return path.string() + " is not a folder";
  if (!folder) return file_error(ErrorKind::journal, "open", path, errno).message;
  if (made && ::fchmod(folder.descriptor(), kEverybodys) != 0)
    return file_error(ErrorKind::journal, "share", path, errno).message;
  struct stat status {};
  if (::fstat(folder.descriptor(), &status) != 0)
    return file_error(ErrorKind::journal, "look at", path, errno).message;
  if ((status.st_mode & S_ISVTX) == 0)
    return path.string() + " is not sticky: anybody could take another's files away";
  if (::faccessat(folder.descriptor(), ".", R_OK | W_OK | X_OK, AT_EACCESS) != 0)
    return file_error(ErrorKind::journal, "write", path, errno).message;
  return {};
}

}  // namespace

fs::path ClaimsFolder::of_this_machine() {
  const char* named = std::getenv("SITEWIDE_CLAIMS_DIR");
  return named != nullptr && *named != '\0' ? fs::path(named) : fs::path("/run/lock/sitewide");
}

Result<ClaimsFolder> ClaimsFolder::open(const fs::path& wanted, const fs::path& fallback) {
  const std::string fault = fault_of(wanted);
  if (fault.empty()) return ClaimsFolder(wanted, {});
  if (auto made = make_folder(ErrorKind::journal, fallback); !made) return made.error();
  return ClaimsFolder(fallback,
                      "only rollouts of this state directory are kept off the sites and "
                      "clients of this one: " +
                          fault);
}

}  // namespace sitewide
