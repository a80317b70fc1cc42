// The sheet: mounts, Landlock's rules, limits, the filter.
#include "jail/sheet_writer.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "jail/filter.hpp"
#include "jail/inside/sheet.h"
#include "jail/lent_tree.hpp"
#include "jail/user_tasks.hpp"
#include "service/files.hpp"

#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif
#ifndef OPEN_TREE_CLOEXEC
#define OPEN_TREE_CLOEXEC O_CLOEXEC
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

namespace berth::jail {

namespace fs = std::filesystem;
using service::Error;
using service::Result;
using service::UniqueFd;

namespace {

class Writer {
 public:
  explicit Writer(const SheetFacts& facts) : m_facts(facts), m_sheet(std::make_unique<berth_sheet>()) {}

  Result<Sheet> write();

 private:
  bool has(unsigned flag) const { return (m_facts.isolation.namespaces & flag) != 0; }
  std::uint32_t text(const std::string& text);
  void add_mount(berth_mount_kind kind, const std::string& source, const std::string& target, std::uint64_t size = 0,
                 bool lent = false);
  void add_rule(const std::string& path, std::uint32_t access);
  void add_limit(int resource, std::uint64_t value);
  void add_head();
  void add_system();
  void add_mounts();
  void add_rules_inside();
  void add_rules_outside();
  void add_limits();
  std::optional<Error> add_filter();
  Result<UniqueFd> to_file() const;

