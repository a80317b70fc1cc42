"""From a namespace to what a file's records hold: each variable for itself, those that share objects together, and what cannot be stored with the
reason. One that fails takes nobody else with it."""
import enum
import functools
import os
import re
import sys
import types

from . import cryo_made as made
from . import cryo_pickle
from .cryo_pickle import Cannot, Context, Pickled, Sheaf
from .variables import class_name

_BY_NAME = re.compile(rb"\x80\x05(\x95.{8})?\x8c\x08__main__\x94\x8c.[^\x94]+\x94\x93\x94?\.", re.DOTALL)
# What may be there twice afterwards, and nobody can tell.
_ALIKE = (str, bytes, int, float, complex, tuple, frozenset, range, slice, type, types.CodeType, types.ModuleType, types.BuiltinFunctionType, enum.Enum)
LONGEST_REASON = 500


def pickled(context, value, by_value=False):
    sheaf = Sheaf()
    pickler = context.pickler(sheaf, by_value)
    try:
        pickler.dump(value)
    except BaseException as no:
        no.cryo_size = sum(map(len, sheaf.pieces))
        raise
    return Pickled(pickler, sheaf)


def is_recursion(no):
    return isinstance(no, RecursionError) or isinstance(no.__cause__, RecursionError)


def as_deep_as_it_is(context, value):
    """Once more, where it is nested deeper than Python's usual limit."""
    before = sys.getrecursionlimit()
    try:
        return pickled(context, value)
    except Exception as no:
        if not is_recursion(no):
            raise
    sys.setrecursionlimit(max(before, cryo_pickle.DEEP))
    try:
        return pickled(context, value)
    finally:
        sys.setrecursionlimit(before)


@functools.cache
def _dill_pickler():
    """dill's own, but for what it would only seem to keep: open files, locks."""
    base = cryo_pickle.dill().Pickler

    class Pickler(base):
        dispatch = type(base.dispatch)(base.dispatch)

    for kind in cryo_pickle.NEVER:
        Pickler.dispatch[kind] = cryo_pickle.MAKERS[kind]
    return Pickler


def by_dill(value):
    sheaf = Sheaf()
    _dill_pickler()(sheaf, protocol=5).dump(value)
    return Pickled(None, sheaf, "dill")


def by_any_way(context, value):
    """cloudpickle's way with our own, then dill's."""
    if type(value) is list and len(value) >= cryo_pickle.FEW and (found := made.packed(value)):
        done = pickled(context, cryo_pickle.Texts(found))
        done.how = "text"
        return done
    try:
        done = as_deep_as_it_is(context, value)
        if done.size < 400 and _BY_NAME.fullmatch(b"".join(done.pieces)):
            raise TypeError(f"pickle knows a {class_name(type(value))} of a cell by its name alone")
        return done
    except Cannot:
        raise
    except Exception as no:
        if isinstance(no, MemoryError) or is_recursion(no) or getattr(no, "cryo_size", 0) > cryo_pickle.TOO_MUCH_FOR_DILL or cryo_pickle.dill() is None:
            raise
        try:
            return by_dill(value)
        except Cannot:
            raise
        except Exception:
            raise no from None


def reason_of(no):
    try:
        text = str(no)
    except BaseException:
        text = ""
    name = class_name(type(no))
    if is_recursion(no):
        return "it is nested too deeply"
    return (text if isinstance(no, Cannot) else f"{name}: {text}" if text else name)[:LONGEST_REASON]


def is_pandas(value):
    return str(type.__dict__["__module__"].__get__(type(value))).partition(".")[0] == "pandas"


