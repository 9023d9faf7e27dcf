// Tail: the lines that another process adds to a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sitewide {

class Tail {
 public:
  /// What stands before `begin` is not of interest.
  Tail(std::filesystem::path file, std::uintmax_t begin) : file_(std::move(file)), read_(begin) {}
  /// The whole lines that came since; with `rest` also one that is not ended.
  std::vector<std::string> lines(bool rest = false);

 private:
  std::filesystem::path file_;
  std::uintmax_t read_ = 0;
  std::string begun_;
};

}  // namespace sitewide
