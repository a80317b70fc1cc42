"""Ways through the system and its namespaces."""
import os
import struct
import subprocess

from .kit import FACTS, Refused, TMP, call, in_child, way


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
