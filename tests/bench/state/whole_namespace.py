"""A peer of cryo: plain Python that stores all of its __main__ at once, by dill or by cloudpickle, and reads it again in a process of its own.
usage: whole_namespace.py dill|cloudpickle store|reload FILE; store answers each line of its input, by a line of JSON, and begins with one."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import namespace  # noqa: E402

OWN = dict(globals())


def timed(function):
    begun = time.perf_counter()
    error = None
    try:
        function()
    except Exception as no:
        error = f"{type(no).__name__}: {no}"[:200]
    return {"ms": (time.perf_counter() - begun) * 1000, "error": error}


def store(how, path):
    if how == "dill":
        import dill

        return timed(lambda: dill.dump_module(path))
    import cloudpickle

    def dump():
        users = {name: value for name, value in globals().items() if name not in OWN and name not in LATER and not name.startswith("_")}
        with open(path, "wb") as file:
            cloudpickle.dump(users, file, protocol=5)

    return timed(dump)


def reload(how, path):
    import numpy  # noqa: F401
    import pandas  # noqa: F401

    if how == "dill":
        import dill

        return timed(lambda: dill.load_module(path))
    import pickle

    import cloudpickle  # noqa: F401

    def load():
        with open(path, "rb") as file:
            globals().update(pickle.load(file))

    return timed(load)


def say(**fields):
    print(json.dumps(fields), flush=True)


def main():
    how, what, path = sys.argv[1:]
    if what == "reload":
        done = reload(how, path)
        say(**done, digest=None if done["error"] else repr(eval(namespace.DIGEST, globals())))
        return
    exec(namespace.CODE, globals())
    say(digest=repr(eval(namespace.DIGEST, globals())))
    for line in sys.stdin:
        if line.strip() == "generator":
            exec(namespace.GENERATOR, globals())
        done = store(how, path)
        say(**done, bytes=os.path.getsize(path))


LATER = {"timed", "store", "reload", "say", "main", "OWN", "LATER"}
if __name__ == "__main__":
    main()
