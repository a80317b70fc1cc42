"""How a value shows itself: as IPython's formatters say, but those that nobody has told of Python's own small types are not asked
about them. Most cells end with such a value, and eleven formatters took longer to say nothing than the cell took to run."""
from IPython.core import formatters
from IPython.core.formatters import DisplayFormatter

SMALL = frozenset({bool, bytes, complex, float, int, str, type(None)})
TOLD = SMALL | {object}
_OWN = formatters.__name__


class Formats(DisplayFormatter):
    def format(self, obj, include=None, exclude=None):
        if include or exclude or type(obj) not in SMALL or not self._silent():
            return super().format(obj, include, exclude)
        text = self.formatters["text/plain"](obj)
        return ({} if text is None else {"text/plain": text}), {}

    def _silent(self):
        """Nobody but the formatter of plain text has anything to say."""
        others = [one for kind, one in self.formatters.items() if kind != "text/plain"]
        return all(map(says_nothing, [self.ipython_display_formatter, self.mimebundle_formatter, *others]))


def says_nothing(formatter):
    """About a value of a small type, which has no method of its own for it: nor has the user registered a function."""
    if type(formatter).__module__ != _OWN or formatter.singleton_printers:
        return False
    if not TOLD.isdisjoint(formatter.type_printers):
        return False
    return all(module != "builtins" for module, _ in formatter.deferred_printers)
