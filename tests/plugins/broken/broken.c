/* A plugin with one flaw, chosen when it is compiled, to see that it is named. */
#include <berth/abi.h>

#ifdef NO_ENTRY
BERTH_EXPORT const char* something_else(void);
const char* something_else(void) { return "no plugin"; }
#else
BERTH_EXPORT const berth_plugin* berth_plugin_entry(void);
const berth_plugin* berth_plugin_entry(void) {
  static berth_plugin plugin = {.size = sizeof plugin, .major = BERTH_ABI_MAJOR, .manifest = {"{}", 2}};
#if defined OTHER_MAJOR
  plugin.major = BERTH_ABI_MAJOR + 1;
  plugin.minor = 7;
#elif defined SMALL_TABLE
  plugin.size = 8;
#elif defined NO_MANIFEST
  plugin.manifest.data = 0;
#endif
#ifdef NULL_ENTRY
  return 0;
#else
  return &plugin;
#endif
}
#endif