class Values:
    """All of one store."""

    def __init__(self, worker, names, space):
        self.worker = worker
        self.context = Context(worker.shell)
        self.names = names
        self.space = space
        self.done = {}  # name → Pickled
        self.modules = {}
        self.left = {}
        self.bad_classes = {}
        self.classes = None
        self.groups = []
        self.notes = []

    def take(self, tell):
        for number, name in enumerate(self.names):
            tell("variables", number, len(self.names))
            self._one(name, self.space[name])
        self._take_classes()
        self.groups = self._grouped()
        for done in self.done.values():
            done.keeps = None

    def _one(self, name, value):
        if type(value) is types.ModuleType and sys.modules.get(value.__name__) is value and value.__spec__ is not None:
            self.modules[name] = value.__name__
            return
        try:
            self.done[name] = self._guarded(by_any_way, self.context, value)
            if isinstance(value, types.FunctionType):
                self.done[name].how = "function"
            elif isinstance(value, type):
                self.done[name].how = "class"
        except Exception as no:
            self.left[name] = reason_of(no)

    def _guarded(self, function, *arguments):
        """The user's code runs in it, and may leave by any door: of them, an interrupt alone is for us. A fork of its own ends here."""
        try:
            return function(*arguments)
        except Exception:
            raise
        except BaseException as no:
            if isinstance(no, KeyboardInterrupt) and self.worker.interrupts.raised:
                raise
            raise Cannot(f"its own code raised {class_name(type(no))}") from None
        finally:
            if self.worker.channel.stray:
                os._exit(0)

    # -- classes of cells: once, whoever needs them

    def _take_classes(self):
        try:
            self.classes = self._pickled_classes()
        except Exception:
            for number, kind in enumerate(self.context.classes):
                try:
                    self._guarded(pickled, self.context, kind, True)
                except Exception as no:
                    self.bad_classes[number] = f"its class {kind.__qualname__} cannot be stored: {reason_of(no)}"
            self.classes = self._pickled_classes()
        for name, done in list(self.done.items()):
            bad = [self.bad_classes[number] for number in done.classes if number in self.bad_classes]
            if bad:
                self.left[name] = bad[0][:LONGEST_REASON]
                del self.done[name]

    def _pickled_classes(self):
        if not self.context.classes:
            return None
        kept = [None if number in self.bad_classes else kind for number, kind in enumerate(self.context.classes)]
        return self._guarded(pickled, self.context, kept, True)

    # -- sharing

    def _grouped(self):
        """Lists of names with what they are pickled to: those that share something which can be changed are pickled together."""
        leader = {name: name for name in self.done}

        def find(name):
            while leader[name] != name:
                name = leader[name]
            return name

        seen = {}
        for name, done in self.done.items():
            memo = self._memo(name, done)
            shared = {key: memo[key][1] for key in seen.keys() & memo.keys()}
            for key in self._that_matter(shared):
                leader[find(name)] = find(seen[key])
            seen.update(dict.fromkeys(memo, name))
        together = {}
        for name in self.done:
            together.setdefault(find(name), []).append(name)
        return [part for names in sorted(together.values(), key=self._rank) for part in self._parts(names)]

    def _memo(self, name, done):
        """What pickling it met: id → (number, object)."""
        if done.how == "text" or done.keeps is None:
            return {id(self.space[name]): (0, self.space[name])}
        return done.keeps.memo.copy()

    def _that_matter(self, shared):
        """Of what two variables have in common: what one of them could change, so that the other sees it. An index of pandas cannot be changed."""
        inner = {id(getattr(one, "_data", None)) for one in shared.values() if is_pandas(one)}
        return [key for key, one in shared.items() if key not in inner and self._matters(one)]

    def _matters(self, value):
        if isinstance(value, types.FunctionType):
            return value.__globals__ is self.context.space
        if is_pandas(value):
            return type(value).__name__ in ("DataFrame", "Series")
        return not issubclass(type(value), _ALIKE) and not class_name(type(value)).startswith("numpy.dtype")

    def _rank(self, names):
        """Functions and classes first: others may need them as soon as they are made."""
        return not any(self.done[name].how in ("function", "class") for name in names)

    def _parts(self, names):
        if len(names) == 1:
            return [(names, self.done[names[0]])]
        try:
            found = self._guarded(as_deep_as_it_is, self.context, tuple(self.space[name] for name in names))
        except Exception:  # each for itself went well
            self.notes.append(f"{', '.join(names)[:500]} share objects, but cannot be pickled together: these will be there more than once")
            return [([name], self.done[name]) for name in names]
        for name in names:
            self.done[name].let_go()
        return [(names, found)]
