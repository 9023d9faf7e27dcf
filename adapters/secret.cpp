#include "adapters/secret.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "adapters/descriptor.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kShortestMasked = 4;
constexpr mode_t kOpenToOthers = S_IWGRP | S_IRWXO;

Error refuse(const SecretText& secret, std::string_view why) {
  return {ErrorKind::refused,
          "the secret in " + escaped(where_is(secret)) + " " + std::string(why)};
}

Result<std::string> of_variable(const SecretText& secret) {
  const char* value = std::getenv(secret.env.c_str());
  if (value == nullptr) return refuse(secret, "is missing: the variable is not set");
  if (*value == '\0') return refuse(secret, "is missing: the variable is empty");
  return std::string(value);
}

std::string fault_of(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return "cannot be used: it is no regular file";
  if ((status.st_mode & kOpenToOthers) != 0)
    return "is open to others: take their rights away, as with chmod 600";
  if (status.st_size > static_cast<off_t>(kLongestSecret))
    return "cannot be used: it has more than 64 KiB";
  return {};
}

Result<std::string> of_file(const SecretText& secret) {
  const auto failed = [&] {
    return refuse(secret, "cannot be read: " + std::generic_category().message(errno));
  };
  // A named pipe that nobody writes must not hold us up.
  const Descriptor file(::open(secret.file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) return failed();
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return failed();
  if (const std::string fault = fault_of(status); !fault.empty()) return refuse(secret, fault);
  std::string bytes(kLongestSecret + 1, '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t count = ::read(file.get(), bytes.data() + have, bytes.size() - have);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed();
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  if (have > kLongestSecret) return refuse(secret, "cannot be used: it has more than 64 KiB");
  bytes.resize(have);
  if (bytes.ends_with('\n')) bytes.pop_back();
  if (bytes.ends_with('\r')) bytes.pop_back();
  if (bytes.empty()) return refuse(secret, "is missing: the file is empty");
  return bytes;
}

}  // namespace

Result<std::string> reveal(const SecretText& secret) {
  if (!secret.is_reference()) return secret.text;
  auto value = secret.env.empty() ? of_file(secret) : of_variable(secret);
  if (!value) return value.error();
  return secret.prefix + *value;
}

std::string masked(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.size() < kShortestMasked) continue;
    for (std::size_t at = text.find(secret); at != text.npos; at = text.find(secret, at + 3))
      text.replace(at, secret.size(), "***");
  }
  return text;
}

}  // namespace sitewide
