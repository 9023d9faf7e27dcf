#include "tests/support/smb_server.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/support/loopback.h"

extern char** environ;

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kSmbd = "/usr/sbin/smbd";

std::string configuration(const fs::path& folder, int port, const std::vector<SmbShare>& shares) {
  std::ostringstream text;
  text << "[global]\n  workgroup = HQ\n  server role = standalone server\n"
       << "  passdb backend = tdbsam:" << (folder / "private/passdb.tdb").string() << "\n";
  for (const char* kind : {"private", "lock", "state", "cache", "pid"}) {
    const std::string key =
        std::string(kind) == "private" ? "private dir" : std::string(kind) + " directory";
    text << "  " << key << " = " << (folder / kind).string() << "\n";
  }
  text << "  ncalrpc dir = " << (folder / "ncalrpc").string() << "\n"
       << "  log file = " << (folder / "log").string() << "\n  log level = 1\n"
       << "  smb ports = " << port << "\n  interfaces = 127.0.0.1\n"
       << "  bind interfaces only = yes\n  disable netbios = yes\n  disable spoolss = yes\n"
       << "  load printers = no\n  printing = bsd\n  map to guest = Bad User\n"
       // What is durable on this disk is no question of these tests.
       << "  strict sync = no\n";
  for (const SmbShare& share : shares) {
    text << "[" << share.name << "]\n  path = " << share.folder.string()
         << "\n  force user = root\n  read only = " << (share.read_only ? "yes" : "no") << "\n"
         << (share.guests ? "  guest ok = yes\n"
                          : "  valid users = " + std::string(SmbServer::kUser) + "\n");
  }
  return text.str();
}

int shell(const std::string& command) { return std::system(command.c_str()); }

}  // namespace

std::string SmbServer::missing() {
  if (::access(kSmbd, X_OK) != 0 || shell("command -v smbclient >/dev/null") != 0)
    return "samba and smbclient are not installed";
  if (::geteuid() != 0) return "smbd needs root, to become the user who logs in";
  // Another test may be making it just now.
  for (int turn = 0; ::getpwnam(kUser) == nullptr; ++turn) {
    if (turn == 50) return "no account can be made for smbd";
    if (shell(std::string("useradd -M -s /usr/sbin/nologin ") + kUser + " 2>/dev/null") != 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return {};
}

SmbServer::SmbServer(const fs::path& folder, const std::vector<SmbShare>& shares)
    : folder_(folder), port_(free_port()) {
  for (const char* name : {"private", "lock", "state", "cache", "pid", "ncalrpc"})
    fs::create_directories(folder / name);
  std::ofstream(folder / "smb.conf") << configuration(folder, port_, shares);
  std::ofstream(folder / "password") << kPassword << "\n" << kPassword << "\n";
  const std::string add = "smbpasswd -c " + (folder / "smb.conf").string() + " -a -s " + kUser +
                          " <" + (folder / "password").string() + " >/dev/null 2>&1";
  if (shell(add) != 0) throw std::runtime_error("smbpasswd");
  start();
}

SmbServer::~SmbServer() { stop(); }

std::string SmbServer::url(const std::string& share) const {
  return "smb://127.0.0.1:" + std::to_string(port_) + "/" + share;
}

void SmbServer::start() {
  std::string config = "--configfile=" + (folder_ / "smb.conf").string();
  std::vector<std::string> words{kSmbd, "--foreground", "--no-process-group", config};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // Foreground means to smbd: until the standard input ends.
  int input[2];
  if (::pipe2(input, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, (folder_ / "printed").c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  const int error = posix_spawn(&pid_, kSmbd, &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  ::close(input[0]);
  input_ = input[1];
  if (error != 0) throw std::runtime_error("posix_spawn smbd");
  const auto until = Clock::now() + std::chrono::seconds(30);
  while (!answers(port_)) {
    if (Clock::now() > until) throw std::runtime_error("smbd does not answer");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void SmbServer::signal_all(int number) const {
  if (pid_ > 0) ::kill(-pid_, number);
}

void SmbServer::stop() {
  if (pid_ < 0) return;
  signal_all(SIGCONT);
  signal_all(SIGTERM);
  const auto until = Clock::now() + std::chrono::seconds(10);
  while (::waitpid(pid_, nullptr, WNOHANG) == 0) {
    if (Clock::now() > until) signal_all(SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  // Those that serve a connection may take longer than their parent.
  while (::kill(-pid_, 0) == 0) {
    signal_all(SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    while (::waitpid(-pid_, nullptr, WNOHANG) > 0) {
    }
  }
  pid_ = -1;
  ::close(input_);
}

void SmbServer::freeze() { signal_all(SIGSTOP); }
void SmbServer::thaw() { signal_all(SIGCONT); }

TinyDisk::TinyDisk(fs::path folder, int kib) : folder_(std::move(folder)) {
  fs::create_directories(folder_);
  const std::string size = "size=" + std::to_string(kib) + "k";
  mounted_ = ::mount("none", folder_.c_str(), "tmpfs", 0, size.c_str()) == 0;
}

TinyDisk::~TinyDisk() {
  if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
}

std::size_t smbclients_of(pid_t ancestor) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string text;
    if (!std::getline(file, text) || text.find("(smbclient)") == text.npos) continue;
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    char state = '?';
    pid_t parent = -1;
    if (fields >> state >> parent && parent == ancestor) ++count;
  }
  return count;
}

std::size_t programs_with(const std::string& argument) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline", std::ios::binary);
    for (std::string word; std::getline(file, word, '\0');) {
      if (word != argument) continue;
      ++count;
      break;
    }
  }
  return count;
}

}  // namespace sitewide::test
