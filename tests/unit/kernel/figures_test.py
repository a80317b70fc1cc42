"""Figures and tables, with the packages that show them."""
import base64
import unittest

from case import KernelCase, zygote


class Figures(KernelCase):
    preload = ("numpy", "pandas", "matplotlib")

    def setUp(self):
        missing = [name for name, about in zygote(*self.preload).about["preloaded"].items() if isinstance(about, dict) and "missing" in about]
        if missing:
            self.skipTest("not installed: " + ", ".join(missing))
        super().setUp()

    def test_inline_figures(self):
        done = self.run_cell("import matplotlib.pyplot as plt\nfor i in range(2):\n    plt.figure(); plt.plot([-1, i]); plt.title('中文')\nNone")
        shown = done.of("display")
        self.assertEqual([sorted(event["data"]) for event in shown], [["image/png", "text/plain"]] * 2)
        self.assertTrue(base64.b64decode(shown[0]["data"]["image/png"]).startswith(b"\x89PNG"))
        self.assertEqual(done.stderr, "")
        self.assertEqual(self.run_cell("plt.get_fignums(), plt.rcParams['axes.unicode_minus'], plt.get_backend().split('.')[-1].lower() in ('inline', 'backend_inline')").result,
                         "([], False, True)")

    def test_caps(self):
        kernel = self.start(figures={"count": 2, "bytes": 100000})
        done = kernel.execute("import matplotlib.pyplot as plt\nfor i in range(4): plt.figure(); plt.plot([i])")
        self.assertEqual(["image/png" in event["data"] for event in done.of("display")], [True, True, False, False])
        self.assertIn("a cell may show 2", done.of("display")[2]["data"]["text/plain"])
        self.assertEqual(done.done["figures_left_out"], 2)
        done = kernel.execute("import numpy\nplt.figure(figsize=(20, 20)); plt.imshow(numpy.random.rand(1000, 1000)); None")
        self.assertIn("100000", done.of("display")[0]["data"]["text/plain"])

    def test_font_has_chinese(self):
        font = self.zygote.about["preloaded"]["font"]
        if not font:
            self.skipTest("no Noto Sans CJK here")
        self.assertIn(f"'{font}'", self.run_cell("import matplotlib; matplotlib.rcParams['font.sans-serif'][:1]").result)

    def test_tables(self):
        done = self.run_cell("import pandas as pd; df = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}); df")
        self.assertEqual(sorted(done.of("result")[0]["data"]), ["text/html", "text/plain"])
        self.run_cell("import numpy as np; arr = np.zeros((3, 4)); small = np.arange(3); ser = df.a")
        found = {one["name"]: one for one in self.kernel.request("variables").done["variables"]}
        self.assertEqual((found["arr"]["shape"], found["arr"]["size"], found["arr"]["type"]), ([3, 4], 96, "numpy.ndarray"))
        self.assertEqual((found["small"]["repr"], found["df"]["shape"], found["df"]["repr"]), ("array([0, 1, 2])", [2, 2], "columns: a, b"))

    def test_a_reset_closes_figures(self):
        self.run_cell("import matplotlib.pyplot as plt; plt.ioff(); plt.figure(); None")
        self.kernel.request("reset")
        self.assertEqual(self.run_cell("import matplotlib.pyplot as plt; plt.get_fignums()").result, "[]")


if __name__ == "__main__":
    unittest.main()
