// A deny-list, since an allow-list breaks programs with each new C library; it is the fourth wall after namespaces,
// Landlock and missing capabilities, and closes what those leave open or what has been a way out of them before. Built
// by libseccomp, which knows the numbers of each machine and refuses calls of foreign ones (x32, 32 bits).
#include "jail/filter.hpp"

#include <asm/sockios.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/ioprio.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "jail/inside/sheet.h"
#include "service/unique_fd.hpp"

namespace berth::jail {

using service::Error;
using service::Result;

namespace {

struct Call {
  const char* name;
  int number;  // where libseccomp may be older than the call; the same on all machines. 0: it knows
  int error;
};

const Call refused[] = {
    // Reading and changing other processes.
    {"ptrace", 0, EPERM},             // takes over a process of the same user
    {"process_vm_readv", 0, EPERM},   // reads another's memory
    {"process_vm_writev", 0, EPERM},  // and writes it
    {"process_madvise", 440, EPERM},  // and throws it out
    {"kcmp", 0, EPERM},               // tells where kernel objects lie
    {"pidfd_getfd", 438, EPERM},      // takes another's descriptors
    // What a process sees of the machine: mounts, roots, namespaces.
    {"mount", 0, EPERM},
    {"umount2", 0, EPERM},
    {"pivot_root", 0, EPERM},
    {"open_tree", 428, EPERM},
    {"move_mount", 429, EPERM},
    {"fsopen", 430, EPERM},
    {"fsconfig", 431, EPERM},
    {"fsmount", 432, EPERM},
    {"fspick", 433, EPERM},
    {"mount_setattr", 442, EPERM},
    {"open_tree_attr", 467, EPERM},
    {"setns", 0, EPERM},
    {"open_by_handle_at", 0, EPERM},  // opens a file without a path to it
    {"name_to_handle_at", 0, EPERM},  // tells the handle
    {"quotactl", 0, EPERM},
    {"quotactl_fd", 443, EPERM},
    {"fanotify_init", 0, EPERM},  // watches what all others open
    // Keys of the kernel belong to users and not to namespaces.
    {"add_key", 0, EPERM},
    {"request_key", 0, EPERM},
    {"keyctl", 0, EPERM},
    // Large parts of the kernel that have been ways into it.
    {"bpf", 0, EPERM},
    {"perf_event_open", 0, EPERM},
    {"userfaultfd", 0, EPERM},  // holds the kernel up in the middle of a copy
    {"io_uring_setup", 425,
     ENOSYS},  // makes system calls that no filter sees; programs do without when it is not there
    {"io_uring_enter", 426, ENOSYS},
    {"io_uring_register", 427, ENOSYS},
    {"memfd_secret", 447, ENOSYS},  // memory that not even the kernel can read
    {"vmsplice", 0, EPERM},         // gives pages away while they can still be changed
    {"modify_ldt", 0, EPERM},       // segments of 16 bits
    {"clone3", 435, ENOSYS},       // its flags lie in memory, where no filter sees them; C libraries fall back to clone
    {"lookup_dcookie", 0, EPERM},  // leaks paths
    // The machine itself.
    {"init_module", 0, EPERM},
    {"finit_module", 0, EPERM},
    {"delete_module", 0, EPERM},
    {"kexec_load", 0, EPERM},
    {"kexec_file_load", 0, EPERM},
    {"reboot", 0, EPERM},
    {"swapon", 0, EPERM},
    {"swapoff", 0, EPERM},
    {"acct", 0, EPERM},
    {"syslog", 0, EPERM},  // the kernel's messages tell addresses
    {"settimeofday", 0, EPERM},
    {"clock_settime", 0, EPERM},
    {"sethostname", 0, EPERM},
    {"setdomainname", 0, EPERM},
    {"iopl", 0, EPERM},
    {"ioperm", 0, EPERM},
    {"vhangup", 0, EPERM},
};

using Context = std::unique_ptr<void, void (*)(scmp_filter_ctx)>;

class Rules {
 public:
  explicit Rules(scmp_filter_ctx to) : m_to(to) {}
  int failed() const { return m_failed; }

  template <class... Compare>
  void refuse(int number, int error, Compare... compare) {
    if (number == __NR_SCMP_ERROR || m_failed != 0) return;  // no such call on this machine
    m_failed = seccomp_rule_add(m_to, SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error)), number, sizeof...(compare),
                                compare...);
  }

  // The kernel looks at no more than 32 bits of it.
  void refuse_request(std::uint64_t request) {
    refuse(SCMP_SYS(ioctl), EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, request));
  }

 private:
  scmp_filter_ctx m_to;
  int m_failed = 0;
};

