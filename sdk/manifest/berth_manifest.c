/* Prints the manifest that a plugin carries, so that the build can lay it beside the library and the host can read it
 * without running the plugin. Usage: berth-manifest PLUGIN.so > PLUGIN.berth.json Exit: 0 printed, 1 not a plugin of
 * this ABI, 2 wrong usage. */
#include <berth/abi.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static int complain(const char* file, const char* why) {
  fprintf(stderr, "berth-manifest: %s: %s\n", file, why);
  return 1;
}

int main(int argc, char** argv) {
  if (argc != 2 || argv[1][0] == '-') {
    fprintf(stderr, "usage: berth-manifest PLUGIN.so > PLUGIN.berth.json\n");
    return 2;
  }
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (!library) return complain(argv[1], dlerror());
  void* symbol = dlsym(library, "berth_plugin_entry");
  if (!symbol) return complain(argv[1], "does not export berth_plugin_entry; is it a Berth plugin?");
  berth_plugin_entry_fn entry;
  memcpy(&entry, &symbol, sizeof entry); /* the way that ISO C allows */
  const berth_plugin* plugin = entry();
  if (!plugin) return complain(argv[1], "its entry returned nothing");
  if (plugin->major != BERTH_ABI_MAJOR) return complain(argv[1], "was built for another major version of the ABI");
  if (fwrite(plugin->manifest.data, 1, plugin->manifest.size, stdout) != plugin->manifest.size || fflush(stdout) != 0) {
    return complain(argv[1], "its manifest cannot be written");
  }
  return 0;
}
