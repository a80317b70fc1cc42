"""Reads a case file into a tree of lines, and turns its {{expressions}} and escapes into text.

Text stands for bytes: a byte that is no UTF-8 travels as a surrogate escape, and `\\xFF` reaches the wire as it is.
"""
import base64
import os
import re
from dataclasses import dataclass, field

EXPRESSION = re.compile(r"\{\{(.*?)\}\}")
FIRST_MARK = 0xE000  # private use: each expression of a line is one of these characters while the line is matched
SIZES = {"": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "KB": 1000, "MB": 1000**2, "GB": 1000**3}
TIMES = {"ms": 0.001, "s": 1.0, "min": 60.0}


class CaseError(Exception):
    """Something in a case file that cannot be understood."""

    def __init__(self, line, message):
        super().__init__(f"{line.place}: {message}")


class Failure(Exception):
    """An expectation that did not hold. The line is added by whoever runs the step."""

    def __init__(self, message, detail=""):
        super().__init__(message)
        self.detail = detail


class Skip(Exception):
    """The machine lacks what a case needs."""


@dataclass
class Line:
    file: str
    number: int
    indent: int
    text: str
    expressions: list = field(default_factory=list)
    children: list = field(default_factory=list)

    @property
    def place(self):
        return f"{self.file}:{self.number}"

    @property
    def source(self):
        return "".join("{{%s}}" % self.expressions[ord(c) - FIRST_MARK] if self.is_mark(c) else c for c in self.text)

    def is_mark(self, char):
        return 0 <= ord(char) - FIRST_MARK < len(self.expressions)


def mark_expressions(text):
    expressions = []

    def take(match):
        expressions.append(match.group(1))
        return chr(FIRST_MARK + len(expressions) - 1)

    return EXPRESSION.sub(take, text), expressions


def read_lines(path, shown):
    """The top-level lines of a file; deeper ones hang below as children. Raw lines (| and >) keep their spaces."""
    root = Line(shown, 0, -1, "")
    stack = [root]
    with open(path, encoding="utf-8") as file:
        for number, full in enumerate(file, 1):
            full = full.rstrip("\n")
            body = full.lstrip(" ")
            if not body.strip() or body.startswith("#"):
                continue
            text, expressions = mark_expressions(body if body[0] in "|>" else body.rstrip())
            line = Line(shown, number, len(full) - len(body), text, expressions)
            if "\t" in full[: line.indent + 1]:
                raise CaseError(line, "a tab; indent with spaces")
            while stack[-1].indent >= line.indent:
                stack.pop()
            stack[-1].children.append(line)
            stack.append(line)
    return root.children


ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|.)")
ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "\\": "\\", '"': '"'}


def unescape(text):
    def one(match):
        what = match.group(1)
        if what[0] == "x" and len(what) == 3:
            return byte_char(int(what[1:], 16))
        if what not in ESCAPES:
            raise Failure(f"unknown escape \\{what}; there are \\r \\n \\t \\0 \\\\ \\\" and \\xFF")
        return ESCAPES[what]

    return ESCAPE.sub(one, text)


def byte_char(value):
    return chr(value) if value < 0x80 else chr(0xDC00 + value)


def encode(text):
    return text.encode("utf-8", "surrogateescape")


def decode(data):
    return data.decode("utf-8", "surrogateescape")


def quoted(text):
    """The text between the double quotes of a case's string."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        raise Failure(f"expected a text in double quotes, not {text}")
    return unescape(text[1:-1])


def parse_size(text):
    match = re.fullmatch(r"(\d+) ?([KMG]i?B|B?)", text.strip())
    if not match:
        raise Failure(f"\"{text}\" is no size; write 20000, 64KiB, 1MiB or 1GiB")
    return int(match.group(1)) * SIZES[match.group(2)]


def parse_time(text):
    match = re.fullmatch(r"(\d+(?:\.\d+)?) ?(ms|s|min)", text.strip())
    if not match:
        raise Failure(f"\"{text}\" is no time; write 300ms, 5s or 1min")
    return float(match.group(1)) * TIMES[match.group(2)]


def evaluate(expression, variables):
    """`"/" x 20000`, `base64 "a.txt"`, `random 16` or the name of a variable."""
    text = expression.strip()
    if match := re.fullmatch(r'(".*") x (\S+)', text):
        count = variables.get(match.group(2), match.group(2))
        return quoted(match.group(1)) * parse_size(str(count))
    if match := re.fullmatch(r'base64 (".*")', text):
        return base64.b64encode(encode(quoted(match.group(1)))).decode()
    if match := re.fullmatch(r"random (\d+)", text):
        return os.urandom(int(match.group(1))).hex()[: int(match.group(1))]
    if text in variables:
        value = variables[text]
        return str(value() if callable(value) else value)
    known = ", ".join(sorted(variables))
    raise Failure(f"unknown expression {{{{{text}}}}}; known names are {known}")


def expand(text, line, variables):
    if text is None:
        return None
    if not line.expressions:
        return text
    return "".join(evaluate(line.expressions[ord(c) - FIRST_MARK], variables) if line.is_mark(c) else c for c in text)
