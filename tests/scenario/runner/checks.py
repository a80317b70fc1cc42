"""How a value is compared with what a case expects, and how the difference is told."""
import json
import re

from .text import Failure, quoted

OPERATORS = r"==|!=|<=|>=|<|>|~|contains|lacks"
CONDITION = rf"(?P<op>{OPERATORS}) (?P<value>.+)|(?P<is>exists|is missing|is (?:a|an) \w+|has \d+ items)"
MISSING = object()
TYPES = {"string": str, "number": (int, float), "integer": int, "boolean": bool, "object": dict, "array": list,
         "null": type(None)}


def at_pointer(document, pointer):
    """The value at a JSON pointer ("" or "/" is the whole document), or MISSING. In a list, "name=x" is the first with that field."""
    value = document
    for part in pointer.split("/")[1:] if pointer not in ("", "/") else []:
        part = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and re.fullmatch(r"-?\d+", part) and -len(value) <= int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, list) and "=" in part:
            field, _, wanted = part.partition("=")
            value = next((one for one in value if isinstance(one, dict) and one.get(field) == wanted), MISSING)
        else:
            return MISSING
    return value


def literal(text):
    try:
        return json.loads(text)
    except ValueError:
        raise Failure(f"\"{text}\" is no JSON value; texts need double quotes") from None


def check_json(what, value, condition):
    """`condition` is a match of CONDITION whose groups are expanded."""
    if condition["is"]:
        return check_shape(what, value, condition["is"])
    op = condition["op"]
    expected = quoted(condition["value"]) if op == "~" else literal(condition["value"])
    if value is MISSING:
        raise Failure(f"{what} is missing; expected {op} {condition['value']}")
    if not holds(op, value, expected):
        raise Failure(f"{what} is {short(value)}; expected {op} {short(expected)}")


def check_shape(what, value, shape):
    if shape == "exists":
        good = value is not MISSING
    elif shape == "is missing":
        good = value is MISSING
    elif shape.startswith("has"):
        good = isinstance(value, (list, dict)) and len(value) == int(shape.split()[1])
    else:
        kind = shape.split()[-1]
        if kind not in TYPES:
            raise Failure(f"unknown type {kind}; there are {', '.join(TYPES)}")
        good = isinstance(value, TYPES[kind]) and not (kind in ("number", "integer") and isinstance(value, bool))
    if not good:
        raise Failure(f"{what} is {short(value)}; expected that it {shape}")


def check_text(what, value, condition):
    op, expected = condition["op"], condition["value"]
    if condition["is"]:
        return check_shape(what, MISSING if value is None else value, condition["is"])
    expected = quoted(expected) if expected.startswith('"') else expected
    if value is None:
        raise Failure(f"there is no {what}; expected {op} {short(expected)}")
    if op in ("<", "<=", ">", ">="):
        value, expected = float(value), float(expected)
    if not holds(op, value, expected):
        raise Failure(f"{what} is {short(value)}; expected {op} {short(expected)}")


def holds(op, value, expected):
    if op == "==":
        return value == expected and isinstance(value, bool) == isinstance(expected, bool)
    if op == "!=":
        return value != expected
    if op == "contains":
        return contains(value, expected)
    if op == "lacks":
        return not contains(value, expected)
    if op == "~":
        return isinstance(value, str) and re.search(expected, value, re.DOTALL) is not None
    try:
        return {"<": value < expected, "<=": value <= expected, ">": value > expected, ">=": value >= expected}[op]
    except TypeError:
        return False


def contains(value, expected):
    if isinstance(value, str):
        return isinstance(expected, str) and expected in value
    return isinstance(value, (list, dict)) and expected in value


def short(value, most=400):
    if value is MISSING:
        return "missing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"
