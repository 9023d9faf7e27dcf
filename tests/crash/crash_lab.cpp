#include "tests/crash/crash_lab.h"

#include <stdlib.h>
#include <unistd.h>

#include <regex>
#include <stdexcept>

#include "tests/support/lab.h"
#include "tests/support/lab_check.h"
#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOriginal = "original";

/// In memory when there is room: what a killed process had written stands there all the same.
fs::path new_folder() {
  constexpr std::uintmax_t kRoom = std::uintmax_t{1} << 30;
  std::error_code none;
  const fs::space_info memory = fs::space("/dev/shm", none);
  const bool roomy = !none && memory.available >= kRoom && access("/dev/shm", W_OK) == 0;
  const fs::path base = roomy ? fs::path("/dev/shm") : fs::canonical(fs::temp_directory_path());
  std::string pattern = (base / "sitewide-crash.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  return pattern;
}

/// With the times of files, which the stand-ins go by.
void copy_tree(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    const fs::path target = to / fs::relative(entry.path(), from);
    if (entry.is_directory()) {
      fs::create_directories(target);
    } else {
      fs::copy_file(entry.path(), target);
      fs::last_write_time(target, entry.last_write_time());
    }
  }
}

// Milliseconds for what examples/lab gives seconds.
constexpr const char* kClock =
    R"("clock": {"tick": 0.01, "work_cycle_every": 0.04, "logon_every": 0.25,
    "smsrun_after": 0.01, "request_takes": 0.02, "speed": 1.0}
})";

void make_lab(const CrashScenario& scenario, const fs::path& world) {
  std::vector<std::string> make = {source_dir() + "/examples/lab/make-lab",
                                   world.string(),
                                   "--story",
                                   "quiet",
                                   "--clients",
                                   "4",
                                   "--canary",
                                   "2"};
  if (!under_wine()) make.emplace_back("--no-wine");
  const Finished made = Program(make).finish(std::chrono::seconds(120));
  if (made.exit_code != 0) throw std::runtime_error("make-lab: " + made.out + made.err);
  // Nobody here is an Alpha, and its programs are half of what would have to be copied each time.
  fs::remove_all(world / "hotfix/alpha");
  for (const char* folder : {"hq/SMS/Site.srv/Maincfg.box/Client.src", "s768aa0", "s768aa1"})
    fs::remove_all(world / folder / "Alpha.bin");
  const std::string settings = read_file(world / "lab.json");
  write_file(world / "lab.json", settings.substr(0, settings.find("\"clock\"")) + kClock);
  for (const auto& [name, behaviour] : scenario.behaviours)
    write_file(world / "behaviours" / name, behaviour + "\n");
  write_file(world / "play", "");
}

std::map<std::string, std::string> lasting_of(const fs::path& world) {
  std::map<std::string, std::string> lasting;
  for (const char* folder : {"hq", "s768aa0", "s768aa1", "clients"}) {
    if (!fs::exists(world / folder)) continue;
    for (auto& [path, bytes] : lasting_tree(world / folder)) {
      if (path.find("/.sitewide/") == std::string::npos)  // the records of attempts
        lasting[std::string(folder) + "/" + path] = std::move(bytes);
    }
  }
  return lasting;
}

}  // namespace

CrashLab::CrashLab(fs::path root, const fs::path& original) : root_(std::move(root)) {
  copy_tree(original, world());
}

CrashLab::~CrashLab() {
  std::error_code ignored;
  fs::remove(world() / "play", ignored);
  if (!keep_) fs::remove_all(root_, ignored);
}

Finished CrashLab::run(std::vector<std::string> arguments,
                       std::map<std::string, std::string> environment) const {
  arguments.insert(arguments.begin(), {"--state-dir", (root_ / "state").string()});
  Program program(sitewide_argv(std::move(arguments)), std::move(environment));
  return program.finish(std::chrono::seconds(240));
}

std::map<std::string, std::string> CrashLab::lasting() const { return lasting_of(world()); }

CrashLabs::CrashLabs(const CrashScenario& scenario, const std::string& looks_every)
    : folder_(new_folder()) {
  const fs::path world = folder_ / kOriginal;
  if (scenario.clients.empty()) make_lab(scenario, world);
  for (const std::string& client : scenario.clients)
    fs::create_directories(world / "clients" / client);
  write_file(world / "plan.yaml",
             std::regex_replace(scenario.plan, std::regex("LOOKS_EVERY"), looks_every));
  original_files_ = lasting_of(world);
  if (fs::exists(world / "hotfix")) hotfix_ = tree_of(world / "hotfix");
  player_ = std::make_unique<Program>(std::vector<std::string>{
      source_dir() + "/tests/crash/play-labs", folder_.string(), std::to_string(getpid())});
  if (!player_->wait_for("playing")) throw std::runtime_error("play-labs did not start");
}

CrashLabs::~CrashLabs() {
  player_.reset();
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (!fs::exists(entry.path() / "kept")) fs::remove_all(entry.path(), ignored);
  }
  fs::remove(folder_, ignored);  // unless something was kept
}

bool CrashLabs::is_of_hotfix(const std::string& bytes) const {
  for (const auto& [path, content] : hotfix_) {
    if (content == bytes) return true;
  }
  return false;
}

std::unique_ptr<CrashLab> CrashLabs::copy(const std::string& name) const {
  return std::make_unique<CrashLab>(folder_ / name, folder_ / kOriginal);
}

}  // namespace sitewide::test
