/* berth.process/1 — lent by the host: programs are started, fed, heard, bounded and ended. To be declared and granted.
 * It is the only way to start one. The host starts them in a jail: that of a session, or the plugin's own. Paths are
 * those inside: /workspace and its like are there, and of the machine the system, read-only; no network, and nothing of
 * the host. /tmp is the jail's. What a plugin starts ends with its instance, and with its process; so does its group.
 */
#ifndef BERTH_SERVICE_PROCESS_H
#define BERTH_SERVICE_PROCESS_H
#include <berth/abi.h>

#define BERTH_PROCESS "berth.process/1"
#define BERTH_PROCESS_MOST 1024u           /* that one instance may have at once */
#define BERTH_PROCESS_INPUT_MOST 16777216u /* bytes that may wait to be read by one */

enum { /* flags of a plan */
       /* The environment has PATH, LANG, LC_ALL and TZ of the host's, too, and the jail's /tmp as HOME and TMPDIR. */
       BERTH_PROCESS_INHERIT = 1,
       BERTH_PROCESS_INPUT = 2,     /* its standard input is what write() gives it; otherwise it is empty */
       BERTH_PROCESS_TOGETHER = 4,  /* its standard error comes with its output */
       BERTH_PROCESS_LEADER = 8,    /* not its group alone ends with it, but every group of its session (setsid) */
       BERTH_PROCESS_TERMINAL = 16, /* a terminal of its own takes the place of all three, and leads its session */
       BERTH_PROCESS_BESIDE = 32,   /* its ears are called beside the plugin's other calls, as if `concurrent` */
       BERTH_PROCESS_STAYS = 64     /* the agent's state is in it (a kernel): the session's wall_time is not for it */
};
enum { BERTH_PROCESS_OUTPUT = 1, BERTH_PROCESS_ERRORS = 2 }; /* outlets */

typedef struct berth_process_file { /* a descriptor that it inherits */
  int32_t fd;                       /* the plugin's; duplicated before spawn() returns */
  int32_t number;                   /* that it has there, 0 to 255 */
} berth_process_file;

typedef struct berth_process_plan {
  uint32_t size;
  uint32_t flags;
  berth_text program;          /* a path, or a name that is looked for in its PATH; empty: the first argument */
  const berth_text* arguments; /* the first is the program's name for itself */
  size_t argument_count;
  const berth_text* environment; /* "NAME=value" */
  size_t environment_count;
  /* Whose jail it is in: of a session that exists, as berth_request tells it. Empty: the plugin's own, which sees the
   * folder of berth.files, at the same path, and nothing of sessions. */
  berth_text session;
  berth_text folder;               /* where it starts, inside; empty: /workspace, or the folder of berth.files */
  const berth_process_file* files; /* 13 of them at most */
  size_t file_count;
  uint16_t rows, columns; /* of its terminal; 0: 24 and 80 */
  uint32_t reserved;
  /* Limits, within those of the jail; 0: no others. The first two are of it as a whole, the others of each process that
   * comes of it. */
  uint64_t time_ms;   /* wall-clock */
  uint64_t output;    /* bytes that it may write, of both outlets */
  uint64_t memory;    /* address space: what does not fit is refused to the program */
  uint64_t file_size; /* that it may write */
  uint64_t cpu_seconds, open_files;
  uint64_t processes; /* of the jail's user, as the kernel counts them */
} berth_process_plan;

typedef struct berth_process_end {
  uint32_t size;
  int32_t code;   /* exit code; -1: it did not exit */
  int32_t signal; /* that ended it; 0: none did */
  uint32_t reserved;
  berth_text cause; /* "exited", "killed", "stopped", "not_started", "time_limit" (of the plan or the session),
                       "output_limit", "cpu_limit", "file_size_limit", "memory_limit" (of the jail), "disk_quota" (of
                       the workspace) */
  berth_text words; /* "ended with exit code 7", "killed: wall-clock limit 2 s", "killed: memory limit 500 MB" */
  uint64_t wall_us, user_us, system_us;
  uint64_t peak_memory; /* bytes, resident: of it, or of the largest of its own children that it waited for */
  uint64_t output;      /* bytes that were heard of it */
} berth_process_end;

