"""What a store and a reload in another worker keep: values, what they share, functions and classes of cells; and what they cannot, with the reason."""
import unittest

from cryo_case import CryoCase

ARRAYS = """
import numpy as np, pandas as pd
r = np.random.default_rng(1)
a = r.random(200_000); view = a[10:20]; d = {'a': a}; f = np.asfortranarray(r.random((300, 70)))
part = np.arange(90_000)[::3]; when = np.array(['2020-01-01', '2021-02-03'] * 999, 'M8[ns]')
words = np.array(['a\\x00b', '\\ud800', None, 5] * 300, object)
rows = np.zeros(999, [('x', 'f4'), ('t', 'M8[s]')]); none = np.zeros((0, 5)); big = np.array(['ab', 'c'] * 2000)
fixed = np.arange(9000); fixed.flags.writeable = False
df = pd.DataFrame({'n': range(999), 's': [f's{i}' for i in range(999)], 'gap': [None, 'x', float('nan')] * 333,
                   'c': pd.Categorical(['u', 'v', 'u'] * 333), 't': pd.date_range('2020', periods=999, tz='Europe/Berlin')}).set_index('n')
sub = df[df.s > 's5']; ser = df.s
m = memoryview(bytearray(range(16))).cast('I')
mi = pd.MultiIndex.from_product([[1, 2], ['a', 'b']]); string = pd.array([f'x{i}' for i in range(500)], 'string')
sums = [a.sum(), f.sum(), int(part.sum())]
hashes = [int(pd.util.hash_pandas_object(x).sum()) for x in (df, sub, ser)]
"""
TEXTS = """
names = [f'name {i}' for i in range(3000)]; both = names; inside = {'n': names}
odd = [x + str(i) for i, x in enumerate(['\\ud800', 'ü', '\\U0001f600', ''] * 100)]
nul = [f'{i}\\x00' for i in range(400)]; same = ['k'] * 5000; mixed = [*names, b'x', 2]
holes = [None if i % 7 == 0 else f'{i}' for i in range(900)]; nan = [float('nan') if i % 2 == 0 else f'x{i}' for i in range(400)]
sub = type('T', (str,), {})
nums = [sub(i) for i in range(300)]
"""
FUNCTIONS = """
import functools
n = 5
def add(x, y=[1], *, z={'k': 2}) -> int:
    'doc'
    return x + n
add.mark = add
alias = add; table = {'f': add, 'l': lambda x: x * n}
def counter():
    count = 0
    def up():
        nonlocal count
        count += 1
        return count
    def now(): return count
    return up, now
up, now = counter(); up()
@functools.lru_cache(maxsize=7)
def fib(k): return k if k < 2 else fib(k - 1) + fib(k - 2)
@functools.wraps(add)
def wrapped(*a): return add(*a)
def rec(k):
    def inner(j): return 0 if j == 0 else 1 + inner(j - 1)
    return inner
inner = rec(0)
async def later(): return n
def gen(): yield n
part = functools.partial(add, 1)
"""
CLASSES = """
import dataclasses, enum, abc, collections, typing
k = 3
class Base(abc.ABC):
    __slots__ = ()
    made = []
    @abc.abstractmethod
    def m(self): ...
class A(Base):
    __slots__ = ('x', 'peer')
    def __init__(self, x): self.x = x; Base.made.append(x)
    def m(self): return super().__class__, self.x * k
    @property
    def double(self): return 2 * self.x
    @staticmethod
    def s(): return k
    @classmethod
    def c(cls): return cls
a, b = A(1), A(2); a.peer, b.peer = b, a
@dataclasses.dataclass
class P:
    x: int
    l: list = dataclasses.field(default_factory=list)
p = P(1, [2])
class Color(enum.Enum):
    RED = 1
    def hex(self): return '#f00'
red = {'c': Color.RED}
N = collections.namedtuple('N', 'x y'); nt = N(1, 2)
class Meta(type):
    tag = 'm'
class W(metaclass=Meta): pass
w = W()
class Node:
    def __init__(self, kids): self.kids = kids
    def __getstate__(self): return {'kids': self.kids}
    def __setstate__(self, state): self.kids = helper(state['kids'])
def helper(x): return x
class D(dict): pass
d = D(a=1); d['me'] = d; tree = Node([Node([]) for _ in range(3)]); err = ValueError('x', 5)
T = typing.TypeVar('T')
class G(typing.Generic[T]): pass
g = G()
"""
CANNOT = """
import threading, sqlite3, socket, subprocess, asyncio
gen = (i for i in [1]); co = asyncio.sleep(0); f = open('/etc/passwd'); deep = {'x': [open('/dev/null', 'w')]}
lock = threading.Lock(); ev = threading.Event(); con = sqlite3.connect(':memory:'); sock = socket.socket()
p = subprocess.Popen('true'); th = threading.Thread()
class Out:
    def __reduce__(self): raise SystemExit(4)
class Odd:
    def __reduce__(self): raise type('Mine', (BaseException,), {})
class Stop:
    def __reduce__(self): raise KeyboardInterrupt
class Lies:
    def __reduce__(self): return 5
class Loop:
    def __reduce__(self): return Loop, (Loop(),)
class Held: lock = threading.Lock()
class Full:
    def __reduce__(self): raise MemoryError
out, odd, stop, lies, loop, held, full = Out(), Odd(), Stop(), Lies(), Loop(), Held(), Full()
class Prints:
    def __reduce__(self): print('seen'); return Prints, ()
prints = Prints(); good = 1
"""


