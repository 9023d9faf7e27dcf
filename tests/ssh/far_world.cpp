#include "tests/ssh/far_world.h"

#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;

fs::path new_folder() {
  std::string pattern = (fs::temp_directory_path() / "sitewide-far.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  return pattern;
}

// The lines of the lab's own plan from `from` to before `to`.
std::string part_of(const std::string& plan, const std::string& from, const std::string& to) {
  const std::size_t begin = plan.find(from);
  return plan.substr(begin, plan.find(to) - begin);
}

}  // namespace

FarWorld::FarWorld() : folder_(new_folder()), server_(folder_ / "server") {}

FarWorld::~FarWorld() {
  server_.stop();
  lab_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void FarWorld::add_linux(int count) {
  for (int i = 1; i <= count; ++i) {
    std::string number = std::to_string(i);
    number.insert(0, 4 - number.size(), '0');
    linux_.push_back("pc" + number);
    server_.add(linux_.back());
  }
}

Lab& FarWorld::add_lab(const std::vector<std::string>& options) {
  lab_ = std::make_unique<Lab>(options, true);
  std::vector<fs::path> drives;
  for (const auto& entry : fs::directory_iterator(lab_->root() / "clients"))
    drives.push_back(entry.path());
  std::ranges::sort(drives);
  for (const fs::path& drive : drives)
    server_.add(drive.filename().string(), SshServer::Shell::cmd, drive);
  for (const auto& [name, folder] : {std::pair("S768AA0", "s768aa0"), {"S768AA1", "s768aa1"}})
    server_.share(name, "SMS_SHR", lab_->root() / folder);
  return *lab_;
}

void FarWorld::write_plan(const std::string& groups, const std::string& upgrade) const {
  write_file(folder_ / "upgrade.sh", upgrade);
  std::string inventory;
  if (!linux_.empty()) inventory = "  - file: " + (folder_ / "linux.csv").string() + "\n";
  std::string linux = "name,address,kind\n";
  for (const std::string& name : linux_)
    linux += name + "," + server_.client(name).address + ",linux\n";
  write_file(folder_ / "linux.csv", linux);
  std::string text = "version: 1\nname: far\n";
  if (lab_) {
    const std::string own = read_file(home() / "plan.yaml");
    text += part_of(own, "hotfix:", "inventory:");
    std::string windows;
    std::ifstream clients(home() / "clients.csv");
    for (std::string line; std::getline(clients, line);) {
      const std::string name = line.substr(0, line.find(','));
      const std::size_t address = name.size() + 1;
      const std::string played = name == "name" ? "address" : server_.client(name).address;
      windows += line.replace(address, line.find(',', address) - address, played) + "\n";
    }
    write_file(home() / "windows.csv", windows);
    inventory += "  - file: windows.csv\n";
  }
  const std::string common = "config: " + server_.config().string() + ", connect_within: 5s";
  text += "inventory:\n" + inventory + "transports:\n  linux: {type: ssh, shell: posix, " + common +
          ", records: " + (folder_ / "records").string() + "}\n";
  if (lab_) text += "  windows: {type: ssh, shell: cmd, " + common + "}\n";
  write_file(plan(), text + "groups:\n" + groups + "limits: {in_flight: 64, rollout_within: 5m}\n");
}

std::string FarWorld::upgrade(bool repeatable) const {
  return "    method: command\n    transport: linux\n    strict: false\n"
         "    command: {upgrade: [sh, " +
         (folder_ / "upgrade.sh").string() + "], repeatable: " + (repeatable ? "true" : "false") +
         "}\n";
}

std::size_t FarWorld::upgrades(const std::string& name) const {
  std::ifstream file(server_.client(name).drive / "done");
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);) ++count;
  return count;
}

std::vector<std::string> FarWorld::argv(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {"--state-dir", (folder_ / "state").string()});
  return sitewide_argv(std::move(arguments));
}

Finished FarWorld::run(std::vector<std::string> arguments) const {
  return Program(argv(std::move(arguments))).finish(std::chrono::seconds(180));
}

EventLog FarWorld::log() const { return EventLog(run({"log", "latest", "--json"}).out); }

bool holds(const std::function<bool()>& look, std::chrono::seconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!look()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

bool wait_for_settled(Program& program, const std::string& outcome, int count) {
  for (int i = 0; i < count; ++i)
    if (!program.wait_for("\"outcome\":\"" + outcome + "\"")) return false;
  return true;
}

}  // namespace sitewide::test
