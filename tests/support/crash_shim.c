/* A library to be preloaded into the program under test: kills it with SIGKILL at a chosen call, or
 * makes that call fail, and can write down every call it sees.
 *
 * SITEWIDE_CRASH is `CALL:WHAT:NUMBER:PATTERN`: the NUMBER-th (from 1) CALL whose file matches the
 * shell PATTERN is where it happens. CALL is rename (every kind of it; the new name counts), link,
 * unlink, mkdir, sync (fsync, fdatasync), time (futimens, utimensat), mode (chmod, fchmod), write
 * (write, pwrite), truncate or spawn (the program started). WHAT is
 *
 *   before, after   the process ends before or after the call is made
 *   interrupt       it gets SIGINT, as by Ctrl-C, and then makes the call
 *   half            a write makes half of it and the process ends
 *   EIO, ENOSPC     the call is not made and fails so, once
 *   EIO+, ENOSPC+   that one and every later one that matches
 *
 * SITEWIDE_CRASH_LOG is a file to which each call is added as a line `CALL<tab>FILE`, in the order
 * in which they were begun; the line of the chosen one is followed by `chosen<tab>FILE`. Files
 * without a path, such as pipes, are passed by.
 *
 * SITEWIDE_POWER is `ROOT:KEPT:IGNORED`: of each file and folder below ROOT, and of ROOT, KEPT gets
 * a file with what was durable of it when it was last synced, named by its inode: the bytes, or a
 * line `d INODE NAME` or `f INODE NAME` for each entry. Syncs of files that match the shell pattern
 * IGNORED count for nothing. tests/crash/power puts the disk back to that. Only this process is
 * concerned: what it starts gets neither the variables nor the library. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum what { NOTHING, BEFORE, AFTER, HALF, FAIL, INTERRUPT };

static char chosen_call[16];
static char pattern[4096];
static enum what chosen_what = NOTHING;
static int failure;
static int goes_on;
static long number;
static atomic_long seen;
static int log_file = -1;
static char power_root[2048], power_kept[2048], power_ignored[256];

static void read_what(const char* text) {
  if (strcmp(text, "before") == 0) chosen_what = BEFORE;
  if (strcmp(text, "after") == 0) chosen_what = AFTER;
  if (strcmp(text, "half") == 0) chosen_what = HALF;
  if (strcmp(text, "interrupt") == 0) chosen_what = INTERRUPT;
  if (strncmp(text, "EIO", 3) == 0) failure = EIO;
  if (strncmp(text, "ENOSPC", 6) == 0) failure = ENOSPC;
  if (failure != 0) chosen_what = FAIL;
  goes_on = text[strlen(text) - 1] == '+';
}

__attribute__((constructor)) static void read_settings(void) {
  const char* text = getenv("SITEWIDE_CRASH");
  const char* log = getenv("SITEWIDE_CRASH_LOG");
  char what[16] = "";
  if (text &&
      sscanf(text, "%15[^:]:%15[^:]:%ld:%4095[^\n]", chosen_call, what, &number, pattern) == 4)
    read_what(what);
  const char* power = getenv("SITEWIDE_POWER");
  if (power) sscanf(power, "%2047[^:]:%2047[^:]:%255[^\n]", power_root, power_kept, power_ignored);
  if (log) log_file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if ((text && chosen_what == NOTHING) || (log && log_file < 0)) {
    static const char words[] = "crash_shim: its settings cannot be understood\n";
    syscall(SYS_write, 2, words, sizeof words - 1);
    _exit(99);
  }
  unsetenv("SITEWIDE_CRASH");
  unsetenv("SITEWIDE_CRASH_LOG");
  unsetenv("SITEWIDE_POWER");
  unsetenv("LD_PRELOAD");
}

static void write_down(const char* call, const char* path) {
  char line[4200];
  if (log_file < 0) return;
  const int length = snprintf(line, sizeof line, "%s\t%s\n", call, path);
  syscall(SYS_write, log_file, line, (size_t)length);
}

/* What is to happen at this call. */
static enum what at(const char* call, const char* path) {
  write_down(call, path);
  if (chosen_what == NOTHING || strcmp(call, chosen_call) != 0 || fnmatch(pattern, path, 0) != 0)
    return NOTHING;
  const long count = atomic_fetch_add(&seen, 1) + 1;
  if (count != number && !(goes_on && count > number)) return NOTHING;
  write_down("chosen", path);
  if (chosen_what == INTERRUPT) kill(getpid(), SIGINT);
  return chosen_what;
}

