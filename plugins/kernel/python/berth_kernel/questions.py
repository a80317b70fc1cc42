"""The requests that look and do not run: complete, inspect, is_complete, history, variables, status, and the small ones beside them.
Looking may run the user's code too (__dir__, properties), so each can be interrupted."""
import gc
import os
import sys
import threading
from time import monotonic

from IPython.utils.tokenutil import token_at_cursor

from . import process, variables
from .becoming import PYTHON
from .wire import shorten


def looking(function):
    def handler(worker, frame, fds):
        try:
            return {"status": "ok", "error": None, **worker.interrupts.call(function, worker, frame)}
        finally:
            worker.interrupts.hold()

    return handler


def _position(frame):
    code = str(frame.get("code", ""))
    position = frame.get("cursor_pos")
    return code, len(code) if not isinstance(position, int) else max(0, min(position, len(code)))


@looking
def complete(worker, frame):
    code, position = _position(frame)
    start = code.rfind("\n", 0, position) + 1
    end = code.find("\n", position)
    line = code[start : end if end >= 0 else len(code)]
    text, matches = worker.shell.complete("", line, position - start)
    return {"matches": [str(one) for one in list(matches)[:1000]], "cursor_start": position - len(text), "cursor_end": position, "metadata": {}}


@looking
def inspect(worker, frame):
    code, position = _position(frame)
    try:
        name = token_at_cursor(code, position)
        data = worker.shell.object_inspect_mime(name, detail_level=1 if frame.get("detail_level") else 0)
    except (KeyError, IndexError):
        return {"found": False, "data": {}, "metadata": {}}
    if not worker.shell.enable_html_pager:
        data.pop("text/html", None)
    return {"found": True, "data": {kind: shorten(str(text)) for kind, text in data.items()}, "metadata": {}}


@looking
def is_complete(worker, frame):
    state, spaces = worker.shell.input_transformer_manager.check_complete(str(frame.get("code", "")))
    return {"complete": state, "indent": " " * (spaces or 0)}


@looking
def history(worker, frame):
    manager = worker.shell.history_manager
    raw, output = bool(frame.get("raw", True)), bool(frame.get("output", False))
    kind = frame.get("access", "tail")
    if kind == "range":
        found = manager.get_range(int(frame.get("session", 0)), int(frame.get("start", 1)), frame.get("stop"), raw=raw, output=output)
        found = [(number or manager.session_number, *rest) for number, *rest in found]  # IPython calls the one that is on 0
    elif kind == "search":
        found = manager.search(str(frame.get("pattern", "*")), raw=raw, output=output, n=frame.get("count"), unique=bool(frame.get("unique")))
    else:
        found = manager.get_tail(int(frame.get("count") or 10), raw=raw, output=output, include_latest=True)
    return {"history": [list(one) for one in found]}


@looking
def list_variables(worker, frame):
    found, count = variables.listing(worker.shell, int(frame.get("most") or variables.MOST))
    return {"variables": found, "count": count}


@looking
def status(worker, _frame):
    return {"pid": os.getpid(), "execution_count": worker.shell.execution_count - 1, "globals_count": len(variables.visible(worker.shell)),
            "rss": process.memory(), "threads": threading.active_count(), "epoch": worker.epoch, "cwd": os.readlink("/proc/self/cwd"),
            "seconds": round(monotonic() - worker.started, 3), "python": PYTHON}


@looking
def reset(worker, _frame):
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    worker.shell.reset()
    gc.collect()
    return {}


def ping(_worker, _frame, _fds):
    return {"status": "ok", "error": None}


def shutdown(worker, _frame, _fds):
    worker.leaving = True
    return {"status": "ok", "error": None}
