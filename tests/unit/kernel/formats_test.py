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
