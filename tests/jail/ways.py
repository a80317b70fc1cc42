#!/usr/bin/python3
"""Runs inside a jail and tries to get out of it, in as many ways as it knows. One JSON line for each: {name, way, out, how}. `out` is
true if it worked. FACTS in the environment is JSON with what there is to reach outside."""
import ctypes
import errno
import fcntl
import json
import mmap
import os
import platform
import resource
import signal
import socket
import struct
import subprocess
import sys
import time

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long
FACTS = json.loads(os.environ["FACTS"])
WORKSPACE = os.environ["WORKSPACE"]
TMP = os.environ["TMPDIR"]
X86 = platform.machine() == "x86_64"
# Numbers by name: x86-64, arm64. Those from 424 on are the same everywhere.
NUMBERS = {"ptrace": (101, 117), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "setns": (308, 268),
           "unshare": (272, 97), "keyctl": (250, 219), "add_key": (248, 217), "bpf": (321, 280), "userfaultfd": (323, 282),
           "perf_event_open": (298, 241), "kexec_load": (246, 104), "init_module": (175, 105), "finit_module": (313, 273), "reboot": (169, 142),
           "swapon": (167, 224), "syslog": (103, 116), "open_by_handle_at": (304, 265), "process_vm_readv": (310, 270),
           "sethostname": (170, 161), "settimeofday": (164, 170), "acct": (163, 89), "personality": (135, 92), "fanotify_init": (300, 262),
           "clone": (56, 220), "setresuid": (117, 147), "capset": (126, 91), "kcmp": (312, 272), "iopl": (172, None), "mknodat": (259, 33)}
WAYS = []


class Refused(Exception):
    """The jail said no; how is in the text."""


def way(text):
    def add(function):
        WAYS.append((function.__name__, text, function))
        return function
    return add


def call(name, *arguments):
    number = name if isinstance(name, int) else NUMBERS[name][0 if X86 else 1]
    if number is None:
        raise Refused("there is no such call here")
    # What is no number is kept alive by the caller's frame.
    result = LIBC.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    if result < 0:
        number = ctypes.get_errno()
        raise Refused(errno.errorcode.get(number, str(number)))
    return result


