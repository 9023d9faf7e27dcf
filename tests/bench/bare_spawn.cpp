// The limit that no orchestrator can beat: posix_spawn, a pipe for the output and a pidfd for the
// exit of each child, one epoll, one thread, nothing written down. Prints seconds.
// Usage: bare_spawn CHILDREN IN_FLIGHT PROGRAM [ARGUMENTS...]
#include <fcntl.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

namespace {

struct Child {
  pid_t pid = -1;
  int exit = -1;
  int output = -1;
  std::string text;
};

class Loop {
 public:
  Loop(int children, int in_flight, char** argv)
      : left_(children), in_flight_(in_flight), argv_(argv), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

  void run() {
    std::array<epoll_event, 64> events{};
    while (left_ > 0 || !children_.empty()) {
      while (left_ > 0 && children_.size() < static_cast<std::size_t>(in_flight_)) start();
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) react(events[static_cast<std::size_t>(i)].data.fd);
    }
  }

 private:
  void start() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    Child child;
    if (posix_spawnp(&child.pid, argv_[0], &actions, nullptr, argv_, environ) != 0) fail("spawn");
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    child.output = ends[0];
    child.exit = static_cast<int>(syscall(SYS_pidfd_open, child.pid, 0));
    if (child.exit < 0) fail("pidfd");
    watch(child.exit);
    watch(child.output);
    pipes_[child.output] = child.exit;
    children_[child.exit] = child;
    --left_;
  }

  void watch(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  void react(int fd) {
    const auto pipe = pipes_.find(fd);
    if (pipe != pipes_.end()) {
      if (!read_some(children_.at(pipe->second))) drop_pipe(fd);
      return;
    }
    const auto found = children_.find(fd);
    if (found == children_.end()) return;
    Child& child = found->second;
    waitpid(child.pid, nullptr, 0);
    if (pipes_.contains(child.output)) {
      while (read_some(child)) {
      }
      drop_pipe(child.output);
    }
    close(fd);
    children_.erase(found);
  }

  static bool read_some(Child& child) {
    char buffer[4096];
    const ssize_t count = read(child.output, buffer, sizeof buffer);
    if (count > 0) child.text.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
  }

  void drop_pipe(int fd) {
    pipes_.erase(fd);
    close(fd);
  }

  [[noreturn]] static void fail(const char* what) {
    std::perror(what);
    std::exit(1);
  }

  int left_;
  int in_flight_;
  char** argv_;
  int epoll_;
  std::map<int, Child> children_;  // by pidfd
  std::map<int, int> pipes_;       // pipe → pidfd
};

}  // namespace

int main(int count, char** words) {
  if (count < 4) {
    std::fprintf(stderr, "usage: bare_spawn CHILDREN IN_FLIGHT PROGRAM [ARGUMENTS...]\n");
    return 2;
  }
  const auto begin = std::chrono::steady_clock::now();
  Loop(std::atoi(words[1]), std::atoi(words[2]), words + 3).run();
  std::printf("%.3f\n",
              std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  return 0;
}
