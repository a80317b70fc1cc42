"""The sources of cells, for tracebacks and `??`: IPython keeps all of them, and a kernel that lives for weeks would grow by each; we keep the
last. And what a cell is parsed to, which is asked for twice."""
import linecache
import re
import warnings

from IPython.core.compilerop import CachingCompiler

MOST = 1000
_WARNS = re.compile(r"\\|\d(?:and|else|for|if|in|is|not|or)\b")  # what the parser itself may have to say


class Sources(CachingCompiler):
    def __init__(self):
        super().__init__()
        self._parsed = None

    def parses(self, text):
        """Is it Python? What it is parsed to is kept for ast_parse, unless there is something to say then."""
        self._parsed = None
        try:
            if _WARNS.search(text) is None:
                tree, said = super().ast_parse(text), ()
            else:
                with warnings.catch_warnings(record=True) as said:
                    warnings.simplefilter("always")
                    tree = super().ast_parse(text)
        except Exception:
            return False
        self._parsed = None if said else (text, self.flags, tree)
        return True

    def ast_parse(self, source, filename="<unknown>", symbol="exec"):
        parsed, self._parsed = self._parsed, None
        if parsed is not None and symbol == "exec" and parsed[:2] == (source, self.flags):
            return parsed[2]
        return super().ast_parse(source, filename, symbol)

    def cache(self, transformed_code, number=0, raw_code=None):
        name = super().cache(transformed_code, number, raw_code)
        while len(self._filename_map) > MOST:
            oldest = next(iter(self._filename_map))
            del self._filename_map[oldest]
            linecache.cache.pop(oldest, None)
            getattr(linecache, "_ipython_cache", {}).pop(oldest, None)
        return name
