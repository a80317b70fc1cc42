"""What a cell can take away from under the next one: builtins, the shell's parts, names that IPython stands on. It is kept here, and put back."""
import builtins

from . import own_builtins as __builtins__

_PLAIN = (int, float, str, list, tuple, type(None))


def _objects(place):
    return {name: value for name, value in place.items() if not isinstance(value, _PLAIN)}


class Parts:
    def __init__(self, shell):
        self.shell = shell
        self.builtins = dict(vars(builtins))
        self.known = set(vars(shell))
        self.places = [(place, _objects(place)) for place in (vars(shell), shell._trait_values)]

    def put_back(self):
        """All of them: a cell took the shell down."""
        vars(builtins).update(self.builtins)
        own = vars(self.shell)
        for name in [name for name in own if name not in self.known and hasattr(type(self.shell), name)]:
            del own[name]  # stands before a method
        for place, objects in self.places:
            place.update(objects)

    def fill(self):
        """What is gone; what is another one now was meant so."""
        now = vars(builtins)
        for place, objects in ((now, self.builtins), *self.places):
            for name in [name for name in objects if place.get(name) is None]:
                place[name] = objects[name]
        space, history = self.shell.user_ns, self.shell.history_manager
        there = space.get("__builtins__")
        if there is not builtins and there is not now:
            space["__builtins__"] = builtins
        for name, value in (("_ih", history.input_hist_parsed), ("_oh", history.output_hist), ("_dh", history.dir_hist)):
            if name not in space:
                space[name] = value
