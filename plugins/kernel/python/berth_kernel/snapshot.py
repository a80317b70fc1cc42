"""Freezing: a fork between cells that waits on a socket of its own with the namespace as it is. Before it: a look at what a fork cannot
keep, named one by one, so that who asks can decide."""
import ctypes
import gc
import os
import sys
import threading

from . import process
from .becoming import adopt
from .forker import Forker

_libc = ctypes.CDLL(None)


def _threads():
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    for task in sorted(map(int, os.listdir("/proc/self/task"))):
        if task != os.getpid():
            with open(f"/proc/self/task/{task}/comm", encoding="utf-8", errors="replace") as file:
                yield "thread", f"{names.get(task, 'not of Python')} ({file.read().strip()}): it stops, and locks that it holds stay locked"


def _children(known):
    for pid in sorted(set(process.children()) - known):
        stat = process.stat(pid)
        if stat:
            yield "child", f"process {pid} ({stat[0]}): a restored kernel cannot wait for it"


def _descriptors(own):
    for entry in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{entry}")
        except OSError:
            continue
        if int(entry) < 3 or int(entry) in own:
            continue
        if target.startswith("socket:"):
            yield "socket", f"descriptor {entry}: both sides would speak through it"
        elif target.startswith("/") and not target.startswith(("/dev/", "/memfd:")):
            with open(f"/proc/self/fdinfo/{entry}", encoding="ascii") as file:
                flags = next(int(line.split()[1], 8) for line in file if line.startswith("flags:"))
            if flags & os.O_ACCMODE != os.O_RDONLY:
                yield "file", f"{target} is open for writing (descriptor {entry}): its position is shared"


def _objects(worker):
    sqlite = sys.modules.get("sqlite3")
    for name, value in list(worker.shell.user_ns.items()):
        if sqlite is not None and type(value) is sqlite.Connection:
            try:
                if value.in_transaction:
                    yield "transaction", f"{name} has an open transaction: it locks both sides out"
            except sqlite.ProgrammingError:  # closed
                pass
    for task in worker.asyncio.tasks():
        yield "task", f"asyncio task {task.get_name()}: each side goes on with it"


def look(worker, others=()):
    own = {*others, worker.channel.fd, worker.life, *worker.output.pipes.values(), *worker.asyncio.descriptors()}
    found = []
    for part in (_threads(), _children(worker.frozen), _descriptors(own), _objects(worker)):
        found.extend({"kind": kind, "what": what} for kind, what in part)
    return found


def check(worker, _frame, _fds):
    return {"status": "ok", "error": None, "warnings": look(worker)}


def freeze(worker, frame, fds):
    """Answers with the checkpoint's pid and a pidfd. In a worker thawed from it this returns nothing, and the loop goes on."""
    if len(fds) != 1:
        raise ValueError("freeze wants one descriptor: the checkpoint's end of its order socket")
    warnings = look(worker, fds)
    if warnings and not frame.get("force"):
        return {"status": "refused", "error": None, "warnings": warnings}
    worker.output.flush()
    if not any(one["kind"] == "thread" for one in warnings):  # a thread may hold what this waits for
        _libc.fflush(None)
    worker.random = process.random_state()
    apart, until_apart = os.pipe()
    collecting = gc.isenabled()
    gc.disable()
    worker.forking = True
    try:
        pid = _fork(apart, until_apart)
        if pid == 0:
            os.close(apart)
            _be_frozen(worker, fds.pop(), collecting, until_apart)
            return None
    finally:  # also of who is thawed, in a frame of long ago
        worker.forking = False
        if collecting:
            gc.enable()
    os.close(until_apart)
    os.read(apart, 1)  # as long as it is of our session, our end would be its end
    os.close(apart)
    worker.random = None
    worker.frozen.add(pid)
    return {"status": "ok", "error": None, "pid": pid, "warnings": warnings, "fds": [os.pidfd_open(pid)]}


def _fork(*pipe):
    try:
        return os.fork()
    except OSError:
        for fd in pipe:
            os.close(fd)
        raise


def _be_frozen(worker, fd, collecting, until_apart):
    try:
        process.own_session()
        os.close(until_apart)
        _let_go(worker)
        order = Forker(fd).serve()
    except BaseException:  # it must not go on as if it were the worker
        os._exit(70)
    if collecting:
        gc.enable()
    adopt(worker, order, thawed=True)


def _let_go(worker):
    process.name("berth-frozen")
    process.be_reaper()
    worker.channel.close()
    worker.channel = None
    worker.output.disconnect()
    os.close(worker.life)
    nothing = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)
    worker.frozen.clear()