  const SheetFacts& m_facts;
  std::unique_ptr<berth_sheet> m_sheet;
  std::vector<UniqueFd> m_trees;
  std::string m_trouble;
};

std::uint32_t Writer::text(const std::string& text) {
  const std::uint32_t at = m_sheet->text_size;
  if (at + text.size() + 1 > berth_most_text || text.find('\0') != std::string::npos) {
    m_trouble = "the paths are too long or hold a zero byte";
    return 0;
  }
  std::memcpy(m_sheet->text + at, text.c_str(), text.size() + 1);
  m_sheet->text_size += static_cast<std::uint32_t>(text.size() + 1);
  return at;
}

// What only the host may reach it hands over as a mount; whoever is not root has the keeper open it, who may do as much
// as he.
UniqueFd own_tree(const std::string& source) {
  return UniqueFd(static_cast<int>(
      ::syscall(SYS_open_tree, AT_FDCWD, source.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE)));
}

void Writer::add_mount(berth_mount_kind kind, const std::string& source, const std::string& target, std::uint64_t size,
                       bool lent) {
  if (m_sheet->mounts == berth_most_mounts) {
    m_trouble = "more than " + std::to_string(berth_most_mounts) + " mounts";
    return;
  }
  if (!target.starts_with('/') || target == "/" || target.find("/../") != std::string::npos ||
      target.ends_with("/..")) {
    m_trouble = "\"" + target + "\" is no place in a jail";
    return;
  }
  berth_mount& one = m_sheet->mount[m_sheet->mounts++];
  one = {kind, text(source), text(target), -1, size};
  if (kind > berth_mount_read_write) return;
  UniqueFd tree = own_tree(source);
  if (!tree) {
    if (errno != EPERM) m_trouble = "cannot take " + source + ": " + std::strerror(errno);
    return;
  }
  if (lent && m_facts.isolation.changes_user) lend_tree(tree.get(), m_facts.agent);
  one.fd = berth_fd_rest + static_cast<int>(m_trees.size());
  m_trees.push_back(std::move(tree));
}

void Writer::add_rule(const std::string& path, std::uint32_t access) {
  if (m_sheet->rules == berth_most_rules)
    m_trouble = "more than " + std::to_string(berth_most_rules) + " places that can be reached";
  else
    m_sheet->rule[m_sheet->rules++] = {text(path), access};
}

void Writer::add_limit(int resource, std::uint64_t value) {
  m_sheet->limit[m_sheet->limits++] = {static_cast<std::uint32_t>(resource), 0, value, value};
}

void Writer::add_head() {
  const Isolation& isolation = m_facts.isolation;
  m_sheet->version = berth_sheet_version;
  m_sheet->size = sizeof *m_sheet;
  m_sheet->namespaces = isolation.namespaces;
  m_sheet->fresh_proc = isolation.fresh_proc;
  m_sheet->network = static_cast<std::uint32_t>(m_facts.options.network);
  m_sheet->port = m_facts.options.proxy_port;
  m_sheet->changes_user = isolation.changes_user;
  m_sheet->agent = m_facts.agent;
  m_sheet->keeper = m_facts.keeper;
  m_sheet->agent_inside = agent_inside;
  m_sheet->landlock = isolation.landlock;
  m_sheet->landlock_scope = isolation.landlock >= 6;
  m_sheet->hostname = text("berth");
  m_sheet->nests = m_facts.options.nests;
}

// /bin, /lib and their like are links on merged systems, and folders elsewhere.
void Writer::add_system() {
  std::error_code none;
  for (const auto& path : m_facts.options.system) {
    if (fs::exists(path, none)) add_mount(berth_mount_read_only, path, path);
  }
  for (const char* path : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
    if (fs::is_symlink(path, none))
      add_mount(berth_mount_link, fs::read_symlink(path, none).string(), path);
    else if (fs::is_directory(path, none))
      add_mount(berth_mount_read_only, path, path);
  }
  const std::string number =
      std::to_string(m_facts.isolation.namespaces & CLONE_NEWUSER ? agent_inside : m_facts.agent);
  if (!fs::exists("/etc/passwd", none)) return;
  add_mount(berth_mount_file,
            "root:x:0:0:root:/:/bin/sh\nagent:x:" + number + ":" + number +
                ":agent:/tmp:/bin/bash\nnobody:x:65534:65534:nobody:/:/bin/false\n",
            "/etc/passwd");
  add_mount(berth_mount_file, "root:x:0:\nagent:x:" + number + ":\nnogroup:x:65534:\n", "/etc/group");
}

void Writer::add_mounts() {
  add_system();
  add_mount(berth_mount_scratch, "", "/tmp", m_facts.options.limits.tmp);
  add_mount(berth_mount_scratch, "", "/dev/shm", m_facts.options.limits.shm);
  for (const auto& one : m_facts.options.mounts)
    add_mount(static_cast<berth_mount_kind>(one.kind), one.source, one.target, one.size, one.lent);
}

// Landlock in the jail's own rooms says once more what the mounts say.
void Writer::add_rules_inside() {
  add_rule("/", berth_access_read | berth_access_run);
  add_rule("/dev", berth_access_read | berth_access_device);
  if (m_facts.options.nests) add_rule("/proc", berth_access_read | berth_access_device);
  for (const char* path : {"/tmp", "/dev/shm"})
    add_rule(path, berth_access_read | berth_access_run | berth_access_write);
  for (const auto& one : m_facts.options.mounts) {
    if (one.kind == Mount::Kind::read_write || one.kind == Mount::Kind::scratch)
      add_rule(one.target, berth_access_read | berth_access_run | berth_access_write);
  }
}

// Without rooms of its own a jail sees the machine's, as far as Landlock lets it.
void Writer::add_rules_outside() {
  for (const auto& path : m_facts.options.system) add_rule(path, berth_access_read | berth_access_run);
  for (const char* path : {"/bin", "/sbin", "/lib", "/lib32", "/lib64"})
    add_rule(path, berth_access_read | berth_access_run);
  add_rule("/proc", berth_access_read);
  for (const char* path : {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"})
    add_rule(path, berth_access_read | berth_access_device);
  add_rule(m_facts.scratch, berth_access_read | berth_access_run | berth_access_write);
  for (const auto& one : m_facts.options.mounts) {
    if (one.kind == Mount::Kind::read_only) add_rule(one.source, berth_access_read | berth_access_run);
    if (one.kind == Mount::Kind::read_write)
      add_rule(one.source, berth_access_read | berth_access_run | berth_access_write);
  }
}

// RLIMIT_AS and not RLIMIT_DATA alone, which shared memory goes round. Addresses are not memory: programs reserve more
// than they use.
void Writer::add_limits() {
  const Limits& limits = m_facts.options.limits;
  add_limit(RLIMIT_CORE, 0);
  add_limit(RLIMIT_MEMLOCK, 8u << 20);
  add_limit(RLIMIT_MSGQUEUE, 819'200);
  add_limit(RLIMIT_SIGPENDING, 4096);
  add_limit(RLIMIT_NOFILE, limits.files);
  if (limits.file_size > 0) add_limit(RLIMIT_FSIZE, limits.file_size);
  if (limits.cpu_time.count() > 0) {
    add_limit(RLIMIT_CPU, static_cast<std::uint64_t>(limits.cpu_time.count()));
    m_sheet->limit[m_sheet->limits - 1].hard += 1;  // SIGXCPU first, which tells why
  }
  if (!m_facts.memory_by_group && limits.memory > 0) {
    add_limit(RLIMIT_DATA, limits.memory);
    if (!m_facts.options.nests) add_limit(RLIMIT_AS, 2 * limits.memory + (1u << 30));
  }
  if (m_facts.processes_by_group || limits.processes == 0) return;
  // It counts all of a user's, wherever they are, unless the user or its namespace is the jail's own.
  const bool shared = !m_facts.isolation.changes_user && !has(CLONE_NEWUSER);
  add_limit(RLIMIT_NPROC, limits.processes + (shared ? tasks_of(m_facts.agent) : 2));
}

std::optional<Error> Writer::add_filter() {
  if (!m_facts.isolation.seccomp) return std::nullopt;
  const auto program = make_filter({has(CLONE_NEWNET), has(CLONE_NEWPID), false, m_facts.options.nests});
  if (!program) return program.error();
  m_sheet->filter = static_cast<std::uint32_t>(program->size());
  std::memcpy(m_sheet->code, program->data(), program->size() * sizeof(sock_filter));
  return std::nullopt;
}

Result<UniqueFd> Writer::to_file() const {
  UniqueFd file(::memfd_create("berth-sheet", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  const std::string_view bytes(reinterpret_cast<const char*>(m_sheet.get()), sizeof *m_sheet);
  int why = file ? service::write_all(file.get(), bytes) : errno;
  if (why == 0 && ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)
    why = errno;
  if (why != 0) return Error{503, "jail_failed", std::string("cannot write a jail's sheet: ") + std::strerror(why)};
  return file;
}

Result<Sheet> Writer::write() {
  add_head();
  if (has(CLONE_NEWNS)) add_mounts();
  if (m_facts.isolation.landlock > 0 && has(CLONE_NEWNS)) add_rules_inside();
  if (m_facts.isolation.landlock > 0 && !has(CLONE_NEWNS)) add_rules_outside();
  add_limits();
  if (auto error = add_filter()) return *error;
  if (!m_trouble.empty())
    return Error{400, "bad_jail", "the jail \"" + m_facts.options.name + "\" cannot be: " + m_trouble};
  auto file = to_file();
  if (!file) return file.error();
  return Sheet{std::move(*file), std::move(m_trees)};
}

}  // namespace

Result<Sheet> write_sheet(const SheetFacts& facts) { return Writer(facts).write(); }

}  // namespace berth::jail
