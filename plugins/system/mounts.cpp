// A mount's names may have blanks, which the kernel writes as \040.
#include "mounts.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "fields.hpp"

namespace machine {

namespace {

constexpr std::array<std::string_view, 19> local{"ext2",  "ext3",     "ext4",  "xfs",      "btrfs",   "f2fs", "zfs",
                                                 "vfat",  "exfat",    "ntfs3", "iso9660",  "udf",     "jfs",  "tmpfs",
                                                 "ramfs", "squashfs", "erofs", "devtmpfs", "bcachefs"};
constexpr std::array<std::string_view, 21> pseudo{
    "proc",       "sysfs",       "cgroup",  "cgroup2", "devpts",     "mqueue",    "hugetlbfs",
    "securityfs", "debugfs",     "tracefs", "bpf",     "pstore",     "configfs",  "fusectl",
    "efivarfs",   "binfmt_misc", "nsfs",    "autofs",  "rpc_pipefs", "selinuxfs", "nfsd"};

template <class List>
bool has(const List& list, std::string_view one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

std::string unescaped(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '7'; };
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && digit(text[i + 1]) && digit(text[i + 2]) && digit(text[i + 3])) {
      plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// The root is on everybody's way: were that dead, nothing would run that could ask.
void mark_behind(std::vector<Mount>& mounts) {
  std::set<std::string, std::less<>> far;
  for (const auto& one : mounts) {
    if (!has(local, one.type) && one.at != "/") far.insert(one.at);
  }
  for (auto& one : mounts) {
    const std::string_view at = one.at;
    for (auto end = at.size(); end != std::string_view::npos && end > 0 && !one.behind; end = at.rfind('/', end - 1))
      one.behind = far.count(at.substr(0, end)) > 0;
  }
}

}  // namespace

std::vector<Mount> mounts_of(std::string_view mountinfo) {
  std::vector<Mount> mounts;
  for (const auto line : lines_of(mountinfo)) {
    // id parent major:minor root at options [more…] - type source options
    const auto words = words_of(line);
    const auto dash =
        std::find(words.begin() + std::min<std::ptrdiff_t>(6, std::ptrdiff_t(words.size())), words.end(), "-");
    if (words.end() - dash < 3) continue;
    const auto options = words[5];
    mounts.push_back({std::string(words[2]), unescaped(words[4]), unescaped(dash[1]), unescaped(dash[2]),
                      options == "ro" || options.substr(0, 3) == "ro,", false});
  }
  mark_behind(mounts);
  return mounts;
}

bool is_local(const Mount& mount) { return has(local, mount.type) && !mount.behind; }
bool is_pseudo(const Mount& mount) { return has(pseudo, mount.type); }

}  // namespace machine
