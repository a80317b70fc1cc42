"""Cells that are Python as they stand, as most are. IPython looks for its own words (`%magic`, `!command`, `name?`) among the tokens of each,
which its tokenizer, written in Python, takes longer to make than most cells take to run. None of them stands in a text that Python parses.
A cell of one line it then takes apart once more, and asks seven checkers about the first word."""
import re

from IPython.core import prefilter
from IPython.core.autocall import IPyAutocall
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.macro import Macro

_WORD = re.compile(r"(?![\s,;/%!?])[\w.*]*")
_KNOWN = frozenset({"EmacsChecker", "MacroChecker", "IPyAutocallChecker", "AssignmentChecker", "AutoMagicChecker", "PythonOpsChecker", "AutocallChecker"})


class Words(TransformerManager):
    def __init__(self, sources):
        super().__init__()
        self._sources = sources
        self._own = list(self.token_transformers)

    def do_token_transforms(self, lines):
        if self.token_transformers == self._own and self._sources.parses("".join(lines)):
            return lines
        return super().do_token_transforms(lines)


class PrefilterManager(prefilter.PrefilterManager):  # of the same name, as `%config` knows it
    def __init__(self, **more):
        super().__init__(**more)
        self._own = list(self._checkers) if {type(one).__name__ for one in self._checkers} <= _KNOWN else None
        self._normal = self._handlers["normal"]

    def prefilter_line(self, line, continue_prompt=False):
        if continue_prompt or not self._has_nothing(line):
            return super().prefilter_line(line, continue_prompt)
        self.shell._last_input_line = line
        return line

    def _has_nothing(self, line):
        """No checker would say anything about it: the first word is no magic, no macro, and called by nobody but the line itself."""
        shell = self.shell
        if self._transformers or self._checkers != self._own or self._handlers.get("normal") is not self._normal or shell.autocall:
            return False
        word = _WORD.match(line)
        if word is None or line.endswith("# PYTHON-MODE"):
            return False
        word = word[0]
        return not (isinstance(shell.user_ns.get(word), (Macro, IPyAutocall)) or (shell.automagic and shell.find_magic(word)))
