// Canaries: words that stand for secrets. A test hands them to the program where a plan may name a
// secret, and then looks whether one is found anywhere else.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace sitewide::test {

using Canaries = std::vector<std::string>;

/// The canaries that `text` holds, as they are or in base64 as HTTP has it; each once.
std::vector<std::string> canaries_in(const std::string& text, const Canaries& canaries);
/// The files below `root` that hold one, or have one in their name, as `PATH: CANARY`; without
/// those below `left_out`.
std::vector<std::string> canaries_below(const std::filesystem::path& root, const Canaries& canaries,
                                        const std::filesystem::path& left_out = {});

/// Looks at the arguments of every process of this machine, again and again while it lives.
class CommandLineWatch {
 public:
  explicit CommandLineWatch(Canaries canaries);
  ~CommandLineWatch();
  CommandLineWatch(const CommandLineWatch&) = delete;
  CommandLineWatch& operator=(const CommandLineWatch&) = delete;

  /// Ends the looking: the command lines that held a canary.
  std::vector<std::string> found();
  /// How many command lines were looked at.
  std::size_t looked_at() const { return looked_at_; }

 private:
  void look();

  Canaries canaries_;
  std::vector<std::string> found_;
  std::atomic<std::size_t> looked_at_{0};
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

}  // namespace sitewide::test
