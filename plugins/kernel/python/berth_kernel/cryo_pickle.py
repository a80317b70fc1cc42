"""How one variable, or several that share objects, become bytes: cloudpickle's way where it is installed, with ways of our own for arrays, texts,
functions of cells and handles, and reasons for what cannot be stored. The user's code may run in all of it."""
import _thread
import functools
import io
import linecache
import marshal
import pickle
import socket
import sqlite3
import subprocess
import sys
import threading
import types

from . import cryo_made as made
from .resources import Resource
from .runtime import Runtime
from .session_shell import SessionShell
from .shell import Shell

OUT_OF_BAND = 4096
FEW = 256  # objects in an array that are not worth a way of their own
TOO_MUCH_FOR_DILL = 32 << 20
DEEP = 5000


class Cannot(Exception):
    """Nothing to try another way for; says why, and what to do instead."""


class Sheaf:
    """A file for a pickler that keeps the pieces as they come: a big bytes object is not copied."""

    def __init__(self):
        self.pieces = []
        self.write = self.pieces.append


class Pickled:
    """What became of one value: pieces of a pickle, buffers beside it, and what it stands on."""

    def __init__(self, pickler=None, sheaf=None, how="pickle"):
        self.pieces = sheaf.pieces if sheaf else []
        self.buffers = pickler.buffers if pickler else []
        self.classes = pickler.needs if pickler else set()
        self.keeps = pickler  # its memo holds what it saw, so that no id is another's meanwhile
        self.how = "out-of-band" if how == "pickle" and self.buffers else how
        self.size = sum(map(len, self.pieces)) + sum(one.nbytes for one in self.buffers)

    def let_go(self):
        """Another has the same: of this one no more than its size is wanted."""
        self.pieces = self.buffers = self.keeps = None


class Context:
    """What all picklers of one store have in common."""

    def __init__(self, shell):
        self.shell = shell
        self.space = shell.user_ns
        self.classes = []  # of cells: they are stored once, and called by number
        self.numbers = {}
        self.modules = set()
        self.sources = {}
        self.makers = dict(MAKERS)
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            self.makers[numpy.ndarray] = _array
            self.makers[numpy.memmap] = _memmap

    def pickler(self, sheaf, by_value=False):
        return pickler_class()(self, sheaf, by_value)

    def number_of(self, kind):
        if kind not in self.numbers:
            self.numbers[kind] = len(self.classes)
            self.classes.append(kind)
        return self.numbers[kind]

    def keep_source(self, code):
        entry = linecache.cache.get(code.co_filename)
        if entry and len(entry) == 4 and code.co_filename.startswith("<"):  # no file's, which is there to be read
            self.sources[code.co_filename] = "".join(entry[2])


@functools.cache
def cloudpickle():
    try:
        import cloudpickle as found
    except Exception:
        return None
    return found


@functools.cache
def dill():
    try:
        import dill as found
    except Exception:
        return None
    return found


@functools.cache
def pickler_class():
    base = cloudpickle().CloudPickler if cloudpickle() else pickle.Pickler

    class Pickler(base):
        def __init__(self, context, sheaf, by_value):
            self.context = context
            self.makers = context.makers
            self.by_value = by_value
            self.buffers, self.needs = [], set()
            super().__init__(sheaf, protocol=5, buffer_callback=self._beside)

        def _beside(self, buffer):
            view = buffer.raw()
            if view.nbytes < OUT_OF_BAND:
                return True
            self.buffers.append(view)
            return None

        def reducer_override(self, value):
            kind = type(value)
            make = self.makers.get(kind)
            if make is not None:
                return make(self, value)
            return self._class(value) if issubclass(kind, type) else NotImplemented

        def _class(self, value):
            found = self.otherwise(value)
            module = str(getattr(value, "__module__", None) or "")
            if found is NotImplemented and module == "__main__":
                raise Cannot(f"{value.__qualname__} is a class of a cell: storing one wants the package cloudpickle")
            if found is NotImplemented or found[0] is type:
                self.context.modules.add(module.partition(".")[0])
                return found
            if self.by_value:
                return found
            number = self.context.number_of(value)
            self.needs.add(number)
            return made.known_class, (number,)

        def otherwise(self, value):
            return super().reducer_override(value) if cloudpickle() else NotImplemented

    return Pickler


# -- ways of our own: each answers what pickle calls a reduction, or NotImplemented


def _function(pickler, value):
    if value.__globals__ is not pickler.context.space:
        pickler.context.modules.add(str(value.__module__ or "").partition(".")[0])
        return pickler.otherwise(value)
    names = ("__defaults__", "__kwdefaults__", "__annotations__", "__doc__", "__module__", "__qualname__", "__type_params__")
    state = {name: getattr(value, name) for name in names if hasattr(value, name)}
    return made.function, (value.__code__, value.__name__, value.__closure__), {**state, "__dict__": vars(value)}, None, None, made.set_function


