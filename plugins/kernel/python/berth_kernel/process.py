"""What a forked process is made into before it runs cells: descriptors, lifeline, jail, folder, environment, limits, random numbers."""
import ctypes
import fcntl
import os
import random
import resource
import signal
import sys
import time

_F_SETSIG = 10
_PR_SET_NAME, _PR_SET_CHILD_SUBREAPER = 15, 36
_libc = ctypes.CDLL(None)


def name(text):
    _libc.prctl(_PR_SET_NAME, text.encode(), 0, 0, 0)


def be_reaper():
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def memory():
    """Bytes that this process has."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def own_memory():
    """Those of them that it shares with nobody; to count them takes as long as a fork."""
    with open("/proc/self/smaps_rollup", encoding="ascii", errors="replace") as file:
        return sum(int(line.split()[1]) << 10 for line in file if line.startswith("Private_"))


def children():
    """Pids of this process's children, from the kernel where it tells (CONFIG_PROC_CHILDREN), or else from everybody's stat."""
    try:
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/children", encoding="ascii") as file:
                yield from map(int, file.read().split())
    except FileNotFoundError:
        for entry in filter(str.isdigit, os.listdir("/proc")):
            found = stat(entry)
            if found and int(found[2]) == os.getpid():
                yield int(entry)


def stat(pid):
    """Name, state, parent."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return None
    end = text.rindex(")")
    return text[text.index("(") + 1 : end], *text[end + 2 :].split()[:2]


def own_session():
    """A session of its own, or at least a group: a signal to that, from a terminal or by kill(0, …), reaches nobody else."""
    try:
        os.setsid()
    except PermissionError:  # it leads a group already
        pass
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)


def close_others(keep):
    """All descriptors but 0, 1, 2 and these."""
    low = 3
    for fd in sorted(keep):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, max([int(one) for one in os.listdir("/proc/self/fd")] + [low]) + 1)


def arm_lifeline(fd):
    """When the end of this pipe that the plugin holds is closed, the kernel kills us, whatever runs: nothing outlives the plugin. Who is to be
    killed belongs to the open description, so each worker needs a pipe of its own."""
    fcntl.fcntl(fd, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(fd, _F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)
    try:
        if os.read(fd, 1) == b"":  # it had gone before
            os._exit(73)
    except BlockingIOError:
        pass


def furnish(config):
    """Folder, environment, limits: what the plugin asks for; what it does not name stays."""
    if isinstance(config.get("env"), dict):
        os.environ.clear()
        os.environ.update({str(key): str(value) for key, value in config["env"].items()})
        time.tzset()
    if config.get("cwd"):
        os.chdir(config["cwd"])
    for key, value in (config.get("limits") or {}).items():
        kind = getattr(resource, "RLIMIT_" + str(key).upper(), None)
        if kind is None:
            raise ValueError(f"no such limit: {key}")
        most = resource.getrlimit(kind)[1]
        value = int(value) if most == resource.RLIM_INFINITY else min(int(value), most)
        resource.setrlimit(kind, (value, value))


def reseed(namespace):
    random.seed()
    numpy = sys.modules.get("numpy.random")
    if numpy is not None:
        numpy.seed()
        for one in list(namespace.values()):
            if type(one) is numpy.Generator:
                one.bit_generator.state = type(one.bit_generator)().state
            elif type(one) is numpy.RandomState:
                one.seed()
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.seed()


def random_state():
    numpy = sys.modules.get("numpy.random")
    return random.getstate(), numpy.get_state() if numpy is not None else None


def set_random_state(state):
    random.setstate(state[0])
    if state[1] is not None:
        sys.modules["numpy.random"].set_state(state[1])
