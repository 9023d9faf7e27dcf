#include "tests/support/ssh_server.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>
#include <stdexcept>
#include <thread>

#include "tests/support/loopback.h"

extern char** environ;

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;

constexpr char kSshd[] = "/usr/sbin/sshd";
constexpr int kAddressesPerNetwork = 250;

std::string tool(const char* name) {
  return std::string(SITEWIDE_SOURCE_DIR "/examples/ssh/server/") + name;
}

std::string text_of(const fs::path& path) {
  try {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  } catch (const std::ios_base::failure&) {
    return {};  // a process that ended while it was looked at
  }
}

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::trunc);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

pid_t spawn(std::vector<std::string> argv, const fs::path& output) {
  std::vector<char*> words;
  for (std::string& word : argv) words.push_back(word.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_CREAT | O_APPEND | O_WRONLY,
                                     0600);
  ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t pid = -1;
  const int failed = ::posix_spawnp(&pid, words[0], &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + argv[0]);
  return pid;
}

void run(const std::vector<std::string>& argv, const fs::path& output) {
  const pid_t pid = spawn(argv, output);
  int status = 0;
  if (::waitpid(pid, &status, 0) != pid || status != 0)
    throw std::runtime_error(argv[0] + ": " + text_of(output));
}

bool is_program(const std::string& name) {
  std::string path = ::getenv("PATH") == nullptr ? "" : ::getenv("PATH");
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    if (::access((path.substr(at, end - at) + "/" + name).c_str(), X_OK) == 0) return true;
    at = end + 1;
  }
  return false;
}

// Every process and its parent.
std::vector<std::pair<pid_t, pid_t>> all_processes() {
  std::vector<std::pair<pid_t, pid_t>> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != name.npos) continue;
    const std::string stat = text_of(entry.path() / "stat");
    const std::size_t after = stat.rfind(')');  // the name may hold anything; then `) S PARENT …`
    if (after == stat.npos || stat[after + 2] == 'Z') continue;
    found.emplace_back(std::stoi(name), std::stoi(stat.substr(after + 4)));
  }
  return found;
}

}  // namespace

bool SshServer::is_there() {
  return ::access(kSshd, X_OK) == 0 && ::access("/usr/lib/openssh/sftp-server", X_OK) == 0;
}

bool SshServer::can_play_windows() {
  return is_there() && is_program("wine") && is_program("x86_64-w64-mingw32-gcc") &&
         ::geteuid() == 0;
}

std::string SshServer::user() { return ::getpwuid(::geteuid())->pw_name; }

SshServer::SshServer(fs::path folder) : folder_(std::move(folder)), port_(free_port()) {
  fs::create_directories(folder_);
  folder_ = fs::canonical(folder_);
  run({tool("make-server"), folder_.string(), std::to_string(port_)}, folder_ / "make.log");
  write_known_hosts();
}

SshServer::~SshServer() { stop(); }

const SshServer::Client& SshServer::add(const std::string& name, Shell shell,
                                        const fs::path& drive) {
  if (shell == Shell::cmd && !fs::exists(folder_ / "cmd_session.exe"))
    run({tool("make-windows"), folder_.string()}, folder_ / "make.log");
  const int number = static_cast<int>(clients_.size());
  const std::string address = "127.1." + std::to_string(number / kAddressesPerNetwork) + "." +
                              std::to_string(number % kAddressesPerNetwork + 1);
  const fs::path folder = folder_ / "clients" / address;
  const fs::path own = shell == Shell::cmd ? folder / "root" / "C:" : folder / "home";
  Client client{name, address, drive.empty() ? own : fs::absolute(drive)};
  fs::create_directories(own.parent_path());
  if (drive.empty()) {
    fs::create_directory(own);
  } else if (shell == Shell::cmd) {
    fs::rename(drive, own);
    fs::create_directory_symlink(own, drive);
  }
  fs::create_directory_symlink(client.drive, folder / "drive");
  write_text(folder / "shell", shell == Shell::cmd ? "cmd\n" : "posix\n");
  const Client& added = clients_[name] = client;
  if (!other_key_known_.empty()) write_known_hosts();
  return added;
}

