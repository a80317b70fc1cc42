"""The request `variables`: what is in the namespace, told without running a line of the user's code: only exact builtin types,
numpy's and pandas' own are looked into; of anything else the type's name is all that is said."""
import itertools
import sys

MOST = 1000
PLAIN = (int, float, complex, bool, str, bytes, bytearray, type(None), list, tuple, dict, set, frozenset, range)


def class_name(kind):
    name = type.__dict__["__name__"].__get__(kind)
    module = type.__dict__["__module__"].__get__(kind)
    return name if type(module) is not str or module in ("builtins", "__main__") else f"{module}.{name}"


def short(value, depth=2, width=80):
    kind = type(value)
    if kind is int and value.bit_length() > 256:
        return f"int of {value.bit_length()} bits"
    if kind in (int, float, complex, bool, type(None), range):
        return repr(value)
    if kind in (str, bytes, bytearray):
        return repr(value) if len(value) <= width else repr(value[: width - 3]) + "…"
    if kind in (list, tuple, set, frozenset, dict):
        return container(value, kind, depth, width)
    return f"<{class_name(kind)}>"


def container(value, kind, depth, width):
    if depth == 0:
        return f"<{class_name(kind)} of {len(value)}>"
    parts = []
    for number, one in enumerate(itertools.islice(value.items() if kind is dict else value, 7)):
        if number == 6 or sum(map(len, parts)) > width:
            parts.append("…")
            break
        parts.append(f"{short(one[0], depth - 1, 30)}: {short(one[1], depth - 1, 30)}" if kind is dict else short(one, depth - 1, 30))
    left, right = {list: "[]", tuple: "()", dict: "{}", set: "{}"}.get(kind, ("frozenset({", "})"))
    return left + ", ".join(parts) + right


def array(value):
    text = f"{value.dtype} array"
    if value.size <= 8 and value.dtype.kind in "biufc":
        text = f"array({value.tolist()!r})"
    return list(value.shape), int(value.nbytes), text


def frame(value):
    columns = [one for one in list(value.columns)[:8] if type(one) in (str, int)]
    return list(value.shape), None, "columns: " + ", ".join(map(str, columns))


def describe(name, value):
    kind = type(value)
    found = {"name": name, "type": class_name(kind), "shape": None, "size": None, "repr": short(value)}
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and kind is getattr(numpy, "ndarray", None):
        found["shape"], found["size"], found["repr"] = array(value)
    elif pandas is not None and kind is getattr(pandas, "DataFrame", None):
        found["shape"], found["size"], found["repr"] = frame(value)
    elif pandas is not None and kind is getattr(pandas, "Series", None):
        found["shape"], found["repr"] = [len(value)], f"{value.dtype} series"
    elif kind in PLAIN:
        found["size"] = sys.getsizeof(value)
        if kind not in (int, float, complex, bool, type(None)):
            found["shape"] = [len(value)]
    return found


def visible(shell):
    """The user's names: without IPython's own, unless the user has given them another value."""
    hidden = shell.user_ns_hidden
    names = [name for name in shell.user_ns if type(name) is str and not name.startswith("_")]
    return [name for name in names if not (name in hidden and hidden[name] is shell.user_ns[name])]


def listing(shell, most=MOST):
    shown = visible(shell)
    found = []
    for name in sorted(shown)[:most]:
        try:
            found.append(describe(name, shell.user_ns[name]))
        except Exception as no:
            found.append({"name": name, "type": class_name(type(shell.user_ns[name])), "shape": None, "size": None, "repr": f"<{class_name(type(no))}>"})
    return found, len(shown)
