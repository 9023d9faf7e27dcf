/* A library to be preloaded into the program under test: kills it with SIGKILL at a chosen call.
 *
 * SITEWIDE_CRASH is `CALL:WHEN:NUMBER:PATTERN`: the NUMBER-th (from 1) CALL whose file matches the
 * shell PATTERN is where the process ends, `before` or `after` the call is made. CALL is rename
 * (every kind of it; the new name counts), sync (fsync, fdatasync), time (futimens) or spawn (the
 * program started). Only this process is killed: what it starts gets neither the variable nor the
 * library. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fnmatch.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char call_name[16];
static char pattern[512];
static int kill_after;
static long number;
static atomic_long seen;

__attribute__((constructor)) static void read_settings(void) {
  const char* text = getenv("SITEWIDE_CRASH");
  char when[16] = "";
  if (text && sscanf(text, "%15[^:]:%15[^:]:%ld:%511[^\n]", call_name, when, &number, pattern) != 4)
    number = 0;
  kill_after = strcmp(when, "after") == 0;
  unsetenv("SITEWIDE_CRASH");
  unsetenv("LD_PRELOAD");
}

static int is_the_one(const char* call, const char* path) {
  if (number == 0 || strcmp(call, call_name) != 0 || fnmatch(pattern, path, 0) != 0) return 0;
  return atomic_fetch_add(&seen, 1) + 1 == number;
}

static void end_here(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* The call is made in between, unless the process ends before it. */
#define AROUND(CALL, PATH, EXPRESSION)          \
  do {                                          \
    const int the_one = is_the_one(CALL, PATH); \
    if (the_one && !kill_after) end_here();     \
    const int result = (EXPRESSION);            \
    if (the_one) end_here();                    \
    return result;                              \
  } while (0)

static const char* path_of(int file, char* into, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, into, size - 1);
  into[length > 0 ? length : 0] = '\0';
  return into;
}

int rename(const char* from, const char* to) {
  int (*real)(const char*, const char*) = dlsym(RTLD_NEXT, "rename");
  AROUND("rename", to, real(from, to));
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) {
  int (*real)(int, const char*, int, const char*) = dlsym(RTLD_NEXT, "renameat");
  AROUND("rename", to, real(from_folder, from, to_folder, to));
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  int (*real)(int, const char*, int, const char*, unsigned) = dlsym(RTLD_NEXT, "renameat2");
  AROUND("rename", to, real(from_folder, from, to_folder, to, flags));
}

int fsync(int file) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
  char path[4096];
  AROUND("sync", path_of(file, path, sizeof path), real(file));
}

int fdatasync(int file) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
  char path[4096];
  AROUND("sync", path_of(file, path, sizeof path), real(file));
}

int futimens(int file, const struct timespec times[2]) {
  int (*real)(int, const struct timespec*) = dlsym(RTLD_NEXT, "futimens");
  char path[4096];
  AROUND("time", path_of(file, path, sizeof path), real(file, times));
}

int posix_spawnp(pid_t* pid, const char* program, const posix_spawn_file_actions_t* actions,
                 const posix_spawnattr_t* attributes, char* const argv[],
                 char* const environment[]) {
  int (*real)(pid_t*, const char*, const posix_spawn_file_actions_t*, const posix_spawnattr_t*,
              char* const[], char* const[]) = dlsym(RTLD_NEXT, "posix_spawnp");
  AROUND("spawn", program, real(pid, program, actions, attributes, argv, environment));
}
