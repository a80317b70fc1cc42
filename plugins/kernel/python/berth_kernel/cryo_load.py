"""The requests `reload` and `cryo_look`. Whatever a file says, what is loaded is put into the namespace as it comes, since functions and classes
look for each other there; and when that ends otherwise than well, the namespace is what it was before."""
import gc
import importlib.metadata
import json
import linecache
import os
import pickle
import sys
from time import monotonic

from . import cryo_made, cryo_pickle, memory
from .cryo_reader import Damaged, NoSuchFile, Reader, parsed
from .cryo_store import MOST_TOLD, OUT, BadRequest, may_be_kept, own_names, teller, wanted
from .cryo_values import reason_of
from .questions import looking

MOST_SOURCES = 10_000


def opened(frame):
    path = frame.get("path")
    if not isinstance(path, str) or not path or "\0" in path:
        raise NoSuchFile("path is a text")
    return Reader(os.path.realpath(path))


@looking
def look(_worker, frame):
    """What a file says of itself; nothing of it is unpickled."""
    reader = opened(frame)
    try:
        records, damaged = [], []
        for record in reader.records():
            if isinstance(record, Damaged):
                damaged.append(str(record))
            else:
                records.append({"number": record.number, "kind": str(record.meta.get("kind")), "names": names_of(record)[:MOST_TOLD],
                                "stored": record.end - record.at, "raw": sum(part[1] for part in record.parts), "parts": len(record.parts)})
        return {"path": os.path.realpath(frame["path"]), "bytes": reader.size, "whole": reader.whole and not damaged, "header": reader.header,
                "records": records[:MOST_TOLD], "damaged": damaged[:100]}
    finally:
        reader.close()


@looking
def reload(worker, frame):
    begun = monotonic()
    if frame.get("mode", "replace") not in ("replace", "merge"):
        raise BadRequest("mode is replace or merge")
    reader = opened(frame)
    loading = Loading(worker, reader, frame)
    collecting = gc.isenabled()
    gc.disable()  # nothing of what is made now is garbage, and there may be millions
    try:
        loading.run()
    finally:
        reader.close()
        if collecting:
            gc.enable()
    return {**loading.told(), "ms": round((monotonic() - begun) * 1000, 3)}


def names_of(record):
    found = record.meta.get("names")
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def mismatches(header):
    """What was there when it was stored, and is another now."""
    found = header.get("versions")
    found = found if isinstance(found, dict) else {}
    rows = [("python", header.get("python"), sys.version.split()[0])]
    rows += [(name, version, version_of(name)) for name, version in list(found.items())[:1000] if isinstance(name, str)]
    return [{"what": name, "stored": stored, "now": now} for name, stored, now in rows if stored != now]


def version_of(name):
    found = getattr(sys.modules.get(name), "__version__", None)
    try:
        return found if isinstance(found, str) else importlib.metadata.version(name)
    except Exception:
        return None


