#include "tests/support/lab_check.h"

#include <sys/stat.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;

// A copy list's version is the time of its making.
std::string without_clock(const std::string& bytes) {
  static const std::regex version("(CopyListVersion=)[0-9]+");
  return std::regex_replace(bytes, version, "$1");
}

// What a restore leaves in Sms.ini as Client Setup made it: the version of the copy list it took
// (put back, the client would verify anew at once), its list of files it could not have, and the
// switch that an upgrade loses (Q200085).
bool is_left(const std::string& key) {
  return key == "CopyListVersion" || key == "FilesNotDownloaded" || key == "SyncSends";
}

std::map<std::string, std::string> ini_keys(const std::string& text) {
  std::map<std::string, std::string> keys;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t equals = std::min(line.find('='), line.size());
    keys[line.substr(0, equals)] = line.substr(equals);
  }
  return keys;
}

bool only_left_keys_differ(const std::string& one, const std::string& other) {
  for (const std::string& key : differences(ini_keys(one), ini_keys(other))) {
    if (!is_left(key)) return false;
  }
  return true;
}

bool is_ini(const std::string& path) {
  static const std::regex name("(.*/)?sms\\.ini", std::regex::icase);
  return std::regex_match(path, name);
}

std::vector<std::string> running_from(const std::string& root) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream environment(entry.path() / "environ", std::ios::binary);
    std::ifstream command(entry.path() / "cmdline", std::ios::binary);
    std::ostringstream variables, words;
    variables << environment.rdbuf();
    words << command.rdbuf();
    if (variables.str().find("SITEWIDE_RUN=") == std::string::npos) continue;
    if (words.str().find(root) != std::string::npos) found.push_back(words.str());
  }
  return found;
}

}  // namespace

std::unique_ptr<Lab> small_lab(int clients, int canaries) {
  auto lab = std::make_unique<Lab>(std::vector<std::string>{
      "--clients", std::to_string(clients), "--canary", std::to_string(canaries), "--story",
      "quiet", "--logon-every", "1.5"});
  lab->edit_plan("waves: [1, 50%, rest]", "waves: [1, rest]");
  lab->edit_plan("[{soak: 2s}]", "[{soak: 1s}]");
  lab->edit_plan("    method: upgrade_bat\n", "    method: upgrade_bat\n    backoff: 1s\n");
  return lab;
}

std::unique_ptr<Lab> lab_with_bad_canary() {
  auto lab = small_lab();
  lab->set("pc002", "fail");
  return lab;
}

void set_groups(const Lab& lab, const std::string& groups) {
  const std::string text = read_file(lab.plan());
  write_file(lab.plan(), text.substr(0, text.find("\ngroups:") + 1) + groups);
}

std::map<std::string, std::string> crash_at(const std::string& where) {
  return {{"LD_PRELOAD", SITEWIDE_CRASH_SHIM},
          {"SITEWIDE_CRASH", where},
          {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
}

Finished run_on(const Lab& lab, std::vector<std::string> arguments,
                std::map<std::string, std::string> environment) {
  Program program(lab.argv(std::move(arguments)), std::move(environment));
  return program.finish(std::chrono::seconds(90));
}

EventLog log_of(const Lab& lab) { return EventLog(lab.run({"log", "latest", "--json"}).out); }

std::map<std::string, std::string> lasting_tree(const fs::path& root) {
  std::map<std::string, std::string> lasting;
  for (const auto& [path, bytes] : tree_of(root)) {
    if (path.ends_with(".log")) continue;
    lasting[path] = bytes.size() < 65536 ? without_clock(bytes) : bytes;
  }
  return lasting;
}

std::map<std::string, std::string> lasting_tree(const Lab& lab) {
  std::map<std::string, std::string> lasting;
  for (const char* folder : {"hq", "s768aa0", "s768aa1", "clients"}) {
    for (auto& [path, bytes] : lasting_tree(lab.root() / folder))
      lasting[std::string(folder) + "/" + path] = std::move(bytes);
  }
  return lasting;
}

std::vector<std::string> differences(const std::map<std::string, std::string>& one,
                                     const std::map<std::string, std::string>& other) {
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : one) {
    const auto found = other.find(path);
    if (found == other.end() || found->second != bytes) paths.push_back(path);
  }
  for (const auto& [path, bytes] : other) {
    if (!one.contains(path)) paths.push_back(path);
  }
  return paths;
}

std::vector<std::string> lasting_differences(const std::map<std::string, std::string>& one,
                                             const std::map<std::string, std::string>& other) {
  std::vector<std::string> paths = differences(one, other);
  std::erase_if(paths, [&](const std::string& path) {
    const bool both = one.contains(path) && other.contains(path);
    return both && is_ini(path) && only_left_keys_differ(one.at(path), other.at(path));
  });
  return paths;
}

std::vector<std::string> Before::changed(const std::string& beginning) const {
  std::vector<std::string> paths = lasting_differences(tree_, lasting_tree(lab_));
  std::erase_if(paths, [&](const std::string& path) { return !path.starts_with(beginning); });
  return paths;
}

std::vector<std::string> once_settled(const std::function<std::vector<std::string>()>& look) {
  for (int turn = 0; turn < 150; ++turn) {
    if (look().empty()) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return look();
}

std::vector<std::string> Before::stays_changed(const std::string& beginning) const {
  return once_settled([&] { return changed(beginning); });
}

std::vector<std::string> survivors(const Lab& lab) { return survivors(lab.root()); }

std::vector<std::string> survivors(const fs::path& root) {
  return once_settled([&] { return running_from(root.string()); });
}

std::vector<std::string> left_temporaries(const Lab& lab) { return left_temporaries(lab.root()); }

std::vector<std::string> left_temporaries(const fs::path& root) {
  std::vector<std::string> left;
  std::error_code gone;  // as in tree_of
  fs::recursive_directory_iterator entries(root);
  for (; entries != fs::recursive_directory_iterator(); entries.increment(gone)) {
    if (entries->path().filename().string().starts_with(".sitewide-"))
      left.push_back(entries->path().string());
  }
  return left;
}

std::int64_t modified_seconds(const fs::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) throw std::runtime_error("cannot stat " + path.string());
  return status.st_mtim.tv_sec;
}

}  // namespace sitewide::test
