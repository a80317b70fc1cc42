/* Small things that all roles of the inside program need. Nothing here allocates. */
#ifndef BERTH_JAIL_SMALL_H
#define BERTH_JAIL_SMALL_H

#include <stddef.h>

#include "sheet.h"

const struct berth_sheet* read_sheet(int fd); /* NULL: none of ours */
const char* text_of(const struct berth_sheet* sheet, uint32_t at);
/* Sends an answer, with a descriptor unless `fd` is -1. */
void answer(int to, enum berth_answer_kind kind, int error, const char* what, int fd);
_Noreturn void give_up(int to, const char* what, const char* which); /* with errno, to the host; ends the process */
int write_text(const char* path, const char* text);                  /* 0, or -1 with errno */
void join_text(char* to, size_t room, const char* a, const char* b);

#endif
