"""Ways to the host's files, and around the workspace's rules."""
import errno
import os

from .kit import FACTS, Refused, TMP, WORKSPACE, call, way, write_somewhere


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


def forged():
    """A file of its own, to put in the place of what is not."""
    path = WORKSPACE + "/output/forged-record"
    with open(path, "w", encoding="ascii") as file:
        file.write("forged")
    return path


@way("append to .store")
def append_store():
    return write_somewhere(WORKSPACE + "/.store/records")


@way("truncate .store")
def truncate_store():
    return os.truncate(WORKSPACE + "/.store/records", 0)


@way("empty .store by opening it anew (O_TRUNC)")
def empty_store():
    return os.close(os.open(WORKSPACE + "/.store/records", os.O_WRONLY | os.O_TRUNC))


@way("make a file in .store")
def new_in_store():
    return write_somewhere(WORKSPACE + "/.store/mine")


@way("delete a file of .store")
def delete_store():
    return os.remove(WORKSPACE + "/.store/records")


@way("rename .store away")
def rename_store():
    return os.rename(WORKSPACE + "/.store", WORKSPACE + "/output/store")


@way("rename over .store")
def rename_over_store():
    os.makedirs(WORKSPACE + "/output/forged", exist_ok=True)
    return os.rename(WORKSPACE + "/output/forged", WORKSPACE + "/.store")


@way("rename over a file of .store")
def rename_over_record():
    return os.rename(forged(), WORKSPACE + "/.store/records")


@way("rename over a file of .store from within .store")
def rename_in_store():
    return os.rename(WORKSPACE + "/.store/records", WORKSPACE + "/.store/old")


@way("exchange a file of .store with one of its own by renameat2")
def exchange_record():
    return call("renameat2", -100, forged().encode(), -100, (WORKSPACE + "/.store/records").encode(), 2)  # RENAME_EXCHANGE


@way("put a symbolic link in the place of .store")
def link_over_store():
    link = WORKSPACE + "/output/to-store"
    os.symlink("output", link)
    return os.rename(link, WORKSPACE + "/.store")


@way("a hard link from output/ to a file of .store, to write it there")
def link_store():
    os.link(WORKSPACE + "/.store/records", WORKSPACE + "/output/records")
    return write_somewhere(WORKSPACE + "/output/records")


@way("a hard link into .store")
def link_into_store():
    return os.link(forged(), WORKSPACE + "/.store/linked")


@way("a hole in a file of .store by fallocate")
def hole_in_store():
    fd = os.open(WORKSPACE + "/.store/records", os.O_RDONLY)
    return call("fallocate", fd, 3, 0, 4)  # FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE


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
