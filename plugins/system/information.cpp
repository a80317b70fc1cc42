// Only files are looked at, so nothing here needs rights, or a program.
#include "information.hpp"

#include <sys/utsname.h>

#include <array>
#include <ctime>
#include <utility>

namespace machine {

using berth::Json;

namespace {

// Without its quotes and the backslashes of a shell's word.
std::string unquoted(std::string_view text) {
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    text = text.substr(1, text.size() - 2);
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    plain += text[i];
  }
  return plain;
}

// What makers of virtual machines write into their firmware.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> makers{{{"KVM", "kvm"},
                                                                                {"QEMU", "qemu"},
                                                                                {"VMware", "vmware"},
                                                                                {"VirtualBox", "virtualbox"},
                                                                                {"innotek", "virtualbox"},
                                                                                {"Xen", "xen"},
                                                                                {"Bochs", "bochs"},
                                                                                {"Parallels", "parallels"},
                                                                                {"BHYVE", "bhyve"},
                                                                                {"Amazon EC2", "amazon"},
                                                                                {"Google Compute", "google"},
                                                                                {"Virtual Machine", "microsoft"}}};

Json os_of(const Trees& trees) {
  auto text = trees.root.text("etc/os-release", 65'536);
  if (!text) text = trees.root.text("usr/lib/os-release", 65'536);
  auto facts = os_release_of(text.value_or(""));
  Json os{{"name", facts.count("PRETTY_NAME") ? facts["PRETTY_NAME"] : "Linux"}};
  for (const auto& [key, name] : {std::pair{"ID", "id"}, {"VERSION_ID", "version"}, {"VERSION_CODENAME", "codename"}}) {
    if (facts.count(key)) os[name] = facts[key];
  }
  return os;
}

}  // namespace

std::map<std::string, std::string> os_release_of(std::string_view text) {
  std::map<std::string, std::string> facts;
  for (auto& [key, value] : table_of(text, '=')) {
    if (key.empty() || key[0] == '#') continue;
    facts.emplace(key, shown(unquoted(value)));
  }
  return facts;
}

std::string container_of(const Trees& trees) {
  const std::string said = trees.root.line("run/systemd/container");
  if (!said.empty()) return said;
  if (trees.root.has("var/run/secrets/kubernetes.io")) return "kubernetes";
  if (trees.root.has("run/.containerenv")) return "podman";
  if (trees.root.has(".dockerenv")) return "docker";
  const std::string release = trees.proc.line("sys/kernel/osrelease");
  if (release.find("icrosoft") != std::string::npos) return "wsl";
  return {};
}

std::string virtualization_of(const Trees& trees) {
  for (const char* file : {"product_name", "sys_vendor", "board_vendor", "bios_vendor"}) {
    const std::string words = trees.sys.line(std::string("class/dmi/id/") + file);
    for (const auto& [maker, name] : makers) {
      if (words.find(maker) != std::string::npos) return std::string(name);
    }
  }
  const std::string kind = trees.sys.line("hypervisor/type");
  if (!kind.empty()) return kind;
  const std::string processors = trees.proc.text("cpuinfo").value_or("");
  for (const auto line : lines_of(processors)) {
    if (line.substr(0, 5) != "flags") continue;
    for (const auto flag : words_of(line)) {
      if (flag == "hypervisor") return "unknown";
    }
    break;
  }
  return {};
}

Json tell_information(const Trees& trees) {
  utsname name{};
  ::uname(&name);
  const auto now = static_cast<std::int64_t>(::time(nullptr));
  Json answer{{"hostname", shown(name.nodename)},
              {"os", os_of(trees)},
              {"kernel", {{"name", name.sysname}, {"release", name.release}, {"version", shown(name.version)}}},
              {"architecture", name.machine},
              {"now", utc(now)},
              {"systemd", trees.root.has("run/systemd/system")}};
  const std::string said = trees.proc.text("uptime", 256).value_or("");
  const auto uptime = words_of(said);
  if (const auto seconds = uptime.empty() ? std::nullopt : decimal_of(uptime[0])) {
    answer["uptime_seconds"] = static_cast<std::int64_t>(*seconds);
    answer["booted_at"] = utc(now - static_cast<std::int64_t>(*seconds));
  }
  if (const auto container = container_of(trees); !container.empty()) answer["container"] = container;
  if (const auto machine = virtualization_of(trees); !machine.empty()) answer["virtualization"] = machine;
  return answer;
}

}  // namespace machine
