#include "tests/support/canary.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;

std::string base64(const std::string& text) {
  constexpr const char* kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  unsigned int bits = 0, count = 0;
  for (const char c : text) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) encoded += kDigits[(bits >> (count - 6)) & 63U];
  }
  return encoded;  // without the last digits, which depend on what follows
}

/// What can be read of it: a process may go while it is looked at, which streams throw at.
std::string bytes_of(const fs::path& path) {
  std::string bytes;
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return bytes;
  std::array<char, 65536> part{};
  for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), file)) > 0;)
    bytes.append(part.data(), size);
  std::fclose(file);
  return bytes;
}

}  // namespace

std::vector<std::string> canaries_in(const std::string& text, const Canaries& canaries) {
  std::vector<std::string> found;
  for (const std::string& canary : canaries) {
    // In base64 the digits of a word depend on where it begins among three bytes.
    const bool encoded = text.find(base64(canary)) != text.npos ||
                         text.find(base64(canary.substr(1))) != text.npos ||
                         text.find(base64(canary.substr(2))) != text.npos;
    if (encoded || text.find(canary) != text.npos) found.push_back(canary);
  }
  return found;
}

std::vector<std::string> canaries_below(const fs::path& root, const Canaries& canaries,
                                        const fs::path& left_out) {
  std::vector<std::string> found;
  for (auto entry = fs::recursive_directory_iterator(root);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->path() == left_out) {
      entry.disable_recursion_pending();
      continue;
    }
    std::string text = entry->path().filename().string() + "\n";
    if (entry->is_regular_file()) text += bytes_of(entry->path());
    for (const std::string& canary : canaries_in(text, canaries))
      found.push_back(fs::relative(entry->path(), root).string() + ": " + canary);
  }
  return found;
}

CommandLineWatch::CommandLineWatch(Canaries canaries)
    : canaries_(std::move(canaries)), thread_([this] {
        while (!ended_) {
          look();
          std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
      }) {}

CommandLineWatch::~CommandLineWatch() { found(); }

std::vector<std::string> CommandLineWatch::found() {
  ended_ = true;
  if (thread_.joinable()) thread_.join();
  return found_;
}

void CommandLineWatch::look() {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/proc", none)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != name.npos) continue;
    std::string line = bytes_of(entry.path() / "cmdline");
    std::replace(line.begin(), line.end(), '\0', ' ');
    ++looked_at_;
    if (!canaries_in(line, canaries_).empty()) found_.push_back(line);
  }
}

}  // namespace sitewide::test
