#include "tests/crash/power.h"

#include <sys/stat.h>

#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/support/lab.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;

struct Entry {
  bool is_folder = false;
  std::string inode;
};

/// A folder's entries as they were when it was last synced; none when it never was.
std::map<std::string, Entry> entries_of(const fs::path& kept, const std::string& inode) {
  std::map<std::string, Entry> entries;
  if (!fs::exists(kept / inode)) return entries;
  std::istringstream lines(read_file(kept / inode));
  std::string kind, number, name;
  while (lines >> kind >> number && lines.ignore() && std::getline(lines, name))
    entries[name] = {kind == "d", number};
  return entries;
}

void put_back(const fs::path& folder, const fs::path& kept, const std::string& inode) {
  const auto entries = entries_of(kept, inode);
  std::set<fs::path> unknown;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entries.contains(entry.path().filename().string())) unknown.insert(entry.path());
  }
  for (const fs::path& path : unknown) fs::remove_all(path);
  for (const auto& [name, entry] : entries) {
    const fs::path path = folder / name;
    if (entry.is_folder) {
      fs::create_directory(path);
      put_back(path, kept, entry.inode);
      continue;
    }
    fs::remove(path);  // it may be one with another name by now
    write_file(path, fs::exists(kept / entry.inode) ? read_file(kept / entry.inode) : "");
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  }
}

}  // namespace

std::map<std::string, std::string> environment_for_power(const fs::path& root, const fs::path& kept,
                                                         const std::string& ignored) {
  return {{"SITEWIDE_POWER", root.string() + ":" + kept.string() +
                                 (ignored.empty() ? std::string() : ":" + ignored)}};
}

void cut_power(const fs::path& root, const fs::path& kept) {
  struct stat status {};
  if (!fs::exists(root)) return;
  if (::stat(root.c_str(), &status) != 0) throw std::runtime_error("stat " + root.string());
  put_back(root, kept, std::to_string(status.st_ino));
}

}  // namespace sitewide::test
