// NoFiles: the Files of a client that no share can be named for; every call says why.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "adapters/files.h"

namespace sitewide {

class NoFiles : public Files {
 public:
  explicit NoFiles(const Error& why) : why_{ErrorKind::refused, why.message} {}

  Result<std::optional<FileState>> state(std::string_view) override { return why_; }
  Result<std::optional<Timestamp>> modified(std::string_view) override { return why_; }
  Result<std::optional<std::string>> read(std::string_view, std::size_t) override { return why_; }
  Result<> write(std::string_view, const Expected&, std::string_view,
                 std::optional<Timestamp>) override {
    return why_;
  }
  Result<> remove(std::string_view, const Digest&) override { return why_; }
  Result<> touch(std::string_view, Timestamp) override { return why_; }
  Result<std::vector<std::string>> list(std::string_view) override { return why_; }

 private:
  Error why_;
};

}  // namespace sitewide
