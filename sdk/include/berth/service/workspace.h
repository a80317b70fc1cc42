/* berth.workspace/1 — lent by the host: where the files of a session are. To be declared and granted; to plugins that
 * did not come with the host it is not granted unless berth.lua says so, since it opens every session's files.
 *
 * A workspace is a folder with upload/ (the human's), output/ and deploy/ (the agent's) and .store/ (the host's); its
 * .todo.jsonl is a link to output/.todo.jsonl, which the agent may put anything in the place of. The
 * agent's programs see it as /workspace and at its aliases, and may put links, pipes and what they like into their
 * part, at any time: open what is in it beneath the descriptor (openat2, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS) and
 * never by a path. In a process that is confined (a stranger's, unless berth.lua says confined = false) nothing can be
 * opened beneath it. */
#ifndef BERTH_SERVICE_WORKSPACE_H
#define BERTH_SERVICE_WORKSPACE_H
#include <berth/abi.h>

#define BERTH_WORKSPACE "berth.workspace/1"

typedef struct berth_workspace_given {
  uint32_t size;
  uint32_t user;  /* uid and gid of the agent: what it is to write must belong to it */
  int32_t folder; /* a descriptor of the folder; the plugin's to close */
  uint32_t reserved;
  uint64_t quota;            /* bytes that all of it may take; 0: no bound */
  const berth_text* aliases; /* absolute paths at which the agent sees it, besides /workspace */
  size_t alias_count;
} berth_workspace_given;

typedef struct berth_workspace_answer {
  uint32_t size;
  uint32_t reserved;
  void* with; /* the plugin's */
  /* One of the two is called, once, before open() returns and on its thread. What they get is valid until they return,
   * but for the descriptor. */
  void (*given)(void* with, const berth_workspace_given*);
  void (*fail)(void* with, const berth_failure*); /* 404: no such session; 503: not now. May be NULL */
} berth_workspace_answer;

typedef struct berth_workspace {
  uint32_t size;
  /* The workspace of a session ("" is main), as it is now: ask again for each call, or keep it for seconds. 1, or 0
   * after `fail`. Waits for the host: call it in `blocking` operations or in threads of the plugin's own; on the I/O
   * thread and in create() it fails at once. Any such thread; at most BERTH_WORKSPACE_MOST at once. */
  int (*open)(const berth_host*, berth_text session, const berth_workspace_answer*);
} berth_workspace;

#define BERTH_WORKSPACE_MOST 1024u
#endif