def _code(pickler, value):
    pickler.context.keep_source(value)
    return made.code, (marshal.dumps(value), made.MAGIC, value.co_name, value.co_firstlineno, value.co_filename)


def _cell(_pickler, value):
    try:
        return made.cell, (), (value.cell_contents,), None, None, made.set_cell
    except ValueError:
        return made.cell, ()


def _cached(_pickler, value):
    more = {name: one for name, one in vars(value).items() if name not in ("__wrapped__", "cache_parameters")}
    return made.cached, (value.__wrapped__, value.cache_parameters(), {**more, "__wrapped__": value.__wrapped__})


def _array(pickler, value):
    import numpy

    pickler.context.modules.add("numpy")
    if value.dtype.hasobject:
        return _objects(value)
    if value.nbytes < OUT_OF_BAND:
        return NotImplemented
    if not (value.flags.c_contiguous or value.flags.f_contiguous):
        value = numpy.ascontiguousarray(value)
    order = "C" if value.flags.c_contiguous else "F"
    flat = (value if order == "C" else value.T).reshape(-1).view("u1")
    return made.array, (pickle.PickleBuffer(flat), value.dtype, value.shape, order)


def _objects(value):
    found = made.packed(value.reshape(-1).tolist()) if value.size >= FEW and value.dtype.kind == "O" else None
    return NotImplemented if found is None else (made.text_array, (pickle.PickleBuffer(found[0]), found[1], value.shape))


def _memmap(pickler, value):
    import numpy

    if value.filename is None or value.base is not getattr(value, "_mmap", None) or value.mode == "c":
        return _array(pickler, numpy.asarray(value))
    value.flush()
    order = "C" if value.flags.c_contiguous else "F"
    return made.memmap, (str(value.filename), value.dtype, "r+" if value.mode == "w+" else value.mode, value.offset, value.shape, order)


class Texts(list):
    """A list that is a variable itself, and all of texts: pickle asks nobody about a list."""


def _texts(_pickler, value):
    return made.texts, (pickle.PickleBuffer(value[0]), value[1])


def _view(_pickler, value):
    data, letter, shape = (value, value.format, value.shape) if value.c_contiguous else (value.tobytes(), "B", (value.nbytes,))
    return made.view, (pickle.PickleBuffer(memoryview(data).cast("B")), letter, list(shape))


def _resource(_pickler, value):
    return made.resource, (value._factory, value._validate, value._teardown, value._listeners, value._name)


def _module(pickler, value):
    if value is sys.modules.get("__main__"):
        raise Cannot("the namespace itself")
    if sys.modules.get(value.__name__) is value and value.__spec__ is not None:
        pickler.context.modules.add(value.__name__.partition(".")[0])
        return made.module, (value.__name__,)
    return NotImplemented  # one that was made: by value, where cloudpickle is


def _own(name):
    return lambda _pickler, _value: (made.own, (name,))


def _never(reason):
    def refuse(_pickler, _value):
        raise Cannot(reason)

    return refuse


def _file(_pickler, value):
    where = f"{getattr(value, 'name', '')!s}, mode {getattr(value, 'mode', '')!s}, {'closed' if value.closed else 'open'}"
    raise Cannot(f"a file ({where}): open it again after the reload")


_LOCK = _never("a lock, or something that holds one: make a new one after the reload")
_HALF = _never("a function that is half run cannot be stored: call it again after the reload, or keep list(…) of what it gives")
_SQLITE = _never("a connection to SQLite: keep runtime.resource(lambda: sqlite3.connect(PATH)), whose get() connects anew")
NEVER = {
    **dict.fromkeys((io.TextIOWrapper, io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.FileIO), _file),
    **dict.fromkeys((_thread.LockType, _thread.RLock, threading.Condition, threading.Event, threading.Semaphore, threading.Barrier), _LOCK),
    **dict.fromkeys((types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType), _HALF),
    **dict.fromkeys((sqlite3.Connection, sqlite3.Cursor), _SQLITE),
    threading.Thread: _never("a thread: start it again after the reload"),
    socket.socket: _never("a socket: keep runtime.resource(lambda: …), whose get() connects anew"),
    subprocess.Popen: _never("a process: it cannot be taken over"),
}
MAKERS = {
    types.FunctionType: _function, types.CodeType: _code, types.CellType: _cell, functools._lru_cache_wrapper: _cached,
    types.ModuleType: _module, memoryview: _view, Texts: _texts, Resource: _resource, Runtime: _own("runtime"), SessionShell: _own("runtime.shell"),
    Shell: _own("shell"),
    **NEVER,
}
