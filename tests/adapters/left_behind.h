// Counts what a test may leave behind: open descriptors and child processes.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sitewide::test {

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

/// Children of this process, ended ones included.
inline std::size_t children() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string text;
    std::getline(file, text);
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) continue;
    const std::string parent =
        text.substr(name_end + 4, text.find(' ', name_end + 4) - name_end - 4);
    if (parent == std::to_string(::getpid())) ++count;
  }
  return count;
}

}  // namespace sitewide::test