static void end_here(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* The call is made in between, unless the process ends before it or it is to fail. */
#define AROUND(CALL, PATH, FAILED, EXPRESSION)          \
  do {                                                  \
    const enum what what = at(CALL, PATH);              \
    if (what == BEFORE) end_here();                     \
    if (what == FAIL) return FAILED;                    \
    const __typeof__(EXPRESSION) result = (EXPRESSION); \
    if (what == AFTER) end_here();                      \
    return result;                                      \
  } while (0)

static int fails(void) {
  errno = failure;
  return -1;
}

#define REAL(NAME) ((__typeof__(&NAME))dlsym(RTLD_NEXT, #NAME))

static const char* path_of(int file, char* into, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, into, size - 1);
  into[length > 0 ? length : 0] = '\0';
  return into;
}

/* `name` as seen from an open folder, or from the current one. */
static const char* path_in(int folder, const char* name, char* into, size_t size) {
  char base[4096];
  if (name[0] == '/') {
    snprintf(into, size, "%s", name);
  } else if (folder == AT_FDCWD) {
    snprintf(into, size, "%s/%s", getcwd(base, sizeof base) ? base : "", name);
  } else {
    snprintf(into, size, "%s/%s", path_of(folder, base, sizeof base), name);
  }
  return into;
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  char path[8200];
  AROUND("rename", path_in(to_folder, to, path, sizeof path), fails(),
         REAL(renameat2)(from_folder, from, to_folder, to, flags));
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) {
  char path[8200];
  AROUND("rename", path_in(to_folder, to, path, sizeof path), fails(),
         REAL(renameat)(from_folder, from, to_folder, to));
}

int rename(const char* from, const char* to) {
  char path[8200];
  AROUND("rename", path_in(AT_FDCWD, to, path, sizeof path), fails(), REAL(rename)(from, to));
}

int link(const char* from, const char* to) {
  char path[8200];
  AROUND("link", path_in(AT_FDCWD, to, path, sizeof path), fails(), REAL(link)(from, to));
}

int unlink(const char* name) {
  char path[8200];
  AROUND("unlink", path_in(AT_FDCWD, name, path, sizeof path), fails(), REAL(unlink)(name));
}

int unlinkat(int folder, const char* name, int flags) {
  char path[8200];
  AROUND("unlink", path_in(folder, name, path, sizeof path), fails(),
         REAL(unlinkat)(folder, name, flags));
}

int mkdir(const char* name, mode_t mode) {
  char path[8200];
  AROUND("mkdir", path_in(AT_FDCWD, name, path, sizeof path), fails(), REAL(mkdir)(name, mode));
}

int mkdirat(int folder, const char* name, mode_t mode) {
  char path[8200];
  AROUND("mkdir", path_in(folder, name, path, sizeof path), fails(),
         REAL(mkdirat)(folder, name, mode));
}

int chmod(const char* name, mode_t mode) {
  char path[8200];
  AROUND("mode", path_in(AT_FDCWD, name, path, sizeof path), fails(), REAL(chmod)(name, mode));
}

int fchmod(int file, mode_t mode) {
  char path[4096];
  AROUND("mode", path_of(file, path, sizeof path), fails(), REAL(fchmod)(file, mode));
}

/* By system calls: what is kept is none of the program's doing. */
static void keep_entries(const char* path, int into) {
  DIR* folder = opendir(path);
  if (!folder) return;
  for (const struct dirent* entry = readdir(folder); entry; entry = readdir(folder)) {
    char line[512];
    const char kind = entry->d_type == DT_DIR ? 'd' : 'f';
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    const int length =
        snprintf(line, sizeof line, "%c %ju %s\n", kind, (uintmax_t)entry->d_ino, entry->d_name);
    syscall(SYS_write, into, line, (size_t)length);
  }
  closedir(folder);
}

/* From the file itself where it can be read: closing another descriptor of a database would give up
 * its locks. */
