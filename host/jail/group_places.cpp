// Where control groups can be made: below the one that this process is in, of each controller. A group of version 2
// that has processes gives its children no controllers, so there the host moves into a child of its own first.
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "jail/groups.hpp"
#include "jail/group_files.hpp"

namespace berth::jail {

namespace fs = std::filesystem;

namespace {

struct Hierarchy {
  std::string mount, root;  // where it is mounted, and which of its groups is there
  std::vector<std::string> options;
  bool second = false;  // version 2
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

// 36 35 0:33 ROOT MOUNT options … - cgroup SOURCE superoptions
std::vector<Hierarchy> hierarchies(const std::string& root) {
  std::vector<Hierarchy> all;
  std::ifstream file(root + "proc/self/mountinfo");
  for (std::string line; std::getline(file, line);) {
    const auto words = split(line, ' ');
    const auto dash = std::find(words.begin(), words.end(), "-");
    if (words.size() < 6 || words.end() - dash < 4 || !dash[1].starts_with("cgroup")) continue;
    all.push_back({words[4], words[3], split(dash[3], ','), dash[1] == "cgroup2"});
  }
  return all;
}

// The group that this process is in, in the hierarchy of a controller; "" is that of version 2.
std::string own_group(const std::string& root, const std::string& controller) {
  std::ifstream file(root + "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const auto names = split(line.substr(first + 1, second - first - 1), ',');
    const bool it =
        controller.empty() ? names.empty() : std::find(names.begin(), names.end(), controller) != names.end();
    if (it) return line.substr(second + 1);
  }
  return "/";
}

std::string folder_of(const std::string& root, const Hierarchy& at, std::string group) {
  if (at.root != "/" && group.starts_with(at.root)) group.erase(0, at.root.size());
  std::string folder = root + at.mount.substr(1) + group;
  while (folder.ends_with('/')) folder.pop_back();
  return folder;
}

std::string try_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return folder + ": " + std::strerror(errno);
  const std::string one = folder + "/try-" + std::to_string(::getpid());
  if (::mkdir(one.c_str(), 0755) != 0) return one + ": " + std::strerror(errno);
  ::rmdir(one.c_str());
  return "";
}

// Gives children of `own` the controller, if need be from a group that no process is in any more.
std::string open_up(const std::string& own, const std::string& controller) {
  if (contains_word(read_small(own + "/cgroup.subtree_control"), controller)) return "";
  if (write_small(own + "/cgroup.subtree_control", "+" + controller) == 0) return "";
  const std::string leaf = own + "/berth-host";
  if (errno != EBUSY || (::mkdir(leaf.c_str(), 0755) != 0 && errno != EEXIST) ||
      write_small(leaf + "/cgroup.procs", "0") != 0 ||
      write_small(own + "/cgroup.subtree_control", "+" + controller) != 0)
    return own + "/cgroup.subtree_control: " + std::strerror(errno);
  return "";
}

GroupPlace place_in_second(const std::string& root, const Hierarchy& at, const std::string& controller) {
  std::string own = folder_of(root, at, own_group(root, ""));
  if (own.ends_with("/berth-host")) own.erase(own.rfind('/'));
  GroupPlace place{controller, 2, own + "/berth", ""};
  if (!contains_word(read_small(own + "/cgroup.controllers"), controller))
    place.trouble = "no controller \"" + controller + "\" in " + own;
  if (place.trouble.empty()) place.trouble = open_up(own, controller);
  if (place.trouble.empty()) place.trouble = try_folder(place.folder);
  if (place.trouble.empty()) place.trouble = open_up(place.folder, controller);
  return place;
}

GroupPlace find_place(const std::string& root, const std::vector<Hierarchy>& all, const std::string& controller) {
  for (const auto& at : all) {
    if (at.second || std::find(at.options.begin(), at.options.end(), controller) == at.options.end()) continue;
    GroupPlace place{controller, 1, folder_of(root, at, own_group(root, controller)) + "/berth", ""};
    place.trouble = try_folder(place.folder);
    return place;
  }
  const auto second = std::find_if(all.begin(), all.end(), [](const auto& one) { return one.second; });
  if (second != all.end()) return place_in_second(root, *second, controller);
  return {controller, 2, "", "no control groups are mounted"};
}

}  // namespace

std::vector<GroupPlace> find_group_places(const std::string& root, const std::vector<std::string>& controllers) {
  const auto all = hierarchies(root);
  std::vector<GroupPlace> places;
  places.reserve(controllers.size() + 1);
  for (const auto& controller : controllers) places.push_back(find_place(root, all, controller));
  // Version 1 counts time where that controller is, with "cpu" or apart from it; version 2 in every group.
  const bool counts = std::any_of(all.begin(), all.end(), [](const auto& at) {
    return !at.second && std::find(at.options.begin(), at.options.end(), "cpuacct") != at.options.end();
  });
  if (counts) places.push_back(find_place(root, all, "cpuacct"));
  return places;
}

std::size_t clear_groups(const std::vector<GroupPlace>& places) {
  std::size_t cleared = 0;
  for (const auto& place : places) {
    if (!place.trouble.empty()) continue;
    std::error_code none;
    std::vector<std::string> gone;
    for (const auto& entry : fs::directory_iterator(place.folder, none)) {
      if (entry.is_directory(none) && !host_lives(entry.path().filename())) gone.push_back(entry.path());
    }
    for (const auto& folder : gone) {
      if (remove_group(folder)) ++cleared;
    }
  }
  return cleared;
}

}  // namespace berth::jail
