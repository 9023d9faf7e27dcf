// simulation_soak: runs many seeds on all cores and reports one line.
//
//   simulation_soak [--from SEED] [--seeds N] [--jobs N]
//   simulation_soak --seed SEED        runs one, and tells its story when it fails
//
// Each worker is a process of its own, so that a failed check() is a seed to report, not the end.
// Exit code 1 when an invariant was broken, or when too few of the seeds made a plan.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "tests/simulation/shrink.h"
#include "tests/simulation/totals.h"

namespace sitewide::simulation {
namespace {

struct Work {
  std::uint64_t from = 1, seeds = 20000, one = 0;
  std::uint32_t jobs = 1;
};

// What a worker and the parent share: the seed it is at, and its totals so far.
struct Slot {
  std::uint64_t next = 0;
  Totals totals;
};

bool read_options(int count, char** words, Work& work) {
  work.jobs = static_cast<std::uint32_t>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
  for (int i = 1; i + 1 < count; i += 2) {
    const std::uint64_t value = std::strtoull(words[i + 1], nullptr, 10);
    if (std::strcmp(words[i], "--from") == 0) {
      work.from = value;
    } else if (std::strcmp(words[i], "--seeds") == 0) {
      work.seeds = value;
    } else if (std::strcmp(words[i], "--jobs") == 0) {
      work.jobs = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, value));
    } else if (std::strcmp(words[i], "--seed") == 0) {
      work.one = value;
    } else {
      return false;
    }
  }
  return count % 2 == 1;
}

void run_worker(const Work& work, Slot& slot) {
  for (; slot.next < work.from + work.seeds; slot.next += work.jobs) {
    Options options;
    options.seed = slot.next;
    const Report report = simulate(options);
    slot.totals.add(report);
    if (report.violations.empty()) continue;
    std::printf("%s", story(options).c_str());
    std::fflush(stdout);
  }
}

pid_t start_worker(const Work& work, Slot& slot) {
  std::fflush(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  run_worker(work, slot);
  std::fflush(nullptr);
  ::_exit(0);
}

Totals soak(const Work& work) {
  const std::size_t bytes = sizeof(Slot) * work.jobs;
  void* shared = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) std::abort();
  Slot* slots = static_cast<Slot*>(shared);
  std::vector<pid_t> pids(work.jobs);
  for (std::uint32_t i = 0; i < work.jobs; ++i) {
    slots[i] = Slot();
    slots[i].next = work.from + i;
    pids[i] = start_worker(work, slots[i]);
  }
  Totals totals;
  for (std::uint32_t i = 0; i < work.jobs;) {
    int status = 0;
    ::waitpid(pids[i], &status, 0);
    if (!WIFSIGNALED(status)) {
      totals.add(slots[i++].totals);
      continue;
    }
    std::printf("seed %llu ends the program by signal %d\n",
                static_cast<unsigned long long>(slots[i].next), WTERMSIG(status));
    ++slots[i].totals.seeds;
    ++slots[i].totals.violations;
    slots[i].next += work.jobs;
    pids[i] = start_worker(work, slots[i]);
  }
  ::munmap(shared, bytes);
  return totals;
}

int tell_one(std::uint64_t seed) {
  Options options;
  options.seed = seed;
  options.transcript = true;
  const Report report = simulate(options);
  if (!report.violations.empty()) {
    std::printf("%s", story(options, 1000).c_str());
    return 1;
  }
  for (const std::string& line : report.transcript) std::printf("%s\n", line.c_str());
  return 0;
}

}  // namespace
}  // namespace sitewide::simulation

int main(int count, char** words) {
  using namespace sitewide::simulation;
  Work work;
  if (!read_options(count, words, work)) {
    std::fprintf(stderr,
                 "usage: simulation_soak [--from SEED] [--seeds N] [--jobs N] [--seed SEED]\n");
    return 2;
  }
  if (work.one > 0) return tell_one(work.one);
  const auto began = std::chrono::steady_clock::now();
  const Totals totals = soak(work);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%s; from seed %llu, %.0f seeds/s\n", totals.line().c_str(),
              static_cast<unsigned long long>(work.from),
              static_cast<double>(totals.seeds) / took.count());
  std::printf("%s\n", totals.kinds().c_str());
  if (!totals.has_enough_plans()) std::printf("too few of these seeds made a plan\n");
  return totals.violations == 0 && totals.has_enough_plans() ? 0 : 1;
}
