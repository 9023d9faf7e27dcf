#include "tests/support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "tests/support/paths.h"

extern char** environ;

namespace sitewide::test {
namespace {

using Clock = std::chrono::steady_clock;

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  return ends;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// Where the rollouts of this test exclude each other; those of other tests are none of its
// business.
class OwnClaims {
 public:
  OwnClaims() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "sitewide-claims.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr || chmod(pattern.c_str(), 01777) != 0)
      throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  ~OwnClaims() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  OwnClaims(const OwnClaims&) = delete;
  OwnClaims& operator=(const OwnClaims&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

const std::string& own_claims() {
  static const OwnClaims folder;
  return folder.path();
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& added) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!added.contains(text.substr(0, text.find('=')))) result.push_back(text);
  }
  for (const auto& [name, value] : added) result.push_back(name + "=" + value);
  return result;
}

}  // namespace

Program::Program(std::vector<std::string> argv, std::map<std::string, std::string> environment) {
  const auto out = make_pipe();
  const auto err = make_pipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  environment.try_emplace("SITEWIDE_CLAIMS_DIR", own_claims());
  auto variables = environment_with(environment);
  const int failed = posix_spawnp(&pid_, argv[0].c_str(), &actions, nullptr, pointers(argv).data(),
                                  pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  close(out[1]);
  close(err[1]);
  out_fd_ = out[0];
  err_fd_ = err[0];
  if (failed != 0) throw std::runtime_error("cannot start " + argv[0]);
}

Program::~Program() {
  if (!reaped_) {
    kill(pid_, SIGKILL);
    reap();
  }
  if (out_fd_ >= 0) close(out_fd_);
  if (err_fd_ >= 0) close(err_fd_);
}

void Program::signal(int number) const { kill(pid_, number); }

void Program::reap() {
  if (reaped_) return;
  waitpid(pid_, &status_, 0);
  reaped_ = true;
}

// False when both pipes have ended.
bool Program::read_some(std::chrono::milliseconds patience) {
  std::array<pollfd, 2> waiting{{{out_fd_, POLLIN, 0}, {err_fd_, POLLIN, 0}}};
  if (out_fd_ < 0 && err_fd_ < 0) return false;
  if (poll(waiting.data(), waiting.size(), static_cast<int>(patience.count())) <= 0) return true;
  const auto drain = [](pollfd& ready, int& fd, std::string& into) {
    if (fd < 0 || (ready.revents & (POLLIN | POLLHUP | POLLERR)) == 0) return;
    std::array<char, 65536> buffer{};
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got > 0) {
      into.append(buffer.data(), static_cast<std::size_t>(got));
    } else {
      close(fd);
      fd = -1;
    }
  };
  drain(waiting[0], out_fd_, out_);
  drain(waiting[1], err_fd_, err_);
  return true;
}

bool Program::wait_for(const std::string& text, std::chrono::seconds patience) {
  const auto until = Clock::now() + patience;
  for (;;) {
    const std::size_t at = out_.find(text, seen_);
    if (at != std::string::npos) {
      seen_ = at + text.size();
      return true;
    }
    if (Clock::now() > until || !read_some(std::chrono::milliseconds(100))) return false;
  }
}

Finished Program::finish(std::chrono::seconds patience) {
  const auto until = Clock::now() + patience;
  while (read_some(std::chrono::milliseconds(100))) {
    if (!reaped_ && waitpid(pid_, &status_, WNOHANG) == pid_) reaped_ = true;
    if (reaped_) {  // a descendant may hold the pipe: take what is there and leave
      while (out_fd_ >= 0 && read_some(std::chrono::milliseconds(50)) && Clock::now() < until) {
        pollfd more{out_fd_, POLLIN, 0};
        if (poll(&more, 1, 50) <= 0) break;
      }
      break;
    }
    if (Clock::now() > until) kill(pid_, SIGKILL);
  }
  reap();
  Finished result;
  result.exit_code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  result.out = out_;
  result.err = err_;
  return result;
}

std::vector<std::string> sitewide_argv(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program_path());
  return arguments;
}

Finished sitewide(std::vector<std::string> arguments,
                  std::map<std::string, std::string> environment) {
  Program program(sitewide_argv(std::move(arguments)), std::move(environment));
  return program.finish();
}

}  // namespace sitewide::test