static void keep_bytes(int file, const char* path, int into) {
  char bytes[65536];
  const int writes_only = (fcntl(file, F_GETFL) & O_ACCMODE) == O_WRONLY;
  const int from = writes_only ? open(path, O_RDONLY | O_CLOEXEC) : file;
  off_t at = 0;
  for (ssize_t size; (size = pread(from, bytes, sizeof bytes, at)) > 0; at += size)
    syscall(SYS_write, into, bytes, (size_t)size);
  if (writes_only) close(from);
}

static int keep_durable(int synced, int file, const char* path) {
  char kept[4096], fresh[4200];
  struct stat status;
  const size_t root = strlen(power_root);
  if (synced != 0 || root == 0 || strncmp(path, power_root, root) != 0) return synced;
  if (power_ignored[0] && fnmatch(power_ignored, path, 0) == 0) return synced;
  if (fstat(file, &status) != 0) return synced;
  snprintf(kept, sizeof kept, "%s/%ju", power_kept, (uintmax_t)status.st_ino);
  snprintf(fresh, sizeof fresh, "%s.%ld", kept, (long)syscall(SYS_gettid));
  const int into = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (S_ISDIR(status.st_mode)) {
    keep_entries(path, into);
  } else {
    keep_bytes(file, path, into);
  }
  close(into);
  syscall(SYS_renameat2, AT_FDCWD, fresh, AT_FDCWD, kept, 0);
  return synced;
}

int fsync(int file) {
  char path[4096];
  AROUND("sync", path_of(file, path, sizeof path), fails(),
         keep_durable(REAL(fsync)(file), file, path));
}

int fdatasync(int file) {
  char path[4096];
  AROUND("sync", path_of(file, path, sizeof path), fails(),
         keep_durable(REAL(fdatasync)(file), file, path));
}

int utimensat(int folder, const char* name, const struct timespec times[2], int flags) {
  char path[8200];
  AROUND("time", path_in(folder, name, path, sizeof path), fails(),
         REAL(utimensat)(folder, name, times, flags));
}

int futimens(int file, const struct timespec times[2]) {
  char path[4096];
  AROUND("time", path_of(file, path, sizeof path), fails(), REAL(futimens)(file, times));
}

int ftruncate(int file, off_t size) {
  char path[4096];
  AROUND("truncate", path_of(file, path, sizeof path), fails(), REAL(ftruncate)(file, size));
}

int ftruncate64(int file, off64_t size) {
  char path[4096];
  AROUND("truncate", path_of(file, path, sizeof path), fails(), REAL(ftruncate64)(file, size));
}

/* Pipes and memory files have no path; the program writes to them all the time. */
#define WRITE(FILE, WHOLE, PART)                                          \
  do {                                                                    \
    char path[4096];                                                      \
    path_of(FILE, path, sizeof path);                                     \
    if (path[0] != '/' || strncmp(path, "/memfd:", 7) == 0) return WHOLE; \
    const enum what what = at("write", path);                             \
    if (what == BEFORE) end_here();                                       \
    if (what == FAIL) return fails();                                     \
    if (what == HALF && (PART) >= 0) end_here();                          \
    const ssize_t result = (WHOLE);                                       \
    if (what == AFTER) end_here();                                        \
    return result;                                                        \
  } while (0)

ssize_t write(int file, const void* bytes, size_t size) {
  ssize_t (*real)(int, const void*, size_t) = REAL(write);
  WRITE(file, real(file, bytes, size), real(file, bytes, size / 2));
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t where) {
  ssize_t (*real)(int, const void*, size_t, off_t) = REAL(pwrite);
  WRITE(file, real(file, bytes, size, where), real(file, bytes, size / 2, where));
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t where) {
  ssize_t (*real)(int, const void*, size_t, off64_t) = REAL(pwrite64);
  WRITE(file, real(file, bytes, size, where), real(file, bytes, size / 2, where));
}

int posix_spawnp(pid_t* pid, const char* program, const posix_spawn_file_actions_t* actions,
                 const posix_spawnattr_t* attributes, char* const argv[],
                 char* const environment[]) {
  AROUND("spawn", program, failure,
         REAL(posix_spawnp)(pid, program, actions, attributes, argv, environment));
}
