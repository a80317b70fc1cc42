"""The sources of cells, for tracebacks and `??`: IPython keeps all of them, and a kernel that lives for weeks would grow by each; we keep the last."""
import linecache

from IPython.core.compilerop import CachingCompiler

MOST = 1000


class Sources(CachingCompiler):
    def cache(self, transformed_code, number=0, raw_code=None):
        name = super().cache(transformed_code, number, raw_code)
        while len(self._filename_map) > MOST:
            oldest = next(iter(self._filename_map))
            del self._filename_map[oldest]
            linecache.cache.pop(oldest, None)
            getattr(linecache, "_ipython_cache", {}).pop(oldest, None)
        return name
