/* Prints the manifest that a plugin carries, so that the build can lay it beside the library and the host can read it
 * without running the plugin. Usage: berth-manifest PLUGIN.so > PLUGIN.berth.json Exit: 0 printed, 1 not a plugin of
 * this ABI, 2 wrong usage. */
#include <berth/abi.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char usage[] = "usage: berth-manifest PLUGIN.so > PLUGIN.berth.json\n";

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

static int print(const char* file, const berth_plugin* plugin) {
  if (!plugin) return complain(file, "its entry returned nothing; what its declaration lacks is said above");
  if (plugin->major != BERTH_ABI_MAJOR) {
    fprintf(stderr, "berth-manifest: %s: was built for ABI %u.%u, and this program speaks %u.%u\n", file, plugin->major,
            plugin->minor, BERTH_ABI_MAJOR, BERTH_ABI_MINOR);
    return 1;
  }
  if (plugin->size < sizeof *plugin) return complain(file, "its table of functions is too small");
  if (!plugin->manifest.data || plugin->manifest.size == 0) return complain(file, "carries no manifest");
  if (fwrite(plugin->manifest.data, 1, plugin->manifest.size, stdout) != plugin->manifest.size || fflush(stdout) != 0) {
    return complain(file, "its manifest cannot be written");
  }
  return 0;
}

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "--help") == 0) return fputs(usage, stdout) < 0;
  if (argc != 2 || argv[1][0] == '-') {
    fputs(usage, stderr);
    return 2;
  }
  if (access(argv[1], R_OK) != 0) return complain(argv[1], strerror(errno));
  void* library = load(argv[1]);
  if (!library) {
    const char* why = dlerror();
    return complain(argv[1], why ? why : "its name is too long");
  }
  void* symbol = dlsym(library, "berth_plugin_entry");
  if (!symbol) return complain(argv[1], "does not export berth_plugin_entry; is it a Berth plugin?");
  berth_plugin_entry_fn entry;
  memcpy(&entry, &symbol, sizeof entry); /* the way that ISO C allows */
  return print(argv[1], entry());
}
