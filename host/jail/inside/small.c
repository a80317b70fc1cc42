/* See small.h. */
#define _GNU_SOURCE
#include "small.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

const struct berth_sheet* read_sheet(int fd) {
  void* at = mmap(NULL, sizeof(struct berth_sheet), PROT_READ, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) return NULL;
  const struct berth_sheet* sheet = at;
  if (sheet->version == berth_sheet_version && sheet->size == sizeof *sheet) return sheet;
  munmap(at, sizeof *sheet);
  errno = EPROTO;
  return NULL;
}

const char* text_of(const struct berth_sheet* sheet, uint32_t at) {
  return at < sheet->text_size ? sheet->text + at : "";
}

void answer(int to, enum berth_answer_kind kind, int error, const char* what, int fd) {
  struct berth_answer said = {.kind = kind, .error = error};
  snprintf(said.what, sizeof said.what, "%s", what);
  union {
    char room[CMSG_SPACE(sizeof(int))];
    struct cmsghdr align;
  } control = {0};
  struct iovec piece = {&said, sizeof said};
  struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
  if (fd >= 0) {
    message.msg_control = control.room;
    message.msg_controllen = sizeof control.room;
    struct cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(head), &fd, sizeof fd);
  }
  while (sendmsg(to, &message, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

void give_up(int to, const char* what, const char* which) {
  const int why = errno;
  char text[120];
  snprintf(text, sizeof text, "%s%s%s", what, *which ? " " : "", which);
  answer(to, berth_answer_failed, why, text, -1);
  _exit(1);
}

int write_text(const char* path, const char* text) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  const size_t size = strlen(text);
  const ssize_t put = write(fd, text, size);
  const int why = errno;
  close(fd);
  errno = why;
  return put == (ssize_t)size ? 0 : -1;
}

void join_text(char* to, size_t room, const char* a, const char* b) { snprintf(to, room, "%s%s", a, b); }
