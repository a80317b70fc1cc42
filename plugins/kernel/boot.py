"""What start.py is where the engine is a folder: here its sources come through a descriptor, since no folder of Berth's can be seen in a
jail. Run as: python3 -s -P -c THIS SOURCES ORDERS, with two descriptors: -s, for what the agent has put into its home is not run before any of this."""
import importlib.abc
import importlib.util
import json
import os
import sys


class Carried(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports berth_kernel out of memory."""

    def __init__(self, sources):
        self.sources = sources

    def find_spec(self, name, path=None, target=None):
        package, _, module = name.partition(".")
        if package != "berth_kernel" or (module or "__init__") not in self.sources:
            return None
        return importlib.util.spec_from_loader(name, self, origin=f"<berth>/{name}", is_package=not module)

    def get_source(self, name):
        return self.sources[name.partition(".")[2] or "__init__"]

    def get_code(self, name):
        return compile(self.get_source(name), f"<berth>/{name}.py", "exec", dont_inherit=True)

    def is_package(self, name):
        return "." not in name


if __name__ == "__main__":
    sources, orders = int(sys.argv[1]), int(sys.argv[2])
    os.lseek(sources, 0, os.SEEK_SET)
    with os.fdopen(sources, encoding="utf-8") as file:
        sys.meta_path.insert(0, Carried(json.load(file)))
    sys.argv = [""]
    from berth_kernel import zygote as engine

    engine.main(orders)
