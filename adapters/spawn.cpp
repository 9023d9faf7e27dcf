#include "adapters/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <vector>

#include "adapters/descendants.h"
#include "adapters/own_limits.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

// posix_spawn wants plain pointers; the strings they point to outlive the call.
std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

// Our environment with `added` over it. `storage` holds the added assignments.
std::vector<char*> environment_with(const std::map<std::string, std::string>& added,
                                    std::vector<std::string>& storage) {
  std::vector<char*> list;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view assignment(*entry);
    const std::string name(assignment.substr(0, assignment.find('=')));
    if (!added.contains(name)) list.push_back(*entry);
  }
  storage.reserve(added.size());
  for (const auto& [name, value] : added) {
    storage.push_back(name + "=" + value);
    list.push_back(storage.back().data());
  }
  list.push_back(nullptr);
  return list;
}

// Opens and frees what posix_spawn needs: where the descriptors go, and how signals and the group
// are set.
class Preparation {
 public:
  explicit Preparation(const SpawnRequest& request) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    add_files(request);
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~Preparation() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;

  int run(pid_t& pid, char* const* argv, char* const* environment) {
    const UsersCoreLimit inherited;
    return posix_spawnp(&pid, argv[0], &actions_, &attributes_, argv, environment);
  }

 private:
  void add_files(const SpawnRequest& request) {
    if (request.input < 0) {
      posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    } else {
      posix_spawn_file_actions_adddup2(&actions_, request.input, STDIN_FILENO);
    }
    posix_spawn_file_actions_adddup2(&actions_, request.output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, request.errors, STDERR_FILENO);
    // Ours are close-on-exec; this is for those that a library opened without.
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    if (!request.folder.empty()) {
      posix_spawn_file_actions_addchdir_np(&actions_, request.folder.c_str());
    }
  }

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::string words_for(int error, const SpawnRequest& request) {
  struct stat status {};
  if (!request.folder.empty() &&
      (::stat(request.folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))) {
    return "folder " + escaped(request.folder) + " cannot be entered";
  }
  return "cannot start " + escaped(request.argv.front()) + ": " +
         std::generic_category().message(error);
}

}  // namespace

Spawned spawn(const SpawnRequest& request) {
  Spawned spawned;
  if (request.argv.empty() || request.argv.front().empty()) {
    spawned.reason = "no program is named";
    return spawned;
  }
  for (const std::string& element : request.argv) {
    if (element.find('\0') == std::string::npos) continue;
    spawned.reason = "an argument of " + escaped(request.argv.front()) + " holds a NUL byte";
    return spawned;
  }
  std::vector<std::string> storage;
  const std::vector<char*> environment = environment_with(request.environment, storage);
  const std::vector<char*> argv = pointers(request.argv);
  Preparation preparation(request);
  const ComingChild coming;
  pid_t pid = -1;
  const int error = preparation.run(pid, argv.data(), environment.data());
  if (error != 0) {
    spawned.reason = words_for(error, request);
  } else {
    expect_exit(pid);
    give_users_file_limit(pid);
    spawned.pid = pid;
  }
  return spawned;
}

}  // namespace sitewide
