/* What the host and the small program inside a jail say to each other. Both are built from this header and run on one
 * machine, so these are plain structures. The sheet is a sealed memory file, written once by the host and read in
 * place. */
#ifndef BERTH_JAIL_SHEET_H
#define BERTH_JAIL_SHEET_H

#include <linux/filter.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  berth_sheet_version = 1,
  berth_most_mounts = 96,
  berth_most_rules = 64,
  berth_most_limits = 12,
  berth_most_filter = 1024,
  berth_most_text = 24 * 1024,
  berth_most_groups = 8,
  berth_most_fds = 16, /* that a started process is given */
  berth_most_own_limits = 8,
  berth_inline_order = 32 * 1024
};

enum berth_mount_kind {
  berth_mount_read_only, /* the source as it is, and nothing below it can be written */
  berth_mount_read_write,
  berth_mount_alias,  /* what is at `source` inside the jail, at a second place */
  berth_mount_link,   /* a symbolic link to `source` */
  berth_mount_file,   /* a small file whose content is `source` */
  berth_mount_hide,   /* nothing to see here */
  berth_mount_scratch /* an empty tmpfs of `size` bytes */
};

struct berth_mount {
  uint32_t kind, source, target; /* offsets of texts */
  int32_t fd;                    /* of a mount that the host has made; -1: the keeper opens the source */
  uint64_t size;
};

enum berth_access { berth_access_read = 1, berth_access_write = 2, berth_access_run = 4, berth_access_device = 8 };
struct berth_rule {
  uint32_t path, access;
};

struct berth_limit {
  uint32_t resource, unused;
  uint64_t soft, hard;
};

enum berth_network { berth_network_none, berth_network_loopback, berth_network_proxy };

struct berth_sheet {
  uint32_t version, size;
  uint32_t namespaces; /* CLONE_NEW… of all that are made and joined; 0: none */
  uint32_t fresh_proc; /* 0: the machine's own /proc is shown, since a new one cannot be mounted */
  uint32_t network, port;
  uint32_t changes_user;             /* 1: the agent's user is another than the host's */
  uint32_t agent, keeper;            /* their numbers as the machine knows them */
  uint32_t agent_inside;             /* the agent's number in the jail */
  uint32_t landlock, landlock_scope; /* the ABI, 0: none; whether signals and abstract sockets end at the jail */
  uint32_t mounts, rules, limits, filter, hostname, text_size;
  uint32_t nests; /* 1: what runs here confines others, and writes their maps into /proc */
  struct berth_mount mount[berth_most_mounts];
  struct berth_rule rule[berth_most_rules];
  struct berth_limit limit[berth_most_limits];
  struct sock_filter code[berth_most_filter];
  char text[berth_most_text];
};

/* What comes back, perhaps with a descriptor. */
enum berth_answer_kind { berth_answer_process, berth_answer_ready, berth_answer_started, berth_answer_failed };
struct berth_answer {
  uint32_t kind;
  int32_t error;
  char what[120];
};

/* An order to start a process: this, then the texts, each with its zero: program, folder, arguments, environment. */
enum { berth_order_terminal = 1, berth_order_in_file = 2 };
struct berth_order {
  uint32_t arguments, variables, fds, flags;
  uint32_t size;   /* of the texts */
  uint32_t limits; /* of this process and what comes of it */
  struct berth_limit limit[berth_most_own_limits];
  uint8_t number[berth_most_fds]; /* that each descriptor has there */
};

/* Descriptors that a role finds open. */
enum { berth_fd_socket = 3, berth_fd_sheet = 4, berth_fd_program = 5, berth_fd_rest = 6 };

#ifdef __cplusplus
}
#endif
#endif
