/* Preloaded into sftp-server, which then sees nothing but a client's drives: "/C:/SMS" is a path
 * there, as Windows' own SFTP server has it. The first thing it does is to look up its user, which
 * needs the real /etc/passwd; from then on nothing else of this machine is needed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct passwd* getpwuid(uid_t uid) {
  struct passwd* (*look_up)(uid_t);
  *(void**)&look_up = dlsym(RTLD_NEXT, "getpwuid");
  struct passwd* found = look_up(uid);
  const char* drive = getenv("SFTP_DRIVE");
  if (drive == NULL) return found;
  if (chroot(drive) != 0 || chdir("/") != 0) {
    perror("sftp_drive");
    _exit(1);
  }
  unsetenv("SFTP_DRIVE");
  return found;
}
