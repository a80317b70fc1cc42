"""How a fork becomes a worker, and a thawed one a worker again: its descriptors, its jail, its place; and what is wrong after a fork is put right."""
import os
import site
import sys
from time import monotonic

from IPython import __version__ as IPYTHON

from . import process
from .channel import Channel
from .mending import Parts
from .output import high, nothing_on_zero

PYTHON = sys.version.split()[0]
_exit, _getpid = os._exit, os.getpid


def adopt(worker, order, thawed=False):
    """What a forked child does first. Who asked is told why it failed, if there is a way to."""
    worker.forking = True
    try:
        worker.channel = Channel(high(order.fds["work"]))
        try:
            _settle(worker, order, thawed)
        except Exception as no:
            worker.channel.owner = _getpid()
            worker.channel.send({"event": "failed", "error": f"{type(no).__name__}: {no}"[:1000]})
            _exit(70)
        _begin(worker)
        worker.emit("ready", False, pid=_getpid(), thawed=thawed, confined=bool(order.ticket), epoch=worker.epoch, python=PYTHON, ipython=IPYTHON)
    except BaseException:
        _exit(70)


def _begin(worker):
    worker.forking = False
    worker.channel.owner = _getpid()
    worker.later.clear()
    worker.current = worker.reply = None
    worker.owed = False
    worker.started = monotonic()
    worker.interrupts.watch(worker.channel.socket)
    worker.interrupts.backlog = lambda: bool(worker.later or worker.channel.bytes)
    worker.interrupts.install()
    worker.interrupts.hold()
    worker.parts = Parts(worker.shell)


def _settle(worker, order, thawed):
    token = str(order.config["token"]).encode("ascii")
    if len(token) != 32:
        raise ValueError("the token has 32 letters and digits")
    worker.life = high(order.fds["life"])
    worker.output.connect(order.fds["out"], order.fds["err"], token)
    if not thawed:
        _first_descriptors(worker, order)
    if order.ticket:
        order.confine.enter(order.ticket, order.tell)
        for fd in order.ticket:
            if fd >= 0:
                os.close(fd)
    order.done()
    process.own_session()
    process.arm_lifeline(worker.life)
    process.name("berth-worker")
    process.furnish(order.config)
    worker.sink.figures.update(order.config.get("figures") or {})
    _refresh(worker, order, thawed)


def _first_descriptors(worker, order):
    keep = {worker.channel.fd, worker.life, *worker.output.pipes.values(), order.writer, *(fd for fd in order.ticket or () if fd >= 0)}
    process.close_others(keep)
    nothing_on_zero()


def _refresh(worker, order, thawed):
    """What is wrong after a fork, and can be put right."""
    if order.config.get("random") == "kept" and worker.random:
        process.set_random_state(worker.random)
    else:
        process.reseed(worker.shell.user_ns)
    worker.random = None
    worker.output.install()
    if not thawed:
        sys.path.insert(0, "")
        own = site.getusersitepackages()
        if own not in sys.path and os.path.isdir(own):  # the zygote itself runs nothing of it
            sys.path.append(own)
        worker.shell.history_manager.dir_hist[:] = [os.getcwd()]
        return
    worker.epoch += 1
    worker.asyncio.after_fork()
    worker.frozen.clear()
