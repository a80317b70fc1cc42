"""Cells that are Python as they stand are not looked through for IPython's own words, and what becomes of them is what IPython makes of them."""
import __future__
import os
import random
import sys
import sysconfig
import unittest
import warnings

from case import KernelCase

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../plugins/kernel/python"))
from IPython.core.inputtransformer2 import TransformerManager  # noqa: E402
from berth_kernel.plain import Words  # noqa: E402
from berth_kernel.sources import Sources  # noqa: E402

CELLS = [
    "1+1", "x = 1\n...\n", "x = (1,\n...  )", "In [1]: x", "x\nIn [2]: y", "In [1]: x\n   ...: y", "\n\n  \nx = 1", "  x = 1\n  y = 2", "\tx = 1",
    "x = (7\n% 3)", "x = 7 \\\n% 3", "'''\n%magic\n!ls\nwhat?\n'''", "x = '?'", "x = 1  # why?", "x = 1  # why ??\n# and this?", "f'{x!r:%Y}?'", "a = b = '!ls'",
    "if x:\n    pass\n# !x\n", "x = [\n'%a',\n'!b'\n]", ">>> 1\n", "x = '''\n>>> y\n'''", "await x", "async for i in x: pass", "def f():\n  await x\n", "x; y;", "x;",
    "%matplotlib", "x = %who", "x = !ls", "!ls", "x?", "x??", "?x", "%%bash\nls", "/f 1", ",f a b", ";f a b", "if x:\n    %who", "for i in x:\n    !ls {i}", "x = 1\ny?",
    "d = {'a': 1,\n%b}", "x = 1\r\ny = 2\r\n", "x = 1\f\ny = 2", "é = 1", "x = '\u2028'\ny = 1", "\ufeffx = 1", "# nothing", "#", "pass\n\n\n", "x = 1 \n ", "lambda: (yield)",
    "match x:\n  case 1: pass", "@f\ndef g(): ...", "x: int = 3", "print(1,\n\n2)", "\"\"\"\n...: x\n\"\"\"", "x = \"\\d\"", "0if x else 1", "nonsense nonsense", "(", "x = '", "",
]


def library():
    folder = sysconfig.get_path("stdlib")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py") and os.path.getsize(os.path.join(folder, name)) < 20_000:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                yield file.read()


def what_becomes(manager, cell):
    try:
        return manager.transform_cell(cell)
    except Exception as no:
        return type(no)


class Plain(unittest.TestCase):
    def same(self, cell):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.assertEqual(what_becomes(Words(Sources()), cell), what_becomes(TransformerManager(), cell), cell)

    def test_all_kinds_of_cells_become_the_same(self):
        for cell in CELLS:
            self.same(cell)

    def test_python_s_own_library_becomes_the_same(self):
        for text in library():
            self.same(text)

    def test_pieces_put_together_become_the_same(self):
        dice = random.Random(7)
        parts = [*"%!?,;/=()[]{}'\"#\\:.\n\n\n  ", "x", "1", "if ", "ls", "... ", ">>> ", "In [1]: ", "'''", "f'", "await ", "%%", "??"]
        for _ in range(20_000):
            self.same("".join(dice.choices(parts, k=dice.randint(1, 8))))

    def test_what_is_python_is_parsed_once(self):
        sources = Sources()
        asked = []
        sources.parses, own = lambda text: asked.append(text) or own(text), sources.parses
        Words(sources).transform_cell("x = 1")
        tree = sources._parsed[2]
        self.assertEqual(asked, ["x = 1\n"])
        self.assertIs(sources.ast_parse("x = 1\n", "<a>"), tree)
        self.assertIsNot(sources.ast_parse("x = 1\n", "<a>"), tree)

    def test_what_was_parsed_under_other_rules_is_parsed_anew(self):
        sources = Sources()
        self.assertTrue(sources.parses("x = 1\n"))
        tree = sources._parsed[2]
        sources.flags |= __future__.annotations.compiler_flag
        self.assertIsNot(sources.ast_parse("x = 1\n"), tree)


LINES = [
    "1+1", "x", "x = 1", "ls", "ls = 1", "ls, x = 1, 2", "ls -l", "ls()", "ls.x", "cd ..", "who", "m", "m + 1", "m = 1", "quit", "exit()", "exit", "a.b c", "f 1", "f'x'",
    "pwd # PYTHON-MODE", "x # PYTHON-MODE", " ls", "\tx", "", " ", "é", "ls\r", "x\x0by", ",f a", ";f a", "/f a", "%who", "%%bash", "!ls", "!!ls", "?x", "x?", "**", ".ls", "ls*", "print 1",
    "alias", "env A=1", "self", "import os", "'ls'", "(ls)", "len", "not x", "time 1+1", "who.x", "lsmagic;",
]
COMPARE = """
import random
from IPython.core import prefilter
own = prefilter.PrefilterManager(shell=ip, parent=ip)
def compare(lines):
    for line in lines:
        for more in (False, True):
            found, expected = ip.prefilter_manager.prefilter_line(line, more), own.prefilter_line(line, more)
            assert found == expected, (line, more, found, expected)
    return ip._last_input_line
dice = random.Random(3)
parts = [*" \\t,;/%!?.*=()'#", "ls", "m", "x", "who", "exit", "1", "cd ", "f"]
mixed = ["".join(dice.choices(parts, k=dice.randint(1, 5))) for _ in range(3000)]
"""