def in_child(function, patience=20):
    """What a child process found: the text that it was refused with raises here as well."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            said = "out: " + str(function())
        except Refused as no:
            said = "no: " + str(no)
        except OSError as no:
            said = "no: " + errno.errorcode.get(no.errno, str(no))
        except MemoryError:
            said = "no: MemoryError"
        os.write(writer, said.encode()[:4000])
        os._exit(0)
    os.close(writer)
    said = os.read(reader, 4096).decode()
    os.close(reader)
    _, status = os.waitpid(child, 0)
    if not said:
        raise Refused(f"killed by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "ended without a word")
    kind, _, text = said.partition(": ")
    if kind == "no":
        raise Refused(text)
    return text


def write_somewhere(path):
    with open(path, "a", encoding="ascii") as file:
        file.write("x")
    return f"wrote {path}"


@way("use a descriptor of the host that was not meant for it")
def leaked_descriptors():
    found = [fd for fd in range(3, 512) if os.path.exists(f"/proc/self/fd/{fd}") and "/proc" not in os.readlink(f"/proc/self/fd/{fd}")]
    if not found:
        raise Refused("there is none")
    return found


# ---- the system and namespaces

@way("mount a tmpfs over /usr")
def mount_tmpfs():
    return call("mount", b"none", b"/usr", b"tmpfs", 0, None)


@way("make the root writable by a remount")
def remount_root():
    return call("mount", None, b"/", None, 32 | 4096, None)  # MS_REMOUNT | MS_BIND


@way("unmount /proc")
def umount_proc():
    return call("umount2", b"/proc", 2)


@way("clone the tree of / by open_tree")
def open_tree():
    return call(428, -100, b"/", 1)


@way("open a new filesystem by fsopen")
def fsopen():
    return call(430, b"tmpfs", 0)


@way("make mounts writable by mount_setattr")
def mount_setattr():
    return call(442, -100, b"/usr", 0, struct.pack("QQQQ", 0, 1, 0, 0), 32)


@way("pivot_root")
def pivot():
    return call("pivot_root", b"/", b"/tmp")


@way("chroot to a folder, the first half of the old way out")
def chroot():
    os.mkdir(TMP + "/root")
    return call("chroot", (TMP + "/root").encode())


@way("a new user namespace by unshare")
def new_user_namespace():
    return in_child(lambda: call("unshare", 0x10000000))


@way("a new mount namespace by unshare")
def new_mount_namespace():
    return in_child(lambda: call("unshare", 0x00020000))


@way("a new user namespace by clone")
def clone_user_namespace():
    def go():
        child = call("clone", 0x10000000 | 17, 0, 0, 0, 0)
        if child == 0:
            os._exit(0)
        return child
    return in_child(go)


@way("a new user namespace by clone3")
def clone3_user_namespace():
    def go():
        child = call(435, struct.pack("8Q", 0x10000000, 0, 0, 0, 17, 0, 0, 0), 64)
        if child == 0:
            os._exit(0)
        return child
    return in_child(go)


@way("a new user namespace by the program unshare")
def unshare_program():
    done = subprocess.run(["unshare", "-Ur", "id", "-u"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(done.stderr.strip().splitlines()[-1][:60])
    return done.stdout


@way("join the namespaces of process 1 by setns")
def setns_of_init():
    return call("setns", os.open("/proc/1/ns/mnt", os.O_RDONLY), 0)


@way("join a pidfd's namespaces by setns")
def setns_pidfd():
    return call("setns", os.pidfd_open(os.getppid() or 1), 0x00020000)


@way("the file system of process 1 by /proc/1/root")
def root_of_init():
    return os.listdir("/proc/1/root/root")


@way("the file system of any visible process by /proc/N/root")
def root_of_others():
    seen = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{pid}/root/etc/shadow").st_ino and FACTS["folder"] and os.listdir(f"/proc/{pid}/root{FACTS['folder']}"):
                seen.append(pid)
        except OSError:
            continue
    if not seen:
        raise Refused("none shows it")
    return seen


@way("a file by its handle, without a path")
def by_handle():
    return call("open_by_handle_at", -100, struct.pack("Ii", 8, 1) + b"\2\0\0\0\0\0\0\0", 0)


@way("change the host's name")
def hostname():
    return call("sethostname", b"escaped", 7)


# ---- the host's files

@way("read the host's token file")
def token_file():
    with open(FACTS["token_file"], encoding="ascii") as file:
        return file.read()


@way("read the host's token file through a symbolic link in output/")
def token_by_link():
    link = WORKSPACE + "/output/link"
    os.symlink(FACTS["token_file"], link)
    with open(link, encoding="ascii") as file:
        return file.read()


@way("a hard link to the host's token file")
def token_by_hard_link():
    return os.link(FACTS["token_file"], WORKSPACE + "/output/hard")


@way("read the host's token file by ../ out of the workspace")
def token_by_dots():
    with open(WORKSPACE + "/output" + "/.." * 12 + FACTS["token_file"], encoding="ascii") as file:
        return file.read()


@way("read another session's file")
def other_file():
    with open(FACTS["other_file"], encoding="ascii") as file:
        return file.read()


@way("write another session's output")
def other_write():
    return write_somewhere(os.path.join(os.path.dirname(FACTS["other_file"]), "mine"))


@way("read /etc/shadow")
def shadow():
    with open("/etc/shadow", encoding="utf-8") as file:
        return file.read()


@way("list the host's root's home")
def root_home():
    return os.listdir("/root")


@way("read a file of the host's /tmp that all may read")
def host_tmp():
    with open(FACTS["tmp_file"], "rb") as file:
        return ["read", file.read()]


@way("write into /usr")
def write_usr():
    return write_somewhere("/usr/local/bin/mine")


@way("write into /etc")
def write_etc():
    return write_somewhere("/etc/profile.d/mine.sh")


@way("write into a kernel setting of /proc/sys")
def write_sysctl():
    return write_somewhere("/proc/sys/kernel/core_pattern")


@way("be spared when memory is short, by oom_score_adj")
def oom_score():
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("-1000")
    return "spared"


@way("leave its control group by writing to it")
def leave_group():
    for path in ("/sys/fs/cgroup/memory/cgroup.procs", "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/pids/cgroup.procs"):
        try:
            return write_somewhere(path)
        except OSError as no:
            last = no
    raise Refused(errno.errorcode[last.errno])


@way("make a device file of the disk")
def make_device():
    return call("mknodat", -100, (TMP + "/disk").encode(), 0o60666, (254 << 8))


@way("open the machine's disk or memory")
def open_devices():
    for path in ("/dev/vda", "/dev/sda", "/dev/mem", "/dev/kmsg", "/proc/kcore"):
        try:
            return os.open(path, os.O_RDONLY)
        except OSError as no:
            last = no
    raise Refused(errno.errorcode[last.errno])


# ---- the workspace's rules

@way("write into upload/")
def write_upload():
    return write_somewhere(WORKSPACE + "/upload/mine")


@way("change a file of upload/")
def change_upload():
    return write_somewhere(WORKSPACE + "/upload/given.txt")


@way("delete from upload/")
def delete_upload():
    return os.remove(WORKSPACE + "/upload/given.txt")


@way("rename over a file of upload/")
def rename_upload():
    with open(WORKSPACE + "/output/new", "w", encoding="ascii") as file:
        file.write("x")
    return os.rename(WORKSPACE + "/output/new", WORKSPACE + "/upload/given.txt")


@way("a hard link from output/ to a file of upload/, to write it there")
def link_upload():
    os.link(WORKSPACE + "/upload/given.txt", WORKSPACE + "/output/given")
    return write_somewhere(WORKSPACE + "/output/given")


@way("append to .store")
def append_store():
    return write_somewhere(WORKSPACE + "/.store/records")


@way("truncate .store")
def truncate_store():
    return os.truncate(WORKSPACE + "/.store/records", 0)


@way("rename .store away")
def rename_store():
    return os.rename(WORKSPACE + "/.store", WORKSPACE + "/output/store")


@way("write .store through the alias")
def store_by_alias():
    return write_somewhere("/mnt/alias/.store/records")


@way("write .store by /proc/self/fd of a descriptor opened for reading")
def store_by_proc_fd():
    fd = os.open(WORKSPACE + "/.store/records", os.O_RDONLY)
    return write_somewhere(f"/proc/self/fd/{fd}")


@way("change the mode of upload/")
def chmod_upload():
    return os.chmod(WORKSPACE + "/upload", 0o777)


# ---- other processes

@way("signal a process of the host")
def signal_host():
    return os.kill(FACTS["victim"], 0)


@way("kill a process of the host")
def kill_host():
    return os.kill(FACTS["victim"], signal.SIGKILL)


@way("signal a process of another session")
def signal_other():
    return os.kill(FACTS["other_pid"], 0)


@way("stop all that can be signalled, and see whether a process of the host is")
def signal_all():
    def go():
        signal.signal(signal.SIGCONT, signal.SIG_IGN)
        os.kill(-1, signal.SIGCONT)
        raise Refused("sent; the host's processes are watched by the test")
    return in_child(go)


@way("read the host's environment by /proc/N/environ")
def host_environment():
    with open(f"/proc/{FACTS['victim']}/environ", "rb") as file:
        found = file.read()
    if b"VICTIM=" not in found:
        raise Refused("another process")
    return found


@way("read a host process' memory by /proc/N/mem")
def host_memory():
    found = os.open(f"/proc/{FACTS['victim']}/mem", os.O_RDONLY)
    with open(f"/proc/{FACTS['victim']}/cmdline", "rb") as file:
        if b"victim" not in file.read():
            raise Refused("another process")
    return found


@way("trace a process by ptrace")
def ptrace():
    return call("ptrace", 16, os.getppid(), 0, 0)  # PTRACE_ATTACH


@way("be traced by a child by ptrace")
def ptrace_me():
    return in_child(lambda: call("ptrace", 0, 0, 0, 0))


@way("read a process' memory by process_vm_readv")
def vm_readv():
    room = ctypes.create_string_buffer(8)
    local = struct.pack("QQ", ctypes.addressof(room), 8)
    return call("process_vm_readv", FACTS["victim"], local, 1, local, 1, 0)


@way("take a descriptor of another process by pidfd_getfd")
def getfd():
    return call(438, os.pidfd_open(os.getppid() or 1), 0, 0)


@way("read the keeper's memory by /proc/1/mem")
def keeper_memory():
    return os.open("/proc/1/mem", os.O_RDWR)


@way("become root by setresuid")
def become_root():
    return call("setresuid", 0, 0, 0)


@way("become another session's user by setresuid")
def become_other():
    if FACTS["other_user"] == os.getuid():
        raise Refused("it has no user of its own")
    return call("setresuid", FACTS["other_user"], FACTS["other_user"], FACTS["other_user"])


@way("take back capabilities by capset")
def capabilities():
    return call("capset", struct.pack("II", 0x20080522, 0), struct.pack("6I", 1 << 21, 1 << 21, 0, 0, 0, 0))


@way("gain rights by a setuid program")
def setuid_program():
    for program in ("/usr/bin/su", "/usr/bin/passwd", "/usr/bin/mount", "/usr/bin/chsh"):
        if os.path.exists(program) and os.stat(program).st_mode & 0o4000:
            break
    with open("/proc/self/status", encoding="ascii") as file:
        if "NoNewPrivs:\t1" in file.read():
            raise Refused("no_new_privs is set")
    return program


@way("gain rights by a setuid program of its own making")
def own_setuid():
    copy = TMP + "/id"
    subprocess.run(["cp", "/usr/bin/id", copy], check=True)
    os.chmod(copy, 0o6755)
    said = subprocess.run([copy, "-u"], capture_output=True, text=True, check=False)
    if said.stdout.strip() in ("", str(os.getuid())):
        raise Refused("it runs as oneself")
    return said.stdout


@way("use the kernel's keys")
def keyctl():
    return call("keyctl", 0, -4, 1)


@way("add a key to the user's keyring")
def add_key():
    return call("add_key", b"user", b"mine", b"x", 1, -4)


# ---- the network

@way("connect to a TCP server of the host")
def host_tcp():
    with socket.socket() as one:
        one.settimeout(5)
        one.connect(("127.0.0.1", FACTS["port"]))
        return "connected"


@way("send UDP to the world")
def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        return one.sendto(b"x", ("192.0.2.1", 53))


@way("resolve a name")
def resolve():
    try:
        return socket.getaddrinfo("example.org", 80)
    except socket.gaierror as no:
        raise Refused(str(no)[:50]) from no


@way("connect to a Unix socket of the host")
def host_unix():
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(FACTS["unix"])
        return one.recv(10)


@way("connect to an abstract Unix socket of the host")
def host_abstract():
    with socket.socket(socket.AF_UNIX) as one:
        one.connect("\0" + FACTS["abstract"])
        return one.recv(10)


@way("a raw socket")
def raw_socket():
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)


@way("a packet socket")
def packet_socket():
    return socket.socket(17, socket.SOCK_RAW, 3)  # AF_PACKET


@way("a socket to the hypervisor, which no network namespace holds")
def vsock():
    return socket.socket(40, socket.SOCK_STREAM)  # AF_VSOCK


@way("the kernel's cryptography by AF_ALG")
def af_alg():
    return socket.socket(38, socket.SOCK_SEQPACKET)


@way("watch the kernel's events by netlink")
def netlink():
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 15)  # NETLINK_KOBJECT_UEVENT


# ---- the kernel

@way("load a BPF program")
def bpf():
    return call("bpf", 0, struct.pack("IIIII", 1, 4, 4, 1, 0) + bytes(100), 120)


@way("userfaultfd")
def userfaultfd():
    return call("userfaultfd", 1)


@way("io_uring, whose calls no filter sees")
def io_uring():
    return call(425, 4, ctypes.create_string_buffer(240))


@way("perf_event_open")
def perf():
    return call("perf_event_open", struct.pack("II", 1, 120) + bytes(112), 0, -1, -1, 0)


@way("kexec_load")
def kexec():
    return call("kexec_load", 0, 0, 0, 0)


@way("load a kernel module")
def module():
    return call("init_module", b"x", 1, b"")


@way("read the kernel's log")
def dmesg():
    return call("syslog", 3, ctypes.create_string_buffer(100), 100)


@way("turn the machine off")
def reboot():
    return call("reboot", 0xfee1dead, 672274793, 0x89abcdef, 0)  # CAD_OFF: harms nobody if it works


@way("set the clock")
def clock():
    return call("settimeofday", struct.pack("qq", int(time.time()), 0), None)


@way("turn accounting on")
def accounting():
    return call("acct", b"/tmp/acct")


@way("watch all files by fanotify")
def fanotify():
    return call("fanotify_init", 0, 0)


@way("turn address randomisation off by personality")
def personality():
    return call("personality", 0x0040000)


@way("raw I/O ports")
def ports():
    return call("iopl", 3)


@way("type into the terminal by TIOCSTI")
def typing():
    _, end = os.openpty()
    return fcntl.ioctl(end, 0x5412, b"x")


@way("secret memory")
def secret_memory():
    return call(447, 0)


# ---- limits

@way("hold 2 GB of memory")
def memory_bomb():
    def go():
        held = [bytearray(b"x") * (16 << 20) for _ in range(128)]
        return f"{len(held) * 16} MB held"
    return in_child(go)


@way("hold 2 GB of shared memory")
def shared_bomb():
    def go():
        held = []
        for _ in range(128):
            held.append(mmap.mmap(-1, 16 << 20))
            for at in range(0, 16 << 20, 4096):
                held[-1][at] = 1
        return f"{len(held) * 16} MB held"
    return in_child(go)


@way("a thousand processes at once")
def fork_bomb():
    children, refused = [], ""
    for _ in range(1000):
        try:
            child = os.fork()
        except OSError as no:
            refused = f"{errno.errorcode[no.errno]} after {len(children)}"
            break
        if child == 0:
            signal.pause()
            os._exit(0)
        children.append(child)
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if refused:
        raise Refused(refused)
    return len(children)


@way("ten thousand open files")
def file_bomb():
    opened = []
    try:
        for _ in range(10000):
            opened.append(os.open("/dev/null", os.O_RDONLY))
    finally:
        count = len(opened)
        for one in opened:
            os.close(one)
        if count == 10000:
            return count


@way("raise its own limit of open files")
def raise_files():
    return resource.setrlimit(resource.RLIMIT_NOFILE, (100000, 100000))


def fill(folder, most):
    path = folder + "/fill"
    written = 0
    try:
        with open(path, "wb", buffering=0) as file:
            piece = b"x" * (1 << 20)
            while written < most:
                written += file.write(piece)
    finally:
        os.remove(path)
    return f"{written >> 20} MB written"


@way("fill /tmp with 300 MB")
def fill_tmp():
    return fill(TMP, 300 << 20)


@way("fill /dev/shm with 300 MB")
def fill_shm():
    return fill("/dev/shm", 300 << 20)


@way("a million files in /tmp")
def many_files():
    os.mkdir(TMP + "/many")
    made = 0
    try:
        for made in range(1_000_000):
            os.close(os.open(f"{TMP}/many/{made}", os.O_CREAT | os.O_WRONLY))
            if made == 200_000:
                return "200000 files"
    finally:
        subprocess.run(["rm", "-rf", TMP + "/many"], check=False)


@way("real-time priority")
def realtime():
    return os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))


def tried(function):
    try:
        return True, str(function())[:80]
    except Refused as no:
        return False, str(no)
    except OSError as no:
        return False, errno.errorcode.get(no.errno, str(no))
    except (MemoryError, ValueError) as no:
        return False, type(no).__name__ + " " + str(no)


def main():
    for name, text, function in WAYS:
        out, how = tried(function)
        print(json.dumps({"name": name, "way": text, "out": out, "how": how}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
