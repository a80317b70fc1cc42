"""A cell that ends with a small value: asked of one formatter where all the others have nothing to say, and of all where one has."""
import unittest

from case import KernelCase


class Formats(KernelCase):
    def data(self, code):
        done = self.run_cell(code)
        self.assertEqual((done.status, done.error), ("ok", None))
        return next((event["data"] for event in done.events if event["event"] == "result"), None)

    def test_small_values_are_plain_text(self):
        for code, text in (("1 + 1", "2"), ("'a'", "'a'"), ("b'a'", "b'a'"), ("1.5", "1.5"), ("True", "True"), ("1j", "1j")):
            self.assertEqual(self.data(code), {"text/plain": text})
        self.assertIsNone(self.data("None"))

    def test_small_values_say_what_ipython_says(self):
        self.run_cell("from IPython.core.interactiveshell import InteractiveShell\nfrom IPython.core.formatters import DisplayFormatter\nown = DisplayFormatter()")
        for code in ("-0", "10 ** 40", "'a\\nb\\'\"'", "'\\ud800'", "'é' * 5000", "b'\\x00' * 3", "True", "0.1", "1e300", "float('nan')", "-2j", "''", "..."):
            self.assertEqual(self.data(code)["text/plain"], self.run_cell(f"print(own.format({code})[0]['text/plain'].encode('unicode_escape').decode())").stdout[:-1]
                             .encode().decode("unicode_escape").encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass"), code)

    def test_a_number_of_too_many_digits_has_no_words(self):
        self.assertEqual(self.data("10 ** 4000"), {"text/plain": "1" + "0" * 4000})
        self.assertIsNone(self.data("10 ** 5000"))
        self.assertAlive()

    def test_a_function_for_plain_text_is_called(self):
        self.run_cell("P = get_ipython().display_formatter.formatters['text/plain']; P.for_type(int, lambda n, p, cycle: p.text(f'<{n}>'))")
        self.assertEqual(self.data("5"), {"text/plain": "<5>"})
        self.assertEqual(self.data("True"), {"text/plain": "True"})
        self.run_cell("P.type_printers.pop(int); P.singleton_printers[id(True)] = lambda b, p, cycle: p.text('yes')")
        self.assertEqual(self.data("True"), {"text/plain": "yes"})
        self.run_cell("%pprint")
        self.assertEqual(self.data("'a'"), {"text/plain": "'a'"})

    def test_a_semicolon_at_the_end_is_quiet(self):
        for code in ("1;", "1 ;  ", "1;  # why", "'a;b';"):
            self.assertIsNone(self.data(code), code)
        for code in ("';'", "1  # ;", "x = 1; x"):
            self.assertIsNotNone(self.data(code), code)

    def test_a_result_puts_nothing_into_the_pipes(self):
        self.data("1 + 1")
        self.assertEqual([pipe.number for pipe in self.kernel.pipes.values()], [0, 0])

    def test_a_class_of_the_users_is_asked_for_all_it_has(self):
        self.assertEqual(self.data("class N(int):\n    def _repr_html_(self): return '<b>n</b>'\nN(3)"), {"text/plain": "3", "text/html": "<b>n</b>"})

    def test_a_function_for_a_small_type_is_called(self):
        self.run_cell("F = get_ipython().display_formatter")
        self.run_cell("F.formatters['text/html'].for_type(int, lambda n: f'<i>{n}</i>')")
        self.assertEqual(self.data("5"), {"text/plain": "5", "text/html": "<i>5</i>"})
        self.run_cell("F.formatters['text/html'].pop(int); F.mimebundle_formatter.for_type(str, lambda s, **k: {'x/y': s})")
        self.assertEqual(self.data("'s'"), {"text/plain": "'s'", "x/y": "s"})
        self.run_cell("F.mimebundle_formatter.pop(str); F.formatters['text/latex'].for_type_by_name('builtins', 'float', lambda f: '$f$')")
        self.assertEqual(self.data("2.0"), {"text/plain": "2.0", "text/latex": "$f$"})

    def test_a_function_for_every_object_is_called(self):
        self.run_cell("get_ipython().display_formatter.formatters['text/markdown'].for_type(object, lambda o: '*o*')")
        self.assertEqual(self.data("7"), {"text/plain": "7", "text/markdown": "*o*"})

    def test_the_precision_of_numbers_is_the_users(self):
        self.run_cell("%precision 2")
        self.assertEqual(self.data("3.14159"), {"text/plain": "3.14"})


if __name__ == "__main__":
    unittest.main()
