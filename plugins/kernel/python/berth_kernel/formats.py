"""How a value shows itself: as IPython's formatters say, but those that nobody has told of Python's own small types are not asked
about them. Most cells end with such a value, and twelve formatters took longer to say nothing but its repr() than the cell took to run."""
from IPython.core import formatters
from IPython.core.formatters import PlainTextFormatter
from IPython.lib.pretty import _repr_pprint

SMALL = frozenset({bool, bytes, complex, float, int, str, type(None)})
ALIKE = SMALL - {float}  # `%precision` is for those
TOLD = SMALL | {object}
_OWN = formatters.__name__


class DisplayFormatter(formatters.DisplayFormatter):  # of the same name, as `%config` knows it
    def format(self, obj, include=None, exclude=None):
        if include or exclude or type(obj) not in SMALL or not self._silent():
            return super().format(obj, include, exclude)
        plain = self.formatters["text/plain"]
        text = own_words(plain, obj) or plain(obj)
        return ({} if text is None else {"text/plain": text}), {}

    def _silent(self):
        """Nobody but the formatter of plain text has anything to say."""
        if not (says_nothing(self.ipython_display_formatter) and says_nothing(self.mimebundle_formatter)):
            return False
        for kind, one in self.formatters.items():
            if kind != "text/plain" and not says_nothing(one):
                return False
        return True


def own_words(plain, obj):
    """What the formatter of plain text would say if nobody has told it otherwise; None: it has to be asked."""
    kind, told = type(obj), facts(plain)
    if kind not in ALIKE or type(plain) is not PlainTextFormatter or not plain.pprint or of_builtins(told[2]):
        return None
    if told[1].get(kind, _repr_pprint) is not _repr_pprint or told[0].get(id(obj), _repr_pprint) is not _repr_pprint:
        return None
    try:
        return repr(obj)
    except ValueError:  # a number of more digits than Python shows
        return None


def says_nothing(formatter):
    """About a value of a small type, which has no method of its own for it: nor has the user registered a function."""
    if type(formatter).__module__ != _OWN:
        return False
    singletons, types, deferred = facts(formatter)
    return not (singletons or (types and not TOLD.isdisjoint(types)) or (deferred and of_builtins(deferred)))


def facts(formatter):
    """Whom it was told of. Past its traits where they have a value: to ask each takes longer than to look."""
    values = formatter._trait_values
    try:
        return values["singleton_printers"], values["type_printers"], values["deferred_printers"]
    except KeyError:
        return formatter.singleton_printers, formatter.type_printers, formatter.deferred_printers


def of_builtins(deferred):
    return any(module == "builtins" for module, _ in deferred)