/* How often the jail of a process has run into its limits, since it was opened. What a process forked hears of no limit
 * itself: who asks before and after knows whether one of the jail ended it. */
typedef struct berth_process_hits {
  uint32_t size;
  uint32_t counted;        /* which of the following somebody counts there; the others are 0 */
  uint64_t memory;         /* processes that were killed for its limit of memory */
  uint64_t processes;      /* how often one was refused for its limit of processes */
  berth_text memory_limit; /* in words: "memory limit 500 MB" */
} berth_process_hits;
enum { BERTH_PROCESS_COUNTS_MEMORY = 1, BERTH_PROCESS_COUNTS_PROCESSES = 2 };

/* What is heard of one process: serialised like invoke() unless BERTH_PROCESS_BESIDE, on the host's I/O thread; none
 * may block. Nothing is called once destroy() has begun. What they are given is valid until they return. All but
 * `ended` may be NULL. */
typedef struct berth_process_ears {
  uint32_t size;
  uint32_t reserved;
  /* A piece of its output. The next one is read when this has returned BERTH_OK; after BERTH_FULL, when resume() was
   * called. Meanwhile the program fills its pipe and then stands still. */
  berth_flow (*output)(void* with, uint64_t process, uint32_t outlet, berth_text bytes);
  /* After write() said BERTH_FULL: there is room again. */
  void (*room)(void* with, uint64_t process);
  /* Once, after the last of its output, or if it could not be started. */
  void (*ended)(void* with, uint64_t process, const berth_process_end*);
  /* Once, and last: whatever `with` is may be freed. Any thread; must not block or call the host. At the latest before
   * destroy(). */
  void (*gone)(void* with);
  void* with; /* the plugin's */
  /* What look() asked for. Not there in the first version of this service: `size` tells. */
  void (*hits)(void* with, uint64_t process, const berth_process_hits*);
} berth_process_ears;

typedef struct berth_process {
  uint32_t size;
  /* Any thread; never blocks: how it went is heard later. Both structs are copied. The process's number, never used
   * twice; or 0, and gone() is not called: 1024 run already, the instance is about to be destroyed, or a struct is
   * wrong. */
  uint64_t (*spawn)(const berth_host*, const berth_process_plan*, const berth_process_ears*);
  /* Gives it something to read; copied. BERTH_FULL: taken, but it reads slowly: wait for room(). BERTH_WRONG: not
   * taken, too much waits. BERTH_GONE: not taken, it has ended. Any thread; never blocks. */
  berth_flow (*write)(const berth_host*, uint64_t process, berth_text bytes);
  /* The end of what it is given, behind what waits. Any thread; never blocks. */
  void (*close_input)(const berth_host*, uint64_t process);
  /* More of this outlet, please. Any thread; never blocks. */
  void (*resume)(const berth_host*, uint64_t process, uint32_t outlet);
  /* The size of its terminal. Any thread; never blocks. */
  void (*resize)(const berth_host*, uint64_t process, uint16_t rows, uint16_t columns);
  /* A signal for its whole group. Any thread; never blocks. */
  void (*signal)(const berth_host*, uint64_t process, int32_t number);
  /* The same, and SIGKILL if it is still there after `grace_ms`. Any thread; never blocks. */
  void (*stop)(const berth_host*, uint64_t process, int32_t number, uint64_t grace_ms);
  /* Waits until ended() has returned. 1: it has. 0: it cannot be waited for here: on the I/O thread (in whatever is not
   * `blocking`), in create(), or for a process without BERTH_PROCESS_BESIDE, whose ears would wait for the waiting
   * call. */
  int (*wait)(const berth_host*, uint64_t process);
  /* Asks for berth_process_hits: heard once for each time, in order, as long as the process is there, and of one that
   * is on its way once it is (64 are kept until then); not once ended() has been called. Any thread; never blocks. Not
   * there in the first version of this service: `size` tells. */
  void (*look)(const berth_host*, uint64_t process);
} berth_process;
#endif