// New namespaces of any kind, of which that of users gives all capabilities in it; and another root, which with a
// directory left open leads out again. Who confines others needs three of them and that: in a namespace of users its
// capabilities are over what is its own, mounts stay refused, and so does what they would lead to.
void refuse_namespaces(Rules& rules, bool nests) {
  std::vector<std::uint64_t> flags = {CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP};
  if (!nests) {
    flags.insert(flags.end(), {CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET});
    rules.refuse(SCMP_SYS(chroot), EPERM);
  }
  for (const std::uint64_t flag : flags) {
    rules.refuse(SCMP_SYS(unshare), EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
    rules.refuse(SCMP_SYS(clone), EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
  }
  const std::uint64_t time = 0x80;  // CLONE_NEWTIME; in clone's flags these bits are the signal
  rules.refuse(SCMP_SYS(unshare), EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, time, time));
}

// Families of sockets other than AF_UNIX, AF_INET, AF_INET6 and, for looking at interfaces, AF_NETLINK's ROUTE: a
// virtual machine's (AF_VSOCK) know no network namespace, and others are seldom used and therefore seldom looked at.
void refuse_sockets(Rules& rules, bool all) {
  if (all) {
    rules.refuse(SCMP_SYS(socket), ENETUNREACH);
    return;
  }
  for (int family = 0; family < 64; ++family) {
    if (family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_NETLINK) continue;
    rules.refuse(SCMP_SYS(socket), EAFNOSUPPORT, SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)));
  }
  rules.refuse(SCMP_SYS(socket), EAFNOSUPPORT, SCMP_A0(SCMP_CMP_GE, 64));
  rules.refuse(SCMP_SYS(socket), EPERM, SCMP_A0(SCMP_CMP_EQ, AF_NETLINK), SCMP_A2(SCMP_CMP_NE, 0));
  for (const scmp_datum_t family : {AF_INET, AF_INET6})
    rules.refuse(SCMP_SYS(socket), EPERM, SCMP_A0(SCMP_CMP_EQ, family), SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_RAW));
}

// What Landlock does not govern of files that it lets be read: the system's belong to root, which even without
// capabilities may change their modes. Some of the numbers are of younger kernels than libseccomp is.
void refuse_attributes(Rules& rules, bool truncate) {
  for (const int number : {SCMP_SYS(chmod),         SCMP_SYS(fchmod),       SCMP_SYS(fchmodat),
                           452 /* fchmodat2 */,     SCMP_SYS(chown),        SCMP_SYS(fchown),
                           SCMP_SYS(lchown),        SCMP_SYS(fchownat),     SCMP_SYS(setxattr),
                           SCMP_SYS(fsetxattr),     SCMP_SYS(lsetxattr),    463 /* setxattrat */,
                           SCMP_SYS(removexattr),   SCMP_SYS(fremovexattr), SCMP_SYS(lremovexattr),
                           466 /* removexattrat */, SCMP_SYS(utime),        SCMP_SYS(utimes),
                           SCMP_SYS(futimesat),     SCMP_SYS(utimensat),    469 /* file_setattr */})
    rules.refuse(number, EPERM);
  for (const std::uint64_t request : {FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR}) rules.refuse_request(request);
  if (!truncate) rules.refuse(SCMP_SYS(truncate), EPERM);
}

// The turns that others get of processors and disks, and signals that come to them of a descriptor.
void refuse_influence(Rules& rules) {
  rules.refuse(SCMP_SYS(setpriority), EPERM, SCMP_A0(SCMP_CMP_NE, PRIO_PROCESS));
  rules.refuse(SCMP_SYS(setpriority), EPERM, SCMP_A1(SCMP_CMP_NE, 0));
  rules.refuse(SCMP_SYS(ioprio_set), EPERM, SCMP_A0(SCMP_CMP_NE, IOPRIO_WHO_PROCESS));
  rules.refuse(SCMP_SYS(ioprio_set), EPERM, SCMP_A1(SCMP_CMP_NE, 0));
  for (const int number : {SCMP_SYS(sched_setparam), SCMP_SYS(sched_setattr), SCMP_SYS(sched_setaffinity)})
    rules.refuse(number, EPERM, SCMP_A0(SCMP_CMP_NE, 0));
  // Threads are named by their numbers. The ordinary policy gives nobody more: libzmq asks for it, and dies if refused.
  rules.refuse(SCMP_SYS(sched_setscheduler), EPERM, SCMP_A0(SCMP_CMP_NE, 0), SCMP_A1(SCMP_CMP_NE, SCHED_OTHER));
  for (const std::uint64_t command : {F_SETOWN, F_SETSIG, F_SETOWN_EX})
    rules.refuse(SCMP_SYS(fcntl), EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, command));
  for (const std::uint64_t request : {FIOSETOWN, SIOCSPGRP}) rules.refuse_request(request);
}

