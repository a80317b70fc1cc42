"""Ways to more than the limits give."""
import errno
import mmap
import os
import resource
import signal
import subprocess

from .kit import Refused, TMP, in_child, way


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
