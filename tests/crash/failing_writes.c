/* A disk that fails: loaded before libc, it lets one chosen write to a folder go wrong.

   A write is whatever changes a file or a folder: opening to write, writing, cutting, settling on
   the disk, renaming, removing, making a folder. Counted are those on paths that hold
   FAILING_FOLDER. Call number `at` fails with an error, and with `and_after` every later one too;
   with the error KILLED the process is killed in the middle of it. A write of several bytes is half
   done when it fails. The three numbers come from FAILING_AT, FAILING_AFTER and FAILING_ERROR, or
   from `fail_at`, which returns how many calls there were since it was called before. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { KILLED = -1 };

static long at, and_after, error, count;

long fail_at(long which, long after, long number) {
    long before = count;
    at = which, and_after = after, error = number, count = 0;
    return before;
}

static long from_environment(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

__attribute__((constructor)) static void begin(void) {
    fail_at(from_environment("FAILING_AT"), from_environment("FAILING_AFTER"),
            from_environment("FAILING_ERROR"));
}

/* Tell whether this call is one that fails. */
static int fails(const char *path) {
    const char *folder = getenv("FAILING_FOLDER");
    if (!folder || !strstr(path, folder)) return 0;
    long now = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
    return at && (now == at || (now > at && and_after));
}

static int fails_open(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(path);
}

static int failed(void) {
    if (error == KILLED) kill(getpid(), SIGKILL);
    errno = (int)error;
    return -1;
}

#define REALLY(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define WRITES(flags) ((flags) & (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR))

#define OPEN(name, parameters, folder_and_path)                          \
    int name(parameters, int flags, ...) {                               \
        va_list rest;                                                    \
        va_start(rest, flags);                                           \
        mode_t mode = va_arg(rest, mode_t);                              \
        va_end(rest);                                                    \
        if (WRITES(flags) && fails(path)) return failed();               \
        return REALLY(name)(folder_and_path, flags, mode);               \
    }
#define BOTH(first, second) first, second

#define WRITE_AT(name, offset)                                           \
    ssize_t name(int file, const void *bytes, size_t size, offset to) {  \
        if (!fails_open(file)) return REALLY(name)(file, bytes, size, to); \
        if (size > 1) REALLY(name)(file, bytes, size / 2, to);           \
        return failed();                                                 \
    }
#define SETTLE(name)                                                     \
    int name(int file) { return fails_open(file) ? failed() : REALLY(name)(file); }
#define CUT(name, offset)                                                \
    int name(int file, offset size) {                                    \
        return fails_open(file) ? failed() : REALLY(name)(file, size);   \
    }

OPEN(open, const char *path, path)
OPEN(open64, const char *path, path)
OPEN(openat, BOTH(int folder, const char *path), BOTH(folder, path))
OPEN(openat64, BOTH(int folder, const char *path), BOTH(folder, path))
WRITE_AT(pwrite, off_t)
WRITE_AT(pwrite64, off64_t)
SETTLE(fsync)
SETTLE(fdatasync)
CUT(ftruncate, off_t)
CUT(ftruncate64, off64_t)

ssize_t write(int file, const void *bytes, size_t size) {
    if (!fails_open(file)) return REALLY(write)(file, bytes, size);
    if (size > 1) REALLY(write)(file, bytes, size / 2);
    return failed();
}

int rename(const char *from, const char *to) {
    return fails(to) ? failed() : REALLY(rename)(from, to);
}

int unlink(const char *path) { return fails(path) ? failed() : REALLY(unlink)(path); }

int mkdir(const char *path, mode_t mode) {
    return fails(path) ? failed() : REALLY(mkdir)(path, mode);
}
