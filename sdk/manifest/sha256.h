/* SHA-256 (FIPS 180-4) for berth-manifest, which is installed with the SDK and must not depend on a library for it. */
#ifndef BERTH_SHA256_H
#define BERTH_SHA256_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sha256 {
  uint32_t state[8];
  uint64_t size; /* of all that was added, in bytes */
  unsigned char block[64];
};

void sha256_begin(struct sha256* sum);
void sha256_add(struct sha256* sum, const void* bytes, size_t size);
void sha256_end(struct sha256* sum, char hex[65]); /* ends with 0; begin again before the next use */

#ifdef __cplusplus
}
#endif

#endif
