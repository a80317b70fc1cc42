"""What files of cryo call by name when they are unpickled: THESE NAMES AND ARGUMENTS ARE PART OF THE FILE FORMAT and stay as they are. How each
of them is written down is in cryo_pickle."""
import functools
import importlib
import importlib.util
import linecache
import marshal
import types

MAGIC = importlib.util.MAGIC_NUMBER
PIECE = 64 << 10
_TEXTUAL = {str, type(None), float}
shell = None  # into which something is loaded now
classes = ()  # those of cells that this file has


class Lost(Exception):
    """Something that this one needs is not there."""


# -- texts


def packed(items):
    """A list of texts as one buffer and what in it is no text, or None where that would not do: other things, or the same texts again and again."""
    some = items[:: len(items) // 1000 + 1]
    looked_at = [id(one) for one in some if type(one) is str]
    if len(set(looked_at)) < 0.9 * len(looked_at) or not set(map(type, some)) <= _TEXTUAL:
        return None
    kinds, others = set(map(type, items)), []
    if str not in kinds or not kinds <= _TEXTUAL:
        return None
    if len(kinds) > 1:
        others = [(number, one) for number, one in enumerate(items) if type(one) is not str]
        items = list(items)
        for number, _ in others:
            items[number] = ""
    text = "\0".join(items)
    if text.count("\0") != len(items) - 1:
        return None
    return text.encode("utf-8", "surrogatepass"), others


def texts(data, others):
    found = _unjoined(memoryview(data).cast("B"))
    for number, one in others:
        found[number] = one
    return found


def _unjoined(data):
    """Piece by piece: what is made on the way stays small, and in the processor's cache."""
    found, at = [], 0
    while at < data.nbytes:
        piece = bytes(data[at : at + PIECE])
        end = piece.rfind(b"\0") if at + PIECE < data.nbytes else len(piece)
        if end < 0:  # one text longer than a piece
            return found + str(data[at:], "utf-8", "surrogatepass").split("\0")
        found += piece[:end].decode("utf-8", "surrogatepass").split("\0")
        at += end + 1
    return found if at == data.nbytes + 1 else [*found, ""]


# -- numpy


def array(data, kind, shape, order):
    import numpy

    return numpy.frombuffer(data, kind).reshape(shape, order=order)


def text_array(data, others, shape):
    import numpy

    items = texts(data, others)
    found = numpy.empty(len(items), object)
    found[:] = items
    return found.reshape(shape)


def memmap(path, kind, mode, offset, shape, order):
    import numpy

    return numpy.memmap(path, kind, mode, offset, shape, order)


def view(data, letter, shape):
    flat = memoryview(data).cast("B")
    return flat.cast(letter, shape) if letter != "B" or len(shape) != 1 else flat


# -- functions


def code(data, magic, name, line, filename):
    """The very code where this Python is the one that compiled it; otherwise what its cell's source has at that line."""
    if magic == MAGIC:
        return marshal.loads(data)
    entry = linecache.cache.get(filename)
    if entry is None:
        raise Lost(f"{name} was compiled by another Python, and its source is not in the file")
    found = shell.compile.compiler_flags if hasattr(shell.compile, "compiler_flags") else shell.compile.flags
    for one in _codes(compile("".join(entry[2]), filename, "exec", found | 0x2000)):  # top-level await
        if (one.co_name, one.co_firstlineno) == (name, line):
            return one
    raise Lost(f"{name} was compiled by another Python, and is not in its source")


def _codes(one):
    yield one
    for inner in one.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _codes(inner)


def function(made_of, name, cells):
    return types.FunctionType(made_of, shell.user_ns, name, None, cells)


def set_function(made, state):
    made.__dict__.update(state.pop("__dict__"))
    for name, value in state.items():
        setattr(made, name, value)


def cell():
    return types.CellType()


def set_cell(made, contents):
    (made.cell_contents,) = contents


def cached(wrapped, options, more):
    """functools.lru_cache, empty."""
    made = functools.lru_cache(**options)(wrapped)
    made.__dict__.update(more)
    return made


def known_class(number):
    if number >= len(classes) or classes[number] is None:
        raise Lost("its class is not in the file, or could not be loaded")
    return classes[number]


# -- what belongs to the kernel itself


def resource(factory, validate, teardown, listeners, name):
    made = shell.runtime.resource(factory, validate=validate, teardown=teardown, name=name)
    for one in listeners:
        made.on_connect(one)
    return made


def own(name):
    return {"runtime": shell.runtime, "runtime.shell": shell.runtime.shell, "shell": shell, "namespace": shell.user_ns}[name]


def module(name):
    return importlib.import_module(name)
