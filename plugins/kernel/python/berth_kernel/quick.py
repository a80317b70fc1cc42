"""What IPython sets anew with each cell: ten values of traitlets, each of which asks four lists who wants to hear of it, twelve microseconds
long. Where nobody has asked to, they are put where traitlets would put them; where somebody has, traitlets does it."""
from IPython.core import displayhook, history
from IPython.core.interactiveshell import ExecutionResult
from traitlets import All, Bool, HasTraits, Instance, Integer, Unicode

_NOTIFY, _NOBODY = HasTraits.notify_change, {}


class Quick:
    own = frozenset()  # the types of values that need no second look

    def class_init(self, cls, name):
        super().class_init(cls, name)
        self.hooks = f"_{name}_changed", f"_{name}_validate"

    def __set__(self, obj, value):
        if type(value) in self.own and self.unheard(obj):
            obj._trait_values[self.name] = value
        else:
            super().__set__(obj, value)

    def unheard(self, obj):
        """Nobody watches it, nobody judges what it may be, and it is not held back."""
        name, heard = self.name, obj._trait_notifiers
        if name in heard or name in obj._trait_validators or self.read_only or any(heard.get(All, _NOBODY).values()):
            return False
        if type(obj).notify_change is not _NOTIFY or "notify_change" in vars(obj):
            return False
        return not (hasattr(obj, self.hooks[0]) or hasattr(obj, self.hooks[1]))


class Number(Quick, Integer):
    own = frozenset({int})


class Truth(Quick, Bool):
    own = frozenset({bool})


class Text(Quick, Unicode):
    own = frozenset({str})


class Outcome(Quick, Instance):
    own = frozenset({ExecutionResult, type(None)})

    def __init__(self):
        super().__init__(ExecutionResult, allow_none=True)


class DisplayHook(displayhook.DisplayHook):
    exec_result = Outcome()


class HistoryManager(history.HistoryManager):  # of the same name, as `%config` and `%who` know it
    _i00, _i, _ii, _iii = Text(), Text(), Text(), Text()
