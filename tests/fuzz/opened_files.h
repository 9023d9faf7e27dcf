// OpenedFiles: which files a target makes the program open. While an object lives, no open() of the
// program's own code reaches the file system: it is answered from the object's files, else as if
// there were no such file, and remembered. One object at a time; one thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sitewide::fuzz {

class OpenedFiles {
 public:
  OpenedFiles();
  ~OpenedFiles();
  OpenedFiles(const OpenedFiles&) = delete;
  OpenedFiles& operator=(const OpenedFiles&) = delete;

  /// From now on `path` is a regular file of these bytes.
  void add(const std::string& path, std::string_view bytes);
  /// What was opened, or tried, since the last call.
  std::vector<std::string> take();

  /// For open(): the descriptor, or -1 with errno.
  int open(const char* path);

 private:
  std::map<std::string, std::string> files_;
  std::vector<std::string> opened_;
};

}  // namespace sitewide::fuzz
