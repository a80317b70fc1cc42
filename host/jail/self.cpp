// The steps are those by which processes get into jails (inside/confine.c); the sheet is written for this one alone.
#include "jail/self.hpp"

#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <memory>

#include "jail/filter.hpp"
#include "jail/inside/sheet.h"
#include "service/unique_fd.hpp"

extern "C" {
#include "jail/inside/confine.h"
}

namespace berth::jail {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

// Of /etc what libraries look up, and no more: root without capabilities still owns its secrets.
constexpr const char* system_reads[] = {"/usr",
                                        "/opt",
                                        "/bin",
                                        "/sbin",
                                        "/lib",
                                        "/lib32",
                                        "/lib64",
                                        "/proc",
                                        "/sys",
                                        "/var/lib/texmf",
                                        "/var/cache/fontconfig",
                                        "/etc/ld.so.cache",
                                        "/etc/ld.so.conf",
                                        "/etc/ld.so.conf.d",
                                        "/etc/alternatives",
                                        "/etc/hosts",
                                        "/etc/host.conf",
                                        "/etc/resolv.conf",
                                        "/etc/nsswitch.conf",
                                        "/etc/gai.conf",
                                        "/etc/services",
                                        "/etc/protocols",
                                        "/etc/passwd",
                                        "/etc/group",
                                        "/etc/localtime",
                                        "/etc/timezone",
                                        "/etc/locale.alias",
                                        "/etc/fonts",
                                        "/etc/ssl/certs",
                                        "/etc/ssl/openssl.cnf",
                                        "/etc/mime.types",
                                        "/etc/texmf",
                                        "/etc/os-release"};
constexpr const char* devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/ptmx"};

class SelfSheet {
 public:
  SelfSheet() : m_sheet(std::make_unique<berth_sheet>()) {}
  berth_sheet& operator*() { return *m_sheet; }

  // What is beyond the sheet's room is not allowed: fewer rights are safe.
  void add(const std::string& path, std::uint32_t access) {
    const std::size_t size = path.size() + 1;
    if (path.empty() || m_sheet->rules == berth_most_rules || m_sheet->text_size + size > berth_most_text) return;
    std::memcpy(m_sheet->text + m_sheet->text_size, path.c_str(), size);
    m_sheet->rule[m_sheet->rules++] = {m_sheet->text_size, access};
    m_sheet->text_size += static_cast<std::uint32_t>(size);
  }

 private:
  std::unique_ptr<berth_sheet> m_sheet;
};

// Nothing may be run at all: Landlock's leave for that is given to no file.
bool wear_landlock(const SelfRules& rules, std::uint32_t abi) {
  SelfSheet sheet;
  (*sheet).landlock = abi;
  (*sheet).landlock_scope = abi >= 6;
  for (const auto& path : rules.reads) sheet.add(path, berth_access_read);
  for (const auto& path : rules.writes) sheet.add(path, berth_access_read | berth_access_write);
  for (const char* path : system_reads) sheet.add(path, berth_access_read);
  for (const char* path : devices) sheet.add(path, berth_access_read | berth_access_device);
  const service::UniqueFd ruleset(confine_ruleset(&*sheet));
  return ruleset && confine_restrict(ruleset.get()) == 0;
}

bool wear_filter(long landlock) {
  FilterRules wanted;
  wanted.alone = true;
  wanted.truncate = landlock >= 3;
  const auto program = make_filter(wanted);
  if (!program) return false;
  SelfSheet sheet;
  (*sheet).filter = static_cast<std::uint32_t>(program->size());
  std::memcpy((*sheet).code, program->data(), program->size() * sizeof(sock_filter));
  return confine_filter(&*sheet) == 0;
}

}  // namespace

std::vector<std::string> confine_self(const SelfRules& rules) {
  std::vector<std::string> layers;
  const auto add = [&layers](bool done, const char* name) {
    if (done) layers.emplace_back(name);
    return done;
  };
  add(confine_restrict(-1) == 0, "no_new_privs");
  add(confine_bound() == 0 && confine_keep(0) == 0, "capabilities");
  const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi > 0 && add(wear_landlock(rules, static_cast<std::uint32_t>(abi)), "landlock")) add(abi >= 6, "scopes");
  if (!sanitized) add(wear_filter(abi), "seccomp");
  return layers;
}

}  // namespace berth::jail
