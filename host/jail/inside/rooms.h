/* What a jail sees of the machine. */
#ifndef BERTH_JAIL_ROOMS_H
#define BERTH_JAIL_ROOMS_H

#include "sheet.h"

/* In the keeper's own mount namespace: makes the jail's root and moves into it. What fails is told to `to`, and ends
 * the process. */
void build_rooms(const struct berth_sheet* sheet, int to);

#endif
