/* berth.files/1 — lent by the host: a folder of the plugin's own that outlives its instance. No name leads out of it.
 * Every plugin has it; nothing is to be declared.
 *
 * All functions work on a disk: call them in `blocking` operations, in create() or in threads of the plugin's own. They
 * return 1, or 0 after `fail` was called. What the callbacks of a berth_files_answer get is valid until they return;
 * they are called before the function returns, on the calling thread. Any thread. */
#ifndef BERTH_SERVICE_FILES_H
#define BERTH_SERVICE_FILES_H
#include <berth/abi.h>

#define BERTH_FILES "berth.files/1"

typedef struct berth_files_entry {
  uint32_t size;
  uint32_t folder; /* 1: it is one */
  berth_text name;
  uint64_t bytes;
  int64_t modified_ms; /* since 1970 */
} berth_files_entry;

typedef struct berth_files_answer {
  uint32_t size;
  uint32_t reserved;
  void* with;                                          /* the plugin's */
  void (*content)(void* with, berth_text bytes);       /* of read(); may be NULL elsewhere */
  void (*entry)(void* with, const berth_files_entry*); /* of list(), in the order of names; may be NULL elsewhere */
  void (*fail)(void* with, const berth_failure*);      /* may be NULL */
} berth_files_answer;

/* Names are relative paths, "notes/today.txt", of UTF-8; ".." and links are refused. Folders are made as they are
 * needed. */
typedef struct berth_files {
  uint32_t size;
  /* All of a file, if it has at most `at_most` bytes. */
  int (*read)(const berth_host*, berth_text name, uint64_t at_most, const berth_files_answer*);
  /* A file with this content in place of what was there: a crash leaves the old or the new. `sync` 1: it is on the
   * disk. */
  int (*write)(const berth_host*, berth_text name, berth_text content, int sync, const berth_files_answer*);
  /* More at the end of a file, all of it or nothing. */
  int (*append)(const berth_host*, berth_text name, berth_text content, int sync, const berth_files_answer*);
  /* A file, or an empty folder. */
  int (*remove)(const berth_host*, berth_text name, const berth_files_answer*);
  /* What is in a folder; "" is the plugin's own. */
  int (*list)(const berth_host*, berth_text folder, const berth_files_answer*);
  /* A file to read, as for a download's file(). The descriptor is the plugin's to close; -1 after `fail`. */
  int (*open)(const berth_host*, berth_text name, const berth_files_answer*);
  /* Where the folder is, for programs that the plugin starts. The host's; valid until destroy() returns. */
  berth_text (*path)(const berth_host*);
} berth_files;
#endif