class Cryo(CryoCase):
    def test_arrays_and_frames(self):
        stored, left, _ = self.through(
            ARRAYS, "[a.sum(), f.sum(), int(part.sum())] == sums", "d['a'] is a and a.flags.writeable and bool((view == a[10:20]).all())",
            "f.flags.f_contiguous and f.shape == (300, 70)", "[int(pd.util.hash_pandas_object(x).sum()) for x in (df, sub, ser)] == hashes",
            "(str(df.t.dtype), df.c.dtype.name, df.gap[0], np.isnan(df.gap[2])) == ('datetime64[ns, Europe/Berlin]', 'category', None, True)",
            "words.tolist()[:4] == ['a\\x00b', '\\ud800', None, 5] and str(when[1])[:4] == '2021'", "none.shape == (0, 5) and big[0] == 'ab'",
            "rows.dtype.names == ('x', 't') and not fixed.flags.writeable", "m.tolist()[0] == 0x3020100 and m.format == 'I'",
            "list(mi)[3] == (2, 'b') and string[499] == 'x499'")
        self.assertEqual((left, stored["a"]["how"], stored["np"]["how"], stored["a"]["type"]), ({}, "out-of-band", "module", "numpy.ndarray"))

    def test_texts(self):
        stored, _, _ = self.through(
            TEXTS, "names == [f'name {i}' for i in range(3000)] and both is names and inside['n'] is names",
            "odd[0] == '\\ud8000' and odd[2] == '\\U0001f6002' and len(odd) == 400", "nul[3] == '3\\x00' and same[0] is same[99] and mixed[-2:] == [b'x', 2]",
            "holes[:2] == [None, '1'] and nan[0] != nan[0] and nan[1] == 'x1' and nan[399] == 'x399'", "type(nums[7]) is sub and nums[7] == '7'")
        self.assertEqual([stored[name]["how"] for name in ("odd", "holes", "nul", "same")], ["text", "text", "pickle", "pickle"])

    def test_functions_of_cells(self):
        stored, left, other = self.through(
            FUNCTIONS, "add(1) == 6 and add.__doc__ == 'doc' and add.__defaults__ == ([1],) and add.__kwdefaults__ == {'z': {'k': 2}}",
            "add.__annotations__ == {'return': int} and alias is add and table['f'] is add and add.mark is add and wrapped.__wrapped__ is add",
            "(up(), now(), up(), now()) == (2, 2, 3, 3)", "fib(30) == 832040 and fib.cache_parameters()['maxsize'] == 7",
            "inner(5) == 5 and list(gen()) == [5] and await later() == 5 and part() == 6",
            "__import__('inspect').getsource(add).startswith('def add(x, y=[1]')")
        self.assertEqual((left, stored["add"]["how"]), ({}, "function"))
        self.assertEqual(other.execute("n = 100; add(1), table['l'](1)").result, "(101, 100)")  # they live in the namespace, not in a copy of it
        self.assertIn("def add(x, y=[1]", "\n".join(other.execute("add('x')").error["plain"]))

    def test_classes_of_cells(self):
        _, left, _ = self.through(
            CLASSES, "type(a) is A and a.peer is b and b.peer is a and a.m()[1] == 3 and a.double == 2 and A.s() == 3 and A.c() is A and isinstance(a, Base)",
            "Base.made == [1, 2] and not hasattr(a, '__dict__')", "p == P(1, [2]) and P(4).l == []",
            "red['c'] is Color.RED and Color.RED.hex() == '#f00' and Color(1) is Color.RED",
            "nt == N(1, 2) and type(nt) is N and type(W).tag == 'm' and isinstance(w, W) and isinstance(g, G)",
            "d['me'] is d and type(d) is D and type(tree.kids[2]) is Node and err.args == ('x', 5)")
        self.assertEqual(left, {})

    def test_a_class_that_needs_a_function_which_comes_later(self):
        self.through("class Inner:\n    def __init__(self): self.v = 7\n    def __getstate__(self): return {'v': self.v}\n"
                     "    def __setstate__(self, state): self.v = helper(state['v'])\ndef helper(v): return v * 1\nclass Outer: inner = Inner()\nouter = Outer()",
                     "outer.inner.v == 7 and type(outer.inner) is Inner")

    def test_what_is_shared_stays_shared(self):
        self.through("one = [1]; two = [one, 0]; three = {'k': two}; alone = [one[0]]; t = (one,)\n"
                     "class Box: pass\nbox = Box(); box.me = box; box.one = one; other = Box()",
                     "two[0] is one and three['k'] is two and box.me is box and box.one is one and t[0] is one and alone is not one and type(other) is Box")
        names = [one["names"] for one in self.kernel.request("cryo_look", path=self.path).done["records"] if one["kind"] == "values"]
        self.assertIn(["other"], names)  # what shares nothing but its class stands alone
        self.assertIn(["alone"], names)

    def test_handles_and_the_kernels_own(self):
        self.through("import sqlite3\nh = runtime.resource(lambda: sqlite3.connect(':memory:'), teardown=lambda c: c.close(), name='db'); h.get()\n"
                     "r = [runtime]; s = runtime.shell; i = get_ipython()",
                     "repr(h) == '<resource db: not connected>' and h.get().execute('select 1').fetchone() == (1,)", "h.teardown() is None",
                     "r[0] is runtime and s is runtime.shell and i is get_ipython()")

    def test_memmap(self):
        code = (f"import numpy as np\nm = np.memmap('{self.folder}/data', 'i4', 'w+', shape=(50, 3)); m[:] = 7; w = m[1:3]\n"
                f"c = np.memmap('{self.folder}/data', 'i4', 'c'); c[0] = 99")
        _, _, other = self.through(code, "type(m) is np.memmap and m.shape == (50, 3) and int(m.sum()) == 1050 and int(c[0]) == 99 and w.shape == (2, 3)")
        other.execute("m[0, 0] = 8; m.flush()")
        self.assertEqual(self.run_cell("int(m[0, 0])").result, "8")

    def test_what_cannot_be_stored(self):
        self.run_cell(CANNOT)
        done = self.kernel.request("store", path=self.path)
        left = {one["name"]: one["reason"] for one in done.done["left_out"]}
        self.assertEqual(sorted(left), sorted("gen co f deep lock ev con sock p th out odd stop lies loop held Held full".split()))
        for name, text in (("gen", "half run"), ("f", "/etc/passwd, mode r, open"), ("deep", "/dev/null, mode w"), ("con", "runtime.resource"),
                           ("sock", "runtime.resource"), ("lock", "a lock"), ("out", "SystemExit"), ("odd", "Mine"), ("stop", "KeyboardInterrupt"),
                           ("loop", "too deeply"), ("held", "its class Held"), ("th", "thread"), ("full", "MemoryError")):
            self.assertIn(text, left[name], name)
        self.assertIn("seen", done.stdout)
        self.assertEqual({one["name"]: one["type"] for one in done.done["left_out"]}["con"], "sqlite3.Connection")
        self.assertEqual(self.reload()[0].execute("good, type(prints) is Prints, 'gen' in globals()").result, "(1, True, False)")
        self.assertAlive()

    def test_deep_lists_and_wide_namespaces(self):
        stored, left, _ = self.through("deep = []\nfor _ in range(1400): deep = [deep]\nfor i in range(3000): globals()[f'v{i}'] = i\n"
                                       "class Node: pass\nchain = None\nfor _ in range(1500): node = Node(); node.next = chain; chain = node",
                                       "v2999 == 2999 and sum(1 for n in list(globals()) if n.startswith('v')) == 3000",
                                       "x, n = deep, 0\nwhile x: x, n = x[0], n + 1\nn == 1400", "node is chain",
                                       "x, n = chain, 0\nwhile x: x, n = x.next, n + 1\nn == 1500")
        self.assertEqual((len(stored), left), (3005, {}))


if __name__ == "__main__":
    unittest.main()
