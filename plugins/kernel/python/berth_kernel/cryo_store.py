"""The request `store`: the user's variables into a file, which is there whole or not at all. It is told what was stored, and what could not be and why."""
import fnmatch
import gc
import json
import os
import re
import sys
import time
from time import monotonic

from IPython import __version__ as IPYTHON

from . import cryo_disk, cryo_file, cryo_pickle
from .cryo_values import Values
from .questions import looking
from .variables import class_name
from .wire import shorten

# IPython's own: the last results and inputs.
_ITS_OWN = re.compile(r"In|Out|_{1,3}|_i{1,3}|_i?\d+|_[iod]h|_exit_code|__\w+__")
EVERY = 0.5  # seconds between two events
MOST_TOLD = 10_000
OUT = re.compile(r"Out\[(\d{1,9})\]")


class BadRequest(Exception):
    """What was asked for cannot be."""


def patterns(frame, key):
    """Names, or patterns as a shell has them; None: not given."""
    found = frame.get(key)
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadRequest(f"{key} is a list of names or patterns")
    return found


def matches(name, wanted):
    return any(fnmatch.fnmatchcase(name, one) for one in wanted)


def wanted(names, frame):
    """Of the names those that are asked for; and what was asked for by its very name and is not there."""
    include, exclude = patterns(frame, "include"), patterns(frame, "exclude") or []
    kept = [name for name in names if (include is None or matches(name, include)) and not matches(name, exclude)]
    there = set(names)
    return kept, [one for one in include or [] if not re.search(r"[*?[]", one) and one not in there]


def may_be_kept(shell, name):
    """Whether a variable of that name is stored, and loaded: not what IPython and the kernel call something of theirs."""
    return not _ITS_OWN.fullmatch(name) and not name.startswith("__") and name not in shell.user_ns_hidden


def own_names(shell, space):
    """The user's variables that can be kept."""
    return [name for name in space if type(name) is str and may_be_kept(shell, name)]


def strange_names(shell, space):
    """The user's variables that cannot, for their names alone: of what the kernel put there, those that have another value now."""
    hidden = shell.user_ns_hidden
    return [name for name in space if type(name) is str and not may_be_kept(shell, name) and not _ITS_OWN.fullmatch(name)
            and not (name in hidden and hidden[name] is space[name])]


def versions(modules):
    found = {}
    for name in sorted(modules - {"__main__", "builtins", ""}):
        version = getattr(sys.modules.get(name), "__version__", None)
        if type(version) is str:
            found[name] = version
    return found


def teller(worker):
    last = [monotonic()]

    def tell(stage, done, of):
        now = monotonic()
        if now - last[0] > EVERY:
            last[0] = now
            worker.emit("progress", False, stage=stage, done=done, of=of)

    return tell


@looking
def store(worker, frame):
    begun = monotonic()
    path = cryo_disk.place(frame.get("path"))
    shell = worker.shell
    space = dict(shell.user_ns)
    names, missing = wanted(own_names(shell, space), frame)
    strange = wanted(strange_names(shell, space), frame)[0]
    missing = [name for name in missing if name not in strange]
    if frame.get("history"):
        for number, value in list(shell.history_manager.output_hist.items()):
            space[f"Out[{number}]"] = value
            names.append(f"Out[{number}]")
    try:
        cryo_disk.sweep(os.path.dirname(path))
        draft = cryo_disk.Draft(path)
    except OSError as no:
        raise cryo_disk.explained(no, path) from None
    collecting = gc.isenabled()
    gc.disable()  # what is made here is all needed to the end
    try:
        values = Values(worker, names, space)
        values.left.update(dict.fromkeys(strange, "the kernel has a use for this name: choose another"))
        values.take(teller(worker))
        size = written(worker, draft, values, bool(frame.get("history")))
    except OSError as no:
        raise cryo_disk.explained(no, path) from None
    finally:
        draft.close()
        if collecting:
            gc.enable()
    return {**told(values, missing), "path": path, "bytes": size, "ms": round((monotonic() - begun) * 1000, 3)}


def written(worker, draft, values, history):
    draft.check()
    tell, total = teller(worker), sum(done.size for _, done in values.groups)
    writer = cryo_file.Writer(draft.fd, header(worker, values), lambda: tell("bytes", writer.at, total))
    if values.modules:
        writer.record({"kind": "modules", "names": list(values.modules), "modules": list(values.modules.values())}, [])
    if values.context.sources:
        writer.record({"kind": "sources"}, [json.dumps(values.context.sources).encode("utf-8", "replace")])
    if values.classes:
        writer.record({"kind": "classes"}, [values.classes.pieces, *values.classes.buffers])
    for names, done in values.groups:
        writer.record({"kind": "values", "names": names, "dill": done.how == "dill"}, [done.pieces, *done.buffers])
    if history:
        manager = worker.shell.history_manager
        texts = [[str(one) for one in cells] for cells in (manager.input_hist_raw, manager.input_hist_parsed)]
        writer.record({"kind": "history"}, [json.dumps(texts).encode()])
    size = writer.finish()
    worker.interrupts.calmly(draft.keep)
    return size


def header(worker, values):
    number = {name: at for at, (names, _) in enumerate(values.groups) for name in names}
    rows = [[name, class_name(type(values.space[name])), done.how, done.size, number[name]] for name, done in values.done.items()]
    modules = [[name, "module", "module", 0, None] for name in values.modules]
    return {
        "python": sys.version.split()[0], "ipython": IPYTHON, "versions": versions(values.context.modules), "created": time.time(),
        "cloudpickle": getattr(cryo_pickle.cloudpickle(), "__version__", None), "zstd": getattr(cryo_file.zstandard, "__version__", None),
        "cwd": os.readlink("/proc/self/cwd"), "path": [one for one in sys.path if type(one) is str], "execution_count": worker.shell.execution_count,
        "variables": modules + rows, "left_out": [[name, why] for name, why in values.left.items()],
    }


def told(values, missing):
    kind = {name: class_name(type(values.space[name])) for name in {*values.names, *values.left}}
    stored = [{"name": name, "type": "module", "how": "module", "bytes": 0} for name in values.modules]
    stored += [{"name": name, "type": kind[name], "how": done.how, "bytes": done.size} for name, done in values.done.items()]
    left = [{"name": name, "type": kind[name], "reason": shorten(why)} for name, why in values.left.items()]
    left += [{"name": name[:200], "type": None, "reason": "there is no variable of this name"} for name in missing]
    return {"stored": stored[:MOST_TOLD], "count": len(stored), "left_out": left[:MOST_TOLD], "notes": notes() + values.notes}


def notes():
    """What could be better here."""
    missing = [(cryo_pickle.cloudpickle(), "cloudpickle", "classes of cells and lambdas within other modules' objects are left out"),
               (cryo_file.zstandard, "zstandard", "nothing is compressed")]
    return [f"the package {name} is missing: {what}" for found, name, what in missing if found is None]
