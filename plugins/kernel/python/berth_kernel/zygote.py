"""The zygote: imports and warms up everything once, freezes the collector's view of it, and forks workers on order. It never has a second thread."""
import atexit
import builtins
import gc
import getpass
import os
import shutil
import signal
import sys
import tempfile
import time

from . import becoming, cells, comms, cryo_load, cryo_store, preload, process, questions, runtime, shell, snapshot, wire
from .confine import Confine, Refused
from .forker import Forker
from .interrupts import Interrupts
from .output import Output
from .worker import Worker

HANDLERS = {
    "execute": cells.execute, "complete": questions.complete, "inspect": questions.inspect, "is_complete": questions.is_complete,
    "history": questions.history, "variables": questions.list_variables, "status": questions.status, "reset": questions.reset,
    "ping": questions.ping, "shutdown": questions.shutdown, "comm": comms.receive, "comm_info": comms.info, "check": snapshot.check, "freeze": snapshot.freeze,
    "store": cryo_store.store, "reload": cryo_load.reload, "cryo_look": cryo_load.look,
}


def build(config):
    """The shell, warm, and the worker that a fork becomes."""
    output = Output()
    output.install()
    sink = shell.Sink()
    report = preload.packages(config.get("preload", preload.DEFAULT))
    folder = tempfile.mkdtemp(prefix="berth-zygote-")
    try:
        interrupts = Interrupts()
        made = shell.create(folder, sink, interrupts)
        report["font"] = preload.dress_matplotlib(made) if "matplotlib.pyplot" in sys.modules else None
        report["comm"] = comms.install(sink)
        with open(os.devnull, "w", encoding="utf-8") as nothing:
            sys.stdout = sys.stderr = nothing
            preload.warm(made)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    output.install()
    made.loop_runner.close()
    made.runtime = runtime.Runtime()
    worker = made.runtime._worker = Worker(made, sink, output, interrupts, HANDLERS)
    made.reset()
    builtins.input = cells.make_input(worker, False)
    getpass.getpass = cells.make_input(worker, True)
    return worker, report


def start(orders):
    """The first message is the order `start`; its answer says what is there."""
    order, fds = orders.receive()
    began = time.monotonic()
    for fd in fds:
        os.close(fd)
    try:
        if order.get("order") != "start" or not isinstance(order.get("config"), dict):
            raise Refused("the first order is start, with a config")
        confine = Confine(order["config"].get("confine"))
        worker, report = build(order["config"])
    except (Exception, SystemExit) as no:  # also what a package that is imported does
        orders.send({"n": order.get("n"), "ok": False, "error": f"{type(no).__name__}: {no}"[:1000]})
        raise SystemExit(1) from None
    gc.collect()
    gc.freeze()
    ms = round((time.monotonic() - began) * 1000)
    orders.send({"n": order.get("n"), "ok": True, "pid": os.getpid(), "python": becoming.PYTHON, "ipython": becoming.IPYTHON, "preloaded": report,
                 "threads": len(os.listdir("/proc/self/task")), "ms": ms})
    return worker, confine


def main(fd):
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    orders = wire.Orders(os.dup(fd))
    os.close(fd)
    process.name("berth-zygote")
    process.own_session()
    process.be_reaper()
    try:
        worker, confine = start(orders)
    except wire.Closed:
        raise SystemExit(0) from None
    order = Forker(orders.socket.detach(), confine).serve()
    becoming.adopt(worker, order)
    worker.run()
    leave(worker)


def leave(worker):
    """Exit handlers, and the end: threads are not waited for, they may never end."""
    try:
        worker.interrupts.call(atexit._run_exitfuncs)
    finally:
        worker.output.flush()
        os._exit(0)
