// Runs a program with its output thrown away and prints `SECONDS KILOBYTES`: wall time and the
// largest resident size it or one of its children had; with --cpu `SECONDS CPU_SECONDS`: the
// processor time that it and its children took. Fails when it fails with another exit code than
// those allowed. Usage: measure [--allow CODE]
// PROGRAM [ARGUMENTS...]
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

int main(int count, char** words) {
  int allowed = 0;
  int first = 1;
  if (count > 3 && std::string(words[1]) == "--allow") {
    allowed = std::atoi(words[2]);
    first = 3;
  }
  const bool cpu = count > 2 && std::string(words[1]) == "--cpu";
  if (cpu) first = 2;
  if (first >= count) return 2;
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    execvp(words[first], words + first);
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 1;
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (cpu) {
    std::printf("%.3f %.3f\n", taken.count(), seconds(usage.ru_utime) + seconds(usage.ru_stime));
  } else {
    std::printf("%.3f %ld\n", taken.count(), usage.ru_maxrss);
  }
  if (code == 0 || code == allowed) return 0;
  std::fprintf(stderr, "measure: %s ended with %d\n", words[first], code);
  return 1;
}
