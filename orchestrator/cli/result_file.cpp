#include "orchestrator/cli/result_file.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace sitewide {
namespace {

namespace fs = std::filesystem;

// 0, or why it could not be written.
int write_bytes(const fs::path& path, std::string_view bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return errno;
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  const int failed = written ? 0 : errno;
  return std::fclose(file) == 0 ? failed : errno;
}

}  // namespace

// Beside its place first, so that nobody reads half of it. A rename over what is no file would put
// one in its place.
Result<> write_result(const std::string& target, std::string_view bytes, const Console& console) {
  if (target == "-") {
    console.out(bytes);
    return {};
  }
  std::error_code error;
  const fs::file_status status = fs::status(target, error);
  const bool special = fs::exists(status) && !fs::is_regular_file(status);
  const fs::path beside = special ? target : target + ".part";
  int failed = write_bytes(beside, bytes);
  if (!special && failed == 0) {
    fs::rename(beside, target, error);
    failed = error.value();
  }
  if (failed == 0) return {};
  if (!special) fs::remove(beside, error);
  return Error{ErrorKind::io,
               "cannot write " + target + ": " + std::generic_category().message(failed)};
}

}  // namespace sitewide
