// All of it is /sys. Serial numbers are left out: they tell machines apart, and nothing about how they are.
#include "devices.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "mounts.hpp"

namespace machine {

using berth::Json;

namespace {

constexpr std::size_t most_devices = 500;

using MountedAt = std::multimap<std::string, std::string>;  // by "major:minor" and by source

MountedAt mounted(const Trees& trees) {
  MountedAt at;
  for (const auto& mount : mounts_of(trees.proc.text("self/mountinfo").value_or(""))) {
    at.emplace(mount.device, mount.at);
    if (mount.source.substr(0, 5) == "/dev/") at.emplace(mount.source, mount.at);
  }
  return at;
}

Json mounts_of_device(const MountedAt& mounted, const std::string& number, const std::string& name) {
  std::vector<std::string> all;
  for (const auto& key : {number, "/dev/" + name}) {
    const auto [from, to] = mounted.equal_range(key);
    for (auto at = from; at != to; ++at) all.push_back(shown(at->second, 1024));
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::uint64_t size_of(const Trees& trees, const std::string& folder) {
  // In pieces of 512 bytes, whatever the device's own are.
  return trees.sys.number<std::uint64_t>(folder + "/size").value_or(0) * 512;
}

Json part_of(const Trees& trees, const MountedAt& at, const std::string& folder, const std::string& name) {
  Json part{{"name", shown(name)},
            {"size", size_of(trees, folder)},
            {"read_only", trees.sys.number<int>(folder + "/ro").value_or(0) != 0},
            {"mounts", mounts_of_device(at, trees.sys.line(folder + "/dev"), name)}};
  return part;
}

Json device_of(const Trees& trees, const MountedAt& at, const std::string& name) {
  const std::string folder = "block/" + name;
  const bool removable = trees.sys.number<int>(folder + "/removable").value_or(0) != 0;
  Json device = part_of(trees, at, folder, name);
  device["kind"] = kind_of_device(name, removable);
  device["removable"] = removable;
  if (const auto turns = trees.sys.number<int>(folder + "/queue/rotational")) device["rotational"] = *turns != 0;
  for (const auto& [file, key] :
       {std::pair{"/device/model", "model"}, {"/device/vendor", "vendor"}, {"/dm/name", "mapped_as"}}) {
    if (const auto words = trees.sys.line(folder + file); !words.empty()) device[key] = words;
  }
  Json parts = Json::array();
  for (const auto& part : trees.sys.names(folder, 1000)) {
    const std::string within = folder + "/" + part;
    if (trees.sys.has(within + "/partition")) parts.push_back(part_of(trees, at, within, part));
  }
  device["partitions"] = std::move(parts);
  return device;
}

// What a device says of itself, by the names of its files.
template <class Files>
Json words_of_files(const Trees& trees, const std::string& folder, const Files& files) {
  Json words = Json::object();
  for (const auto& [file, key] : files) {
    if (const auto line = trees.sys.line(folder + "/" + file); !line.empty()) words[key] = line;
  }
  return words;
}

using Named = std::pair<const char*, const char*>;
constexpr std::array<Named, 9> firmware{{{"sys_vendor", "vendor"},
                                         {"product_name", "product"},
                                         {"product_version", "product_version"},
                                         {"board_vendor", "board_vendor"},
                                         {"board_name", "board"},
                                         {"chassis_type", "chassis"},
                                         {"bios_vendor", "bios_vendor"},
                                         {"bios_version", "bios_version"},
                                         {"bios_date", "bios_date"}}};
constexpr std::array<Named, 3> pci{{{"vendor", "vendor"}, {"device", "device"}, {"class", "class"}}};
constexpr std::array<Named, 5> usb{{{"idVendor", "vendor"},
                                    {"idProduct", "device"},
                                    {"manufacturer", "manufacturer"},
                                    {"product", "product"},
                                    {"speed", "speed_mbit"}}};

}  // namespace

std::string kind_of_device(std::string_view name, bool removable) {
  constexpr std::array<Named, 8> kinds{{{"loop", "loop"},
                                        {"ram", "ram"},
                                        {"zram", "ram"},
                                        {"dm-", "mapped"},
                                        {"md", "raid"},
                                        {"sr", "optical"},
                                        {"fd", "floppy"},
                                        {"nbd", "network"}}};
  for (const auto& [begin, kind] : kinds) {
    if (name.substr(0, std::string_view(begin).size()) == begin) return kind;
  }
  return removable ? "removable" : "disk";
}

Json tell_devices(const Trees& trees) {
  const auto at = mounted(trees);
  Json answer{{"devices", Json::array()}, {"truncated", false}};
  for (const auto& name : trees.sys.names("block")) {
    if (size_of(trees, "block/" + name) == 0) continue;  // a loop or drive with nothing in it
    if (answer["devices"].size() == most_devices) {
      answer["truncated"] = true;
      break;
    }
    answer["devices"].push_back(device_of(trees, at, name));
  }
  return answer;
}

Json tell_hardware(const Trees& trees) {
  Json answer{{"machine", words_of_files(trees, "class/dmi/id", firmware)},
              {"pci", Json::array()},
              {"usb", Json::array()},
              {"truncated", false}};
  const auto add = [&](const char* list, const char* key, const std::string& folder, const auto& files) {
    for (const auto& name : trees.sys.names(folder)) {
      const std::string own = folder + "/" + name;
      Json device = words_of_files(trees, own, files);
      if (device.empty()) continue;  // a USB device's interface
      if (answer[list].size() == most_devices) {
        answer["truncated"] = true;
        return;
      }
      device[key] = shown(name);
      const std::string driver = trees.sys.link(own + "/driver").value_or("");
      if (!driver.empty()) device["driver"] = shown(driver.substr(driver.rfind('/') + 1));
      answer[list].push_back(std::move(device));
    }
  };
  add("pci", "address", "bus/pci/devices", pci);
  add("usb", "address", "bus/usb/devices", usb);
  return answer;
}

}  // namespace machine
