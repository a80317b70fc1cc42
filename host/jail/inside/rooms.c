/* The jail's root is a tmpfs that ends read-only; everything else is mounted into it. Sources are taken hold of before
 * anything is covered, since one may lie where the new root comes to stand. */
#define _GNU_SOURCE
#include "rooms.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "small.h"

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

static int take(const char* path) {
  return (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
}

static int close_off(int fd, const char* path, uint64_t attributes) {
  struct mount_attr attr = {.attr_set = attributes, .propagation = MS_PRIVATE};
  return (int)syscall(SYS_mount_setattr, fd, path, AT_RECURSIVE | (*path ? 0 : AT_EMPTY_PATH), &attr, sizeof attr);
}

static int put(int fd, const char* target) {
  return (int)syscall(SYS_move_mount, fd, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH);
}

/* The parents of `path`, and `path` itself as a folder or, if `file`, as an empty file. */
static int make_place(const char* path, int file) {
  char part[PATH_MAX];
  snprintf(part, sizeof part, "%s", path);
  for (char* at = strchr(part, '/'); at; at = strchr(at + 1, '/')) {
    *at = 0;
    if (*part && mkdir(part, 0755) != 0 && errno != EEXIST && errno != EROFS) return -1;
    *at = '/';
  }
  if (!file) return mkdir(part, 0755) == 0 || errno == EEXIST || errno == EROFS ? 0 : -1;
  const int fd = open(part, O_CREAT | O_WRONLY | O_CLOEXEC, 0444);
  if (fd >= 0) close(fd);
  return fd >= 0 || access(part, F_OK) == 0 ? 0 : -1;
}

static int mount_scratch(const char* target, uint64_t size, const char* mode) {
  char options[96];
  /* A file costs memory that no size counts, so their number is bounded, too. */
  snprintf(options, sizeof options, "size=%llu,nr_inodes=%llu,mode=%s", (unsigned long long)size,
           (unsigned long long)(size / 4096 + 1024), mode);
  return mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, options);
}

static int is_file(int fd) {
  struct stat what;
  return fstat(fd, &what) == 0 && !S_ISDIR(what.st_mode);
}

static int place_bind(const struct berth_mount* one, int fd, const char* target) {
  const uint64_t quiet = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  if (close_off(fd, "", one->kind == berth_mount_read_only ? quiet | MOUNT_ATTR_RDONLY : quiet) != 0) return -1;
  return make_place(target, is_file(fd)) != 0 ? -1 : put(fd, target);
}

static int place_file(const char* content, const char* target) {
  const int fd = open(".file", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444);
  if (fd < 0) return -1;
  const size_t size = strlen(content);
  const int good = write(fd, content, size) == (ssize_t)size;
  close(fd);
  const int tree = good ? take(".file") : -1;
  if (tree < 0 || close_off(tree, "", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV) != 0) return -1;
  const int done = make_place(target, 1) != 0 ? -1 : put(tree, target);
  unlink(".file"); /* what is mounted stays */
  close(tree);
  return done;
}

static int hide(const char* target) {
  struct stat what;
  if (stat(target, &what) != 0) return errno == ENOENT || errno == EACCES ? 0 : -1;
  if (!S_ISDIR(what.st_mode)) return place_file("", target);
  return mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k,mode=0755");
}

static int place_alias(const char* source, const char* target) {
  const int tree = take(source);
  if (tree < 0) return -1;
  const int done = make_place(target, 0) != 0 ? -1 : put(tree, target);
  close(tree);
  return done;
}

static int place(const struct berth_sheet* sheet, const struct berth_mount* one, int fd) {
  const char *source = text_of(sheet, one->source),
             *target = text_of(sheet, one->target) + 1; /* relative to the root */
  char at[PATH_MAX];
  switch (one->kind) {
    case berth_mount_read_only:
    case berth_mount_read_write: return fd < 0 ? 0 : place_bind(one, fd, target);
    case berth_mount_alias: return place_alias(source + 1, target);
    case berth_mount_link:
      snprintf(at, sizeof at, "%s", target);
      return symlink(source, at) == 0 || errno == EEXIST ? 0 : -1;
    case berth_mount_file: return place_file(source, target);
    case berth_mount_hide: return hide(target);
    case berth_mount_scratch: return make_place(target, 0) != 0 ? -1 : mount_scratch(target, one->size, "1777");
  }
  errno = EPROTO;
  return -1;
}

