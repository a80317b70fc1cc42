/* The small program of which each jail has two processes. The host carries it in itself and runs it from a sealed
 * memory file, so that nothing has to be found and nobody can change it. Static and without anything to load: it starts
 * in a fraction of a millisecond and holds little memory. */
#include <string.h>
#include <sys/prctl.h>

#include "roles.h"

int main(int count, char** with) {
  if (count < 2) return 2;
  prctl(PR_SET_NAME, with[0]);
  if (strcmp(with[1], "keep") == 0) return keep();
  if (strcmp(with[1], "start") == 0) return start();
  if (strcmp(with[1], "probe") == 0) return probe(count - 2, with + 2);
  return 2;
}
