// Read at each exposition, so it is kept to four short files of /proc; a value that cannot be read is left out.
#include "service/process_metrics.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "service/files.hpp"

namespace berth::service {
namespace {

void append(std::string& to, const char* name, const char* help, const char* type, const std::string& value) {
  to.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ").append(type);
  to.append("\n").append(name).append(" ").append(value).append("\n");
}

void append_gauge(std::string& to, const char* name, const char* help, std::uint64_t value) {
  append(to, name, help, "gauge", std::to_string(value));
}

std::string decimal(double value) {
  char text[64];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 2);
  return error == std::errc{} ? std::string(text, end) : "0";
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = text.find_first_not_of(" \n"); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    found.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(" \n", end);
  }
  return found;
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<std::uint64_t> count_open_files() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
  if (!folder) return std::nullopt;
  std::uint64_t count = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (entry->d_name[0] != '.') ++count;
  }
  return count > 0 ? count - 1 : 0;  // less the one that reads the folder
}

// When the machine was started, in seconds since 1970.
std::uint64_t boot_time() {
  const auto stat = read_file("/proc/stat");
  const std::size_t at = stat ? stat->find("btime ") : std::string::npos;
  if (at == std::string::npos) return 0;
  const std::string_view rest = std::string_view(*stat).substr(at + 6);
  return number(rest.substr(0, rest.find('\n')));
}

void append_stat(std::string& to) {
  const auto stat = read_file("/proc/self/stat");
  const std::size_t name_end = stat ? stat->rfind(')') : std::string::npos;
  if (name_end == std::string::npos) return;
  const auto fields = words(std::string_view(*stat).substr(name_end + 1));  // from the third on: proc(5)
  if (fields.size() < 22) return;
  const double tick = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto seconds = [&](std::string_view ticks) { return static_cast<double>(number(ticks)) / tick; };
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  append(to, "process_cpu_seconds_total", "Processor time used, user and system.", "counter",
         decimal(seconds(fields[11]) + seconds(fields[12])));
  append(to, "process_start_time_seconds", "When the process started, in seconds since 1970.", "gauge",
         decimal(static_cast<double>(boot_time()) + seconds(fields[19])));
  append_gauge(to, "process_threads", "Threads of the process.", number(fields[17]));
  append_gauge(to, "process_virtual_memory_bytes", "Size of the address space.", number(fields[20]));
  append_gauge(to, "process_resident_memory_bytes", "Memory in use.", number(fields[21]) * page);
}

}  // namespace

std::string process_metrics() {
  std::string text;
  append_stat(text);
  if (const auto open = count_open_files()) append_gauge(text, "process_open_fds", "Open file descriptors.", *open);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    append_gauge(text, "process_max_fds", "Most file descriptors that may be open.", limit.rlim_cur);
  }
  return text;
}

}  // namespace berth::service