/* Of the machine's devices the harmless ones; terminals are the jail's own. */
static void build_devices(int to, const int* devices, const char* const* names, int count) {
  if (mkdir("dev", 0755) != 0 || mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "size=64k,mode=0755") != 0)
    give_up(to, "mount", "/dev");
  for (int i = 0; i < count; ++i) {
    char target[32];
    join_text(target, sizeof target, "dev/", names[i]);
    if (devices[i] < 0 || make_place(target, 1) != 0 || put(devices[i], target) != 0) give_up(to, "mount", target);
    close(devices[i]);
  }
  mkdir("dev/pts", 0755);
  mkdir("dev/shm", 0755);
  if (mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620") != 0)
    give_up(to, "mount", "/dev/pts");
  if (symlink("pts/ptmx", "dev/ptmx") != 0 || symlink("/proc/self/fd", "dev/fd") != 0 ||
      symlink("/proc/self/fd/0", "dev/stdin") != 0 || symlink("/proc/self/fd/1", "dev/stdout") != 0 ||
      symlink("/proc/self/fd/2", "dev/stderr") != 0)
    give_up(to, "make links in", "/dev");
  struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
  if (syscall(SYS_mount_setattr, AT_FDCWD, "dev", 0, &attr, sizeof attr) != 0) give_up(to, "close off", "/dev");
}

/* Read-only: what can be written there is for administrators, for processes that outlive a shortage of memory, and for
 * whoever confines others: their users' maps, which lets such a jail write there what is its processes' own. */
static void build_proc(const struct berth_sheet* sheet, int to, int machine) {
  mkdir("proc", 0755);
  const unsigned long quiet = MS_NOSUID | MS_NODEV | MS_NOEXEC | (sheet->nests ? 0 : MS_RDONLY);
  if (sheet->fresh_proc) {
    if (mount("proc", "proc", "proc", quiet, "hidepid=invisible") != 0 &&
        mount("proc", "proc", "proc", quiet, "hidepid=2") != 0)
      give_up(to, "mount", "/proc");
    return;
  }
  if (machine < 0 ||
      close_off(machine, "", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC) != 0 ||
      put(machine, "proc") != 0)
    give_up(to, "bind", "/proc");
}

static void move_in(int to) {
  if (syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0 || chdir("/") != 0)
    give_up(to, "move into", "the new root");
  struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
  if (syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, &attr, sizeof attr) != 0) give_up(to, "close off", "the root");
}

void build_rooms(const struct berth_sheet* sheet, int to) {
  static const char* const names[] = {"null", "zero", "full", "random", "urandom", "tty"};
  enum { device_count = 6 };
  int trees[berth_most_mounts], devices[device_count];
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) give_up(to, "make private", "/");
  for (uint32_t i = 0; i < sheet->mounts; ++i) {
    const struct berth_mount* one = &sheet->mount[i];
    trees[i] = one->fd;
    if (one->fd >= 0 || one->kind > berth_mount_read_write) continue;
    trees[i] = take(text_of(sheet, one->source));
    if (trees[i] < 0) give_up(to, "take", text_of(sheet, one->source));
  }
  for (int i = 0; i < device_count; ++i) {
    char path[32];
    join_text(path, sizeof path, "/dev/", names[i]);
    devices[i] = take(path);
  }
  const int machine_proc = sheet->fresh_proc ? -1 : take("/proc");
  if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=1k,mode=0755") != 0 ||
      chdir("/tmp") != 0)
    give_up(to, "mount", "the new root");
  umask(022);
  build_devices(to, devices, names, device_count);
  build_proc(sheet, to, machine_proc);
  for (uint32_t i = 0; i < sheet->mounts; ++i) {
    if (place(sheet, &sheet->mount[i], trees[i]) != 0) give_up(to, "mount", text_of(sheet, sheet->mount[i].target));
    if (trees[i] >= 0) close(trees[i]);
  }
  move_in(to);
}
