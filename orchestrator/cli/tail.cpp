#include "orchestrator/cli/tail.h"

#include <fstream>
#include <system_error>

namespace sitewide {
namespace {

// What came at once beyond this stays in the file.
constexpr std::size_t kAtOnce = 64 * 1024;

}  // namespace

std::vector<std::string> Tail::lines(bool rest) {
  std::error_code none;
  const std::uintmax_t size = std::filesystem::file_size(file_, none);
  if (!none && size > read_) {
    if (size - read_ > kAtOnce) read_ = size - kAtOnce;
    std::ifstream in(file_, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(read_));
    std::string more(static_cast<std::size_t>(size - read_), '\0');
    in.read(more.data(), static_cast<std::streamsize>(more.size()));
    more.resize(static_cast<std::size_t>(in.gcount()));
    read_ += more.size();
    begun_ += more;
  }
  std::vector<std::string> lines;
  for (std::size_t end = begun_.find('\n'); end != std::string::npos; end = begun_.find('\n')) {
    lines.push_back(begun_.substr(0, end));
    begun_.erase(0, end + 1);
  }
  if (rest && !begun_.empty()) lines.push_back(std::exchange(begun_, {}));
  return lines;
}

}  // namespace sitewide
