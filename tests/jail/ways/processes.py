"""Ways to other processes and to more rights."""
import ctypes
import os
import signal
import struct
import subprocess

from .kit import FACTS, Refused, TMP, call, in_child, way


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