class Loading:
    def __init__(self, worker, reader, frame):
        self.worker = worker
        self.shell = worker.shell
        self.space = worker.shell.user_ns
        self.reader = reader
        self.frame = frame
        self.replace = frame.get("mode", "replace") == "replace"
        self.fresh = {}
        self.failed = {}
        self.outputs = {}
        self.texts = None
        self.notes = []
        self.again = []
        wanted([], frame)  # are they lists?

    def run(self):
        before = dict(self.space)
        try:
            self._all()
            if self.frame.get("strict") and (self.failed or not self.reader.whole):
                missing = ", ".join(list(self.failed)[:20]) or "its end"
                raise Damaged(f"strict: not all of it can be loaded ({missing}); nothing was changed")
            self.worker.interrupts.calmly(self._settle, before)
        except BaseException:
            self.worker.interrupts.calmly(self._restore, before)
            raise
        finally:
            cryo_made.shell, cryo_made.classes = None, ()

    def _restore(self, before):
        self.space.clear()
        self.space.update(before)

    def _settle(self, before):
        """All is loaded. In replace, what was there before goes."""
        if self.replace:
            for name in own_names(self.shell, before):
                if name not in self.fresh:
                    self.space.pop(name, None)
            self._history()
            folder = self.reader.header.get("cwd")
            try:
                os.chdir(str(folder))
            except (OSError, ValueError):
                self.notes.append(f"the folder {str(folder)[:500]} is not there any more: the kernel stays in its own")
        count = self.reader.header.get("execution_count")
        if type(count) is int and self.shell.execution_count < count < 1 << 31 and self.replace:
            self.shell.execution_count = count
        manager = self.shell.history_manager
        for cells in (manager.input_hist_raw, manager.input_hist_parsed):
            cells.extend([""] * (min(self.shell.execution_count, 1 << 16) - len(cells)))

    def _history(self):
        manager = self.shell.history_manager
        if self.texts:
            manager.input_hist_raw[:], manager.input_hist_parsed[:] = self.texts
        for number, value in self.outputs.items():
            manager.output_hist[number] = self.space[f"_{number}"] = value

    # -- loading

    def _all(self):
        cryo_made.shell, cryo_made.classes = self.shell, ()
        sys.modules["berth_kernel"], sys.modules[cryo_made.__name__] = sys.modules.get("berth_kernel") or cryo_made, cryo_made
        self._find_path()
        tell, expected = teller(self.worker), self._expected()
        for record in self.reader.records():
            tell("bytes", getattr(record, "at", 0), self.reader.size)
            if not isinstance(record, Damaged):
                self._one(record)
        for record in self.again:  # it may have looked for what came later
            self._one(record)
        for name in expected:
            if name not in self.fresh and name not in self.failed and not OUT.fullmatch(name):
                self.failed[name] = "its record is damaged, or beyond the end of the file"

    def _expected(self):
        rows = self.reader.header.get("variables")
        names = [row[0] for row in rows if isinstance(row, list) and row and isinstance(row[0], str)] if isinstance(rows, list) else []
        kept, missing = wanted(names, self.frame)
        self.failed.update(dict.fromkeys(missing, "the file has no variable of this name"))
        return kept

    def _find_path(self):
        """Where modules were found then: behind where they are found now."""
        found = self.reader.header.get("path")
        for one in found if isinstance(found, list) else []:
            if isinstance(one, str) and one not in sys.path and os.path.isabs(one) and os.path.isdir(one):
                sys.path.append(one)

    def _one(self, record):
        handler = {"modules": self._modules, "sources": self._sources, "classes": self._classes, "values": self._values, "history": self._read_history}
        handler = handler.get(str(record.meta.get("kind")))
        if handler is None:
            self.notes.append(f"record {record.number} is of a kind that this kernel does not know")
            return
        try:
            handler(record)
        except BaseException as no:  # the file's own code may leave by any door
            if isinstance(no, KeyboardInterrupt) and self.worker.interrupts.raised:
                raise
            self._fail(names_of(record), no)
            if isinstance(no, (NameError, AttributeError, cryo_made.Lost)) and record not in self.again:
                self.again.append(record)
        finally:
            if self.worker.channel.stray:
                os._exit(0)

    def _fail(self, names, no):
        why = str(no) if isinstance(no, (Damaged, cryo_made.Lost)) else reason_of(no)
        for name in wanted(names, self.frame)[0]:
            self.failed[name] = why

    def _put(self, name, value):
        found = OUT.fullmatch(name)
        if found:
            self.outputs[int(found[1])] = value
        elif not name.isidentifier() or not may_be_kept(self.shell, name):
            self.failed[name] = "no variable of the user's has such a name"
        else:
            self.failed.pop(name, None)
            self.fresh[name] = self.space[name] = value

    def _parts(self, record):
        """All parts of a record; what is left of memory is for all of them together."""
        most, found = memory.left(), []
        for number in range(len(record.parts)):
            found.append(self.reader.part(record, number, most, bool(self.frame.get("map"))))
            most -= record.parts[number][1]
        if not found:
            raise Damaged("a record without anything")
        return found

    def _modules(self, record):
        names, modules = names_of(record), record.meta.get("modules")
        for name, module in zip(names, modules if isinstance(modules, list) else []):
            if wanted([name], self.frame)[0]:
                try:
                    self._put(name, cryo_made.module(str(module)))
                except Exception as no:
                    self._fail([name], no)

    def _sources(self, record):
        found = parsed(bytes(self._parts(record)[0]))
        for name, text in list(found.items())[:MOST_SOURCES]:
            if isinstance(text, str) and name.startswith("<") and name not in linecache.cache:
                linecache.cache[name] = (len(text), None, text.splitlines(True), name)
                getattr(linecache, "_ipython_cache", {})[name] = linecache.cache[name]
                self.shell.compile._filename_map.setdefault(name, 0)

    def _classes(self, record):
        cryo_made.classes = self._unpickled(record)

    def _values(self, record):
        names = names_of(record)
        kept = wanted(names, self.frame)[0]
        if not kept:
            return
        found = self._unpickled(record)
        found = dict(zip(names, found if len(names) > 1 else (found,)))
        for name in kept:
            self._put(name, found[name])

    def _unpickled(self, record):
        data, *buffers = self._parts(record)
        if record.meta.get("dill"):
            if cryo_pickle.dill() is None:
                raise cryo_made.Lost("it was stored by dill, which is not installed here")
            return cryo_pickle.dill().loads(data)
        return pickle.loads(data, buffers=buffers)

    def _read_history(self, record):
        if self.replace:
            raw, parsed_cells = json.loads(bytes(self._parts(record)[0]))
            self.texts = [str(one) for one in raw], [str(one) for one in parsed_cells]
        else:
            self.notes.append("In and Out are not merged: this kernel keeps its own")

    def told(self):
        failed = [{"name": name[:200], "reason": why[:500]} for name, why in self.failed.items()]
        return {"loaded": list(self.fresh)[:MOST_TOLD], "count": len(self.fresh), "failed": failed[:MOST_TOLD], "whole": self.reader.whole,
                "mismatch": mismatches(self.reader.header), "notes": self.notes, "mode": "replace" if self.replace else "merge"}