class PlainLines(KernelCase):
    """What IPython's checkers make of a cell of one line."""

    def ok(self, code):
        self.assertIsNone(self.run_cell(code).error, code)

    def setUp(self):
        super().setUp()
        self.ok(f"lines = {LINES!r}")
        self.ok("from IPython.core.macro import Macro\nip = get_ipython(); m = Macro('print(5)\\n'); f = print; x = 1; time = 3")
        self.ok(COMPARE)

    def compare(self, prepare="pass"):
        self.ok(prepare)
        self.ok("assert compare(lines + mixed) == mixed[-1]")

    def test_lines_become_the_same(self):
        self.compare()

    def test_lines_become_the_same_without_automatic_magic(self):
        self.compare("ip.automagic = False")

    def test_lines_become_the_same_where_functions_are_called_without_brackets(self):
        self.compare("ip.autocall = 2")

    def test_lines_become_the_same_where_checkers_were_switched(self):
        self.compare("for manager in (own, ip.prefilter_manager):\n    for one in manager.checkers: one.enabled = not one.enabled")

    def test_words_of_the_user_s_own_are_heard(self):
        self.ok("class Checker(prefilter.PrefilterChecker):\n    def check(self, info):\n"
                "        if info.ifun == 'five': return self.prefilter_manager.get_handler_by_name('five')\n"
                "class Handler(prefilter.PrefilterHandler):\n    handler_name = 'five'\n    def handle(self, info): return '5'\n"
                "manager = ip.prefilter_manager; mine = Checker(shell=ip, prefilter_manager=manager); Handler(shell=ip, prefilter_manager=manager)")
        self.assertEqual(self.run_cell("five").result, "5")
        self.ok("manager.unregister_checker(mine)\nclass Upside(prefilter.PrefilterTransformer):\n    def transform(self, line, more): return line.replace('two', '2')\n"
                "mine = Upside(shell=ip, prefilter_manager=manager)")
        self.assertEqual(self.run_cell("two + two").result, "4")
        self.ok("manager.unregister_transformer(mine)\nclass Normal(prefilter.PrefilterHandler):\n    handler_name = 'normal'\n"
                "    def handle(self, info): return info.line.replace('three', '3')\nNormal(shell=ip, prefilter_manager=manager)")
        self.assertEqual(self.run_cell("three + 1").result, "4")

    def test_a_line_that_nobody_has_anything_to_say_about_is_not_taken_apart(self):
        self.ok("asked = []\nclass Never:\n    def __init__(self, *_): asked.append(1); raise AssertionError")
        self.ok("import IPython.core.prefilter as p\nkept, p.LineInfo = p.LineInfo, Never")
        self.assertEqual(self.run_cell("1 + 1").result, "2")
        self.ok("p.LineInfo = kept")
        self.assertEqual(self.run_cell("len(asked)").result, "0")


class PlainCells(KernelCase):
    def text(self, code):
        done = self.run_cell(code)
        return done.stdout + done.stderr

    def test_the_parser_warns_once(self):
        self.run_cell("import warnings; warnings.simplefilter('always')")
        self.assertEqual(self.text("x = '\\d'").count("invalid escape sequence"), 1)
        self.assertEqual(self.text("x = 0if 1 else 2").count("invalid decimal literal"), 1)
        self.assertEqual(self.text("x = 1\ny = x is 1").count('"is" with '), 1)

    def test_words_of_the_user_s_own_are_looked_for(self):
        self.run_cell("from IPython.core.inputtransformer2 import TokenTransformBase\nclass Up(TokenTransformBase):\n"
                      "    @classmethod\n    def find(cls, lines):\n        for line in lines:\n            for t in line:\n"
                      "                if t.string == 'up': return cls(t.start)\n"
                      "    def transform(self, lines): return [line.replace('up', '41 + 1') for line in lines]\n"
                      "get_ipython().input_transformer_manager.token_transformers.append(Up)")
        self.assertEqual(self.text("print(\nup)"), "42\n")

    def test_waiting_is_found_wherever_it_stands(self):
        self.run_cell("import asyncio\nasync def gen():\n    yield 1\nclass C:\n    async def __aenter__(self): return 5\n    async def __aexit__(self, *_): pass")
        for code, text in (("print(await asyncio.sleep(0, 3))", "3\n"), ("async for i in gen(): print(i)", "1\n"), ("print([i async for i in gen()])", "[1]\n"),
                           ("async with C() as c: print(c)", "5\n"), ("awaits = 'await'; print(awaits)", "await\n")):
            self.assertEqual(self.text(code), text)

    def test_an_ast_transformer_s_tree_is_not_seen_again(self):
        self.run_cell("import ast\nclass Double(ast.NodeTransformer):\n    def visit_Constant(self, node):\n"
                      "        return ast.copy_location(ast.Constant(node.value * 2), node)\nget_ipython().ast_transformers.append(Double())")
        for _ in range(3):
            self.assertEqual(self.text("print(\n4)"), "8\n")


if __name__ == "__main__":
    unittest.main()
