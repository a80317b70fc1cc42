// A folder may have half of what the session may have: a page that gives without end fills no disk.
#include "download.hpp"

#include <berth/beneath.hpp>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "files.hpp"

namespace browser {

namespace {

constexpr const char* downloads_folder = "output/downloads";
constexpr const char* quarantine_folder = "output/downloads/quarantine";

std::uint64_t bytes_in(const berth::Workspace& workspace, const char* folder) {
  berth::Fd at(berth::open_beneath(workspace.folder(), folder, O_RDONLY | O_DIRECTORY, false));
  DIR* all = at ? ::fdopendir(at.get()) : nullptr;
  if (!all) return 0;
  at.release();
  std::uint64_t bytes = 0;
  int left = 10'000;
  while (const dirent* one = ::readdir(all)) {
    struct stat found = {};
    if (--left < 0) break;
    if (::fstatat(::dirfd(all), one->d_name, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(found.st_mode))
      bytes += static_cast<std::uint64_t>(found.st_size);
  }
  ::closedir(all);
  return bytes;
}

}  // namespace

Json Download::json() const {
  Json all = with("number", number, "name", name, "url", url.substr(0, 500), "state", state, "bytes",
                  static_cast<std::int64_t>(received));
  if (!path.empty()) all["path"] = path;
  if (!why.empty()) all["why"] = why;
  if (!quarantined.empty()) all["quarantined"] = quarantined;
  return all;
}

std::vector<std::string> harmful_endings() {
  return {"apk", "app", "appimage", "bat", "cmd",  "com", "cpl",     "deb", "dll", "dmg", "elf", "exe", "gadget",
          "hta", "inf", "iso",      "jar", "jnlp", "js",  "jse",     "lnk", "msc", "msi", "msp", "pif", "pkg",
          "ps1", "reg", "rpm",      "run", "scr",  "sh",  "desktop", "so",  "sys", "vb",  "vbe", "vbs", "wsf"};
}

std::string harm_of(const std::string& name, std::string_view begin, const std::vector<std::string>& endings) {
  const auto dot = name.rfind('.');
  std::string ending = dot == name.npos ? "" : name.substr(dot + 1);
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  if (!ending.empty() && std::find(endings.begin(), endings.end(), ending) != endings.end())
    return "its name says that it is a program (." + ending + ")";
  static constexpr std::array<std::pair<std::string_view, const char*>, 4> signs{
      {{"MZ", "a program for Windows"},
       {"\x7f"
        "ELF",
        "a program for Linux"},
       {"#!", "a script"},
       {"\xcf\xfa\xed\xfe", "a program for macOS"}}};
  for (const auto& [sign, what] : signs)
    if (begin.substr(0, sign.size()) == sign) return std::string("its first bytes are those of ") + what;
  return {};
}

Brought bring(const berth::Workspace& workspace, const std::string& name, int file,
              const std::vector<std::string>& endings) {
  struct stat found = {};
  const std::uint64_t size = ::fstat(file, &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
  if (const auto most = workspace.quota() / 2; most > 0) {
    const auto there = bytes_in(workspace, downloads_folder) + bytes_in(workspace, quarantine_folder);
    if (there + size > most)
      throw berth::Error(507, "no_room",
                         "output/downloads has " + std::to_string(there) + " bytes of the " + std::to_string(most) +
                             " that it may have",
                         "remove something from it");
  }
  std::array<char, 8> begin{};
  const auto got = ::pread(file, begin.data(), begin.size(), 0);
  Brought brought;
  brought.quarantined = harm_of(name, {begin.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))}, endings);
  const bool harmful = !brought.quarantined.empty();
  brought.path = bring_file(workspace, harmful ? quarantine_folder : downloads_folder,
                            harmful ? name + ".quarantine" : name, file);
  return brought;
}

}  // namespace browser
