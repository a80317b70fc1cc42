"""The steps that there are, and how a line finds its own. Everything is checked before anything runs."""
import difflib
import re
from dataclasses import dataclass, field

from .text import CaseError, expand

STEPS = []
NAMED = re.compile(r"on ([A-Za-z]\w*): (.+)", re.DOTALL)


@dataclass
class Form:
    """One kind of step: `block` says what may be indented below it: None, "lines" or "steps"."""
    pattern: re.Pattern
    block: str
    function: object


@dataclass
class Step:
    line: object
    form: Form
    match: re.Match
    connection: str = None
    steps: list = field(default_factory=list)

    def run(self, case):
        previous = case.connection
        case.connection = self.connection or previous
        try:
            words = {k: expand(v, self.line, case.variables) for k, v in self.match.groupdict().items()}
            self.form.function(case, self, words)
        finally:
            case.connection = previous


def step(pattern, block=None):
    def register(function):
        STEPS.append(Form(re.compile(pattern, re.DOTALL), block, function))
        return function
    return register


def compile_lines(lines):
    return [compile_line(line) for line in lines]


def compile_line(line):
    text, connection = line.text, None
    if match := NAMED.fullmatch(text):
        connection, text = match.groups()
    for form in STEPS:
        if match := form.pattern.fullmatch(text):
            break
    else:
        raise CaseError(line, f"unknown step \"{line.source}\"{suggestion(text)}")
    if line.children and form.block is None:
        raise CaseError(line.children[0], f"nothing may be indented below \"{line.source}\"")
    made = Step(line, form, match, connection)
    if form.block == "steps":
        if not line.children:
            raise CaseError(line, "this step repeats what is indented below it, but nothing is")
        made.steps = compile_lines(line.children)
    return made


def suggestion(text):
    starts = sorted({" ".join(re.findall(r"^[a-z]+(?: [a-z]+)?", form.pattern.pattern)) for form in STEPS} - {""})
    words = text.split()
    near = [n for key in (" ".join(words[:2]), words[0]) for n in difflib.get_close_matches(key, starts, 1, 0.6)]
    return f"; did you mean \"{near[0]}\"?" if near else "; README.md lists the steps"
