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
