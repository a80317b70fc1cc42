// No content is read for an etag: a folder of large files would take minutes.
#include "entry.hpp"

#include <sys/sysmacros.h>

#include <cstdio>
#include <ctime>

#include "root.hpp"

namespace workspace {

using berth::Error;
using berth::Json;

std::string kind_word(mode_t mode) {
  const std::string_view kind = kind_of(mode);
  return std::string(kind.substr(kind.find(' ') + 1));
}

std::string etag_of(const struct stat& found) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  const auto mix = [&hash](std::uint64_t value) {
    for (int i = 0; i < 8; ++i, value >>= 8) hash = (hash ^ (value & 0xff)) * 0x100000001b3u;
  };
  for (const auto& time : {found.st_mtim, found.st_ctim}) {
    mix(static_cast<std::uint64_t>(time.tv_sec));
    mix(static_cast<std::uint64_t>(time.tv_nsec));
  }
  mix(found.st_ino);
  mix(static_cast<std::uint64_t>(found.st_size));
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

std::string time_text(const struct timespec& time) {
  struct tm parts = {};
  char text[40], all[48];
  if (!::gmtime_r(&time.tv_sec, &parts) || std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts) == 0)
    return {};
  std::snprintf(all, sizeof all, "%s.%03dZ", text, static_cast<int>(time.tv_nsec / 1'000'000));
  return all;
}

Json entry_of(std::string_view name, const struct stat& found) {
  Json entry{{"name", escaped(name)}, {"kind", kind_word(found.st_mode)}, {"modified", time_text(found.st_mtim)}};
  if (S_ISREG(found.st_mode)) entry["size"] = found.st_size;
  return entry;
}

Json file_facts(const Place& place, const struct stat& found) {
  return {{"path", place.shown()},
          {"size", found.st_size},
          {"modified", time_text(found.st_mtim)},
          {"etag", etag_of(found)}};
}

void demand_etag(const std::string& expected, const struct stat* found, const Place& place) {
  if (expected.empty() || (found && etag_of(*found) == expected)) return;
  throw Error(412, "changed", place.shown() + (found ? " has changed since it was read" : " is not there any more"),
              "read it again, and say the etag that comes with it");
}

}  // namespace workspace
