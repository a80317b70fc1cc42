/* What the inside program can be, one at a time. */
#ifndef BERTH_JAIL_ROLES_H
#define BERTH_JAIL_ROLES_H

int keep(void);                    /* makes the namespaces and stays in them as their first process */
int start(void);                   /* joins them and starts processes there as it is told */
int probe(int count, char** with); /* tries what this machine allows and prints it */

#endif
