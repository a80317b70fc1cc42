/* Prints the manifest that a plugin carries, so that the build can lay it beside the library and the host can read it
 * without running the plugin; and puts into it, last, the SHA-256 of the library, which the code itself cannot hold.
 * Usage: berth-manifest PLUGIN.so [PLUGIN.berth.json]. Into a file it comes whole or not at all, since a host may be
 * watching. Exit: 0 printed, 1 not a plugin of this ABI, 2 wrong usage. */
#include <berth/abi.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sha256.h"

static const char usage[] = "usage: berth-manifest PLUGIN.so [PLUGIN.berth.json]\n";

static int complain(const char* file, const char* why) {
  fprintf(stderr, "berth-manifest: %s: %s\n", file, why);
  return 1;
}

/* A name without a slash is a file here, and not one that the linker looks for. */
static void* load(const char* file) {
  char here[4096];
  const int size = snprintf(here, sizeof here, "%s%s", strchr(file, '/') ? "" : "./", file);
  return size > 0 && (size_t)size < sizeof here ? dlopen(here, RTLD_NOW | RTLD_LOCAL) : NULL;
}

static int digest_of(const char* file, char hex[65]) {
  char piece[16384];
  size_t got;
  struct sha256 sum;
  FILE* from = fopen(file, "rb");
  if (!from) return 0;
  sha256_begin(&sum);
  while ((got = fread(piece, 1, sizeof piece, from)) > 0) sha256_add(&sum, piece, got);
  const int whole = !ferror(from);
  fclose(from);
  sha256_end(&sum, hex);
  return whole;
}

/* The place of the last }, after which only space may come; or `size`, if the text cannot be an object. */
static size_t end_of_object(const char* text, size_t size) {
  size_t at = size;
  while (at > 0 && memchr(" \t\r\n", text[at - 1], 4)) --at;
  return at > 0 && text[at - 1] == '}' ? at - 1 : size;
}

/* Byte for byte what the host expects: loader/manifest.cpp makes the same of the text in the code. */
static int print(const char* file, const char* text, size_t size) {
  char digest[65];
  const size_t end = end_of_object(text, size);
  if (end == size) return complain(file, "its manifest is no JSON object");
  if (!digest_of(file, digest)) return complain(file, "cannot be read to its end");
  fwrite(text, 1, end, stdout);
  printf(",\"sha256\":\"%s\"", digest);
  fwrite(text + end, 1, size - end, stdout);
  return fflush(stdout) != 0 || ferror(stdout) ? complain(file, "its manifest cannot be written") : 0;
}

static int check(const char* file, const berth_plugin* plugin) {
  if (!plugin) return complain(file, "its entry returned nothing; what its declaration lacks is said above");
  if (plugin->major != BERTH_ABI_MAJOR) {
    fprintf(stderr, "berth-manifest: %s: was built for ABI %u.%u, and this program speaks %u.%u\n", file, plugin->major,
            plugin->minor, BERTH_ABI_MAJOR, BERTH_ABI_MINOR);
    return 1;
  }
  if (plugin->size < sizeof *plugin) return complain(file, "its table of functions is too small");
  if (!plugin->manifest.data || plugin->manifest.size == 0) return complain(file, "carries no manifest");
  return print(file, plugin->manifest.data, plugin->manifest.size);
}

static int read_from(const char* file) {
  if (access(file, R_OK) != 0) return complain(file, strerror(errno));
  void* library = load(file);
  if (!library) {
    const char* why = dlerror();
    return complain(file, why ? why : "its name is too long");
  }
  void* symbol = dlsym(library, "berth_plugin_entry");
  if (!symbol) return complain(file, "does not export berth_plugin_entry; is it a Berth plugin?");
  berth_plugin_entry_fn entry;
  memcpy(&entry, &symbol, sizeof entry); /* the way that ISO C allows */
  return check(file, entry());
}

/* One that is there already is not that of this library any more, so it goes, too, if there is none to take its place.
 */
static int write_to(const char* manifest, const char* file) {
  char begun[4096];
  const int size = snprintf(begun, sizeof begun, "%s.new", manifest);
  if (size < 0 || (size_t)size >= sizeof begun) return complain(manifest, "its name is too long");
  if (!freopen(begun, "w", stdout)) return complain(begun, strerror(errno));
  int failed = read_from(file);
  if (!failed && rename(begun, manifest) != 0) failed = complain(manifest, strerror(errno));
  if (!failed) return 0;
  unlink(begun);
  unlink(manifest);
  return failed;
}

static int is_manifest(const char* name) {
  const size_t size = strlen(name);
  return size > 5 && strcmp(name + size - 5, ".json") == 0;
}

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "--help") == 0) return fputs(usage, stdout) < 0;
  if (argc < 2 || argc > 3 || argv[1][0] == '-' || (argc == 3 && !is_manifest(argv[2]))) {
    fputs(usage, stderr);
    return 2;
  }
  return argc == 3 ? write_to(argv[2], argv[1]) : read_from(argv[1]);
}