// Where processes of one user meet and Landlock does not look. Who listens at a path trusts whoever can connect:
// docker's socket, the bus, the host's own. A pair is the process's own matter, but one of datagrams can be sent from
// to any path.
void refuse_meetings(Rules& rules) {
  rules.refuse(SCMP_SYS(socket), EPERM, SCMP_A0(SCMP_CMP_EQ, AF_UNIX));
  for (const scmp_datum_t type : {SOCK_DGRAM, SOCK_RAW})
    rules.refuse(SCMP_SYS(socketpair), EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, type));
  for (const int number : {SCMP_SYS(shmget), SCMP_SYS(shmat), SCMP_SYS(shmctl), SCMP_SYS(msgget), SCMP_SYS(msgsnd),
                           SCMP_SYS(msgrcv), SCMP_SYS(msgctl), SCMP_SYS(semget), SCMP_SYS(semop), SCMP_SYS(semtimedop),
                           SCMP_SYS(semctl), SCMP_SYS(mq_open), SCMP_SYS(mq_unlink)})
    rules.refuse(number, EPERM);
}

// What makes a process or a program of it, and what reaches for others. Its number is known: it has no children.
void refuse_others(Rules& rules, bool truncate) {
  for (const int number : {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(tkill)})
    rules.refuse(number, EPERM);
  rules.refuse(SCMP_SYS(clone), EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
  for (const int number : {424, 434, 448})
    rules.refuse(number, EPERM);  // pidfd_send_signal, pidfd_open, process_mrelease
  const auto own = static_cast<scmp_datum_t>(::getpid());
  for (const int number : {SCMP_SYS(kill), SCMP_SYS(tgkill), SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo)})
    rules.refuse(number, EPERM, SCMP_A0(SCMP_CMP_NE, own));
  rules.refuse(SCMP_SYS(prlimit64), EPERM, SCMP_A0(SCMP_CMP_NE, 0), SCMP_A2(SCMP_CMP_NE, 0));
  // Or it could outlive the host.
  rules.refuse(SCMP_SYS(prctl), EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffffu, PR_SET_PDEATHSIG));
  refuse_meetings(rules);
  refuse_attributes(rules, truncate);
  refuse_influence(rules);
}

void refuse_all(Rules& rules, const FilterRules& wanted) {
  for (const auto& call : refused) {
    rules.refuse(call.number > 0 ? call.number : seccomp_syscall_resolve_name(call.name), call.error);
  }
  refuse_namespaces(rules, wanted.nests);
  refuse_sockets(rules, !wanted.sockets);
  // Typing into a terminal as if its user did.
  for (const std::uint64_t request : {TIOCSTI, TIOCLINUX}) rules.refuse_request(request);
  // Personalities that put memory where an attacker knows it, or make what is read executable. The highest bit tells
  // that only the present one is asked for.
  for (const scmp_datum_t bit : {0x0040000u, 0x0200000u, 0x0400000u})
    rules.refuse(SCMP_SYS(personality), EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, bit | 0x80000000u, bit));
  if (wanted.alone) refuse_others(rules, wanted.truncate);
  if (!wanted.sessions) rules.refuse(SCMP_SYS(setsid), 0);  // "done", and nothing has happened
}

Result<std::vector<sock_filter>> read_program(scmp_filter_ctx context) {
  const service::UniqueFd file(::memfd_create("filter", MFD_CLOEXEC));
  const int failed = file ? seccomp_export_bpf(context, file.get()) : -errno;
  if (failed != 0) return Error{503, "jail_failed", std::string("cannot export the filter: ") + std::strerror(-failed)};
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  std::vector<sock_filter> program(static_cast<std::size_t>(size) / sizeof(sock_filter));
  if (::pread(file.get(), program.data(), static_cast<std::size_t>(size), 0) != size ||
      program.size() > berth_most_filter)
    return Error{503, "jail_failed", "the filter of system calls came out wrong"};
  return program;
}

}  // namespace

Result<std::vector<sock_filter>> make_filter(const FilterRules& wanted) {
  const Context context(seccomp_init(SCMP_ACT_ALLOW), seccomp_release);
  if (!context) return Error{503, "jail_failed", "cannot make a filter of system calls"};
  // What runs already has no new privileges and logs nothing; a foreign machine's calls end the process.
  seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_NNP, 0);
  seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a tree instead of a list
  Rules rules(context.get());
  refuse_all(rules, wanted);
  if (rules.failed() != 0)
    return Error{503, "jail_failed",
                 std::string("cannot make a filter of system calls: ") + std::strerror(-rules.failed())};
  return read_program(context.get());
}

}  // namespace berth::jail