void SshServer::share(const std::string& server, const std::string& share,
                      const fs::path& shown) const {
  fs::create_directories(folder_ / "unc" / server);
  fs::create_directory_symlink(fs::absolute(shown), folder_ / "unc" / server / share);
}

void SshServer::start() {
  if (running()) return;
  // Should this process be killed, sshd is too.
  pid_ = spawn({"setpriv", "--pdeathsig", "KILL", kSshd, "-D", "-e", "-f",
                (folder_ / "sshd_config").string()},
               log());
  for (int i = 0; i < 500; ++i) {
    if (answers(port_)) return;
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  throw std::runtime_error("sshd did not start: " + text_of(log()));
}

void SshServer::stop() {
  if (running()) ::kill(pid_, SIGSTOP);  // no connection is taken while they are counted
  for (int i = 0; i < 500; ++i) {
    const std::vector<pid_t> found = processes();
    for (const pid_t pid : found) ::kill(pid, SIGKILL);
    if (running()) ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
    if (found.empty()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void SshServer::set(const std::string& name, Fault fault) const {
  const fs::path file = folder_of(client(name)) / "fault";
  if (fault == Fault::none) {
    fs::remove(file);
  } else {
    write_text(file, fault == Fault::hang ? "hang\n" : "drop\n");
  }
}

void SshServer::take_keys(bool taken) const {
  write_text(folder_ / "authorized_keys", taken ? text_of(folder_ / "identity.pub") : "");
}

void SshServer::change_known_key(const std::string& name) {
  other_key_known_.insert(client(name).name);
  write_known_hosts();
}

void SshServer::change_host_key() {
  stop();
  const std::string other = host_key_ == "host_key" ? "other_host_key" : "host_key";
  std::string config = text_of(folder_ / "sshd_config");
  const std::string line = "HostKey " + (folder_ / host_key_).string() + "\n";
  config.replace(config.find(line), line.size(), "HostKey " + (folder_ / other).string() + "\n");
  write_text(folder_ / "sshd_config", config);
  host_key_ = other;
  start();
}

std::vector<pid_t> SshServer::processes() const {
  const auto all = all_processes();
  std::set<pid_t> found;
  if (running()) found.insert(pid_);
  for (bool more = true; more;) {
    more = false;
    for (const auto& [pid, parent] : all)
      if (found.contains(parent)) more |= found.insert(pid).second;
  }
  // What a client runs carries the server's folder in its environment, also without its connection.
  const std::string mark = "SITEWIDE_SSH_SERVER=" + folder_.string() + '\0';
  for (const auto& [pid, parent] : all)
    if (text_of("/proc/" + std::to_string(pid) + "/environ").find(mark) != std::string::npos)
      found.insert(pid);
  return {found.begin(), found.end()};
}

std::vector<pid_t> SshServer::sessions() const {
  std::vector<pid_t> found = processes();
  std::erase(found, pid_);
  return found;
}

fs::path SshServer::folder_of(const Client& client) const {
  return folder_ / "clients" / client.address;
}

// One line holds for all until a client is said to have another key: each connection reads all of
// the file, and a test may have thousands of clients.
void SshServer::write_known_hosts() const {
  const auto line = [this](const std::string& address, const std::string& key) {
    return "[" + address + "]:" + std::to_string(port_) + " " + text_of(folder_ / (key + ".pub"));
  };
  std::string text;
  if (other_key_known_.empty()) {
    text = line("127.*", "host_key");
  } else {
    for (const auto& [name, client] : clients_)
      text += line(client.address, other_key_known_.contains(name) ? "other_host_key" : "host_key");
  }
  write_text(known_hosts(), text);
}

}  // namespace sitewide::test
