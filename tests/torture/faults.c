/* Faults in the calls by which a process changes files: preloaded, armed by the process itself.

Every such call that has to do with the folder `arm` names is counted. At the number it names, the process is killed
before the call (KILL) or after it (KILL_AFTER), the call fails with an error once (ONCE), it and all that follow fail
(STICKY), or it does half of what it was asked for (SHORT). Threads count together. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OFF, COUNT, KILL, KILL_AFTER, ONCE, STICKY, SHORT };

static char place[PATH_MAX];
static int mode = OFF, error_number = EIO;
static long moment = 0;
static atomic_long calls = 0;

void arm(const char *folder, int what, long at, int error) {
  snprintf(place, sizeof place, "%s", folder);
  mode = what, moment = at, error_number = error;
  atomic_store(&calls, 0);
}

long counted(void) { return atomic_load(&calls); }

static int within(const char *path) { return mode != OFF && path && strstr(path, place) != NULL; }

static int file_within(int fd) {
  char link[64], path[PATH_MAX];
  if (mode == OFF || fd < 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return within(path);
}

static int at_within(int dir, const char *path) {
  return path && (path[0] == '/' ? within(path) : dir == AT_FDCWD ? 0 : file_within(dir));
}

/* 0: do it; 1: fail; 2: do half of it; 3: do it, and then die. */
static int judge(int concerns) {
  if (!concerns) return 0;
  long number = atomic_fetch_add(&calls, 1) + 1;
  if (mode == COUNT || number < moment || (number > moment && mode != STICKY)) return 0;
  switch (mode) {
    case KILL: kill(getpid(), SIGKILL); for (;;) pause();
    case KILL_AFTER: return 3;
    case SHORT: return 2;
    default: errno = error_number; return 1;
  }
}

static void after(int verdict) {
  if (verdict == 3) { kill(getpid(), SIGKILL); for (;;) pause(); }
}

#define NEXT(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = dlsym(RTLD_NEXT, name);

#define CALL(type, name, concerns, parameters, ...) \
  type name parameters { \
    NEXT(type, #name, __VA_ARGS__) \
    int verdict = judge(concerns); \
    if (verdict == 1) return -1; \
    type done = real ARGUMENTS; \
    after(verdict); \
    return done; \
  }

#define ARGUMENTS (old, new)
CALL(int, rename, within(old) || within(new), (const char *old, const char *new), const char *, const char *)
#undef ARGUMENTS
#define ARGUMENTS (a, old, b, new)
CALL(int, renameat, at_within(a, old) || at_within(b, new), (int a, const char *old, int b, const char *new), int, const char *, int, const char *)
#undef ARGUMENTS
#define ARGUMENTS (a, old, b, new, flags)
CALL(int, renameat2, at_within(a, old) || at_within(b, new), (int a, const char *old, int b, const char *new, unsigned flags), int, const char *, int, const char *, unsigned)
#undef ARGUMENTS
#define ARGUMENTS (path, bits)
CALL(int, mkdir, within(path), (const char *path, mode_t bits), const char *, mode_t)
#undef ARGUMENTS
#define ARGUMENTS (dir, path, bits)
CALL(int, mkdirat, at_within(dir, path), (int dir, const char *path, mode_t bits), int, const char *, mode_t)
#undef ARGUMENTS
#define ARGUMENTS (path)
CALL(int, rmdir, within(path), (const char *path), const char *)
CALL(int, unlink, within(path), (const char *path), const char *)
#undef ARGUMENTS
#define ARGUMENTS (dir, path, flags)
CALL(int, unlinkat, at_within(dir, path), (int dir, const char *path, int flags), int, const char *, int)
#undef ARGUMENTS
#define ARGUMENTS (fd)
CALL(int, fsync, file_within(fd), (int fd), int)
CALL(int, fdatasync, file_within(fd), (int fd), int)
#undef ARGUMENTS
#define ARGUMENTS (fd, size)
CALL(int, ftruncate64, file_within(fd), (int fd, off64_t size), int, off64_t)
CALL(int, ftruncate, file_within(fd), (int fd, off_t size), int, off_t)
#undef ARGUMENTS

#define PARTIAL(name, parameters, types, whole, half) \
  ssize_t name parameters { \
    static ssize_t (*real) types; \
    if (!real) real = dlsym(RTLD_NEXT, #name); \
    int verdict = judge(file_within(fd)); \
    if (verdict == 1) return -1; \
    ssize_t done = verdict == 2 && size > 1 ? real half : real whole; \
    after(verdict); \
    return done; \
  }

PARTIAL(write, (int fd, const void *data, size_t size), (int, const void *, size_t), (fd, data, size), (fd, data, size / 2))
PARTIAL(pwrite64, (int fd, const void *data, size_t size, off64_t at), (int, const void *, size_t, off64_t), (fd, data, size, at), (fd, data, size / 2, at))
PARTIAL(pwrite, (int fd, const void *data, size_t size, off_t at), (int, const void *, size_t, off_t), (fd, data, size, at), (fd, data, size / 2, at))
PARTIAL(copy_file_range, (int from, off64_t *a, int fd, off64_t *b, size_t size, unsigned flags), (int, off64_t *, int, off64_t *, size_t, unsigned), (from, a, fd, b, size, flags), (from, a, fd, b, size / 2, flags))

/* An error of close comes after the file is closed. */
int close(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "close");
  int writes = mode != OFF && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY && file_within(fd);
  int verdict = judge(writes), done = real(fd);
  if (verdict == 1) { errno = error_number; return -1; }
  after(verdict);
  return done;
}

#define OPEN(name, dir, parameters, types, call) \
  int name parameters { \
    static int (*real) types; \
    if (!real) real = dlsym(RTLD_NEXT, #name); \
    mode_t bits = 0; \
    if (flags & O_CREAT) { va_list rest; va_start(rest, flags); bits = va_arg(rest, mode_t); va_end(rest); } \
    int verdict = judge((flags & (O_CREAT | O_ACCMODE)) && at_within(dir, path)); \
    if (verdict == 1) return -1; \
    int done = real call; \
    after(verdict); \
    return done; \
  }

OPEN(open, AT_FDCWD, (const char *path, int flags, ...), (const char *, int, ...), (path, flags, bits))
OPEN(open64, AT_FDCWD, (const char *path, int flags, ...), (const char *, int, ...), (path, flags, bits))
OPEN(openat, dir, (int dir, const char *path, int flags, ...), (int, const char *, int, ...), (dir, path, flags, bits))
OPEN(openat64, dir, (int dir, const char *path, int flags, ...), (int, const char *, int, ...), (dir, path, flags, bits))
