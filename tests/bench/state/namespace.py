"""The namespace that is stored: about 100 MB of what a day with data leaves behind, the same for everybody. Run as it stands in each peer."""

CODE = """
import numpy as np
import pandas as pd

_random = np.random.default_rng(7)
measured = _random.random(2_500_000)
counted = _random.integers(0, 1000, 1_500_000)
image = _random.random((1000, 1000)).astype("float32")
names = [f"user-{i:07d}@example.org" for i in range(1_500_000)]
frame = pd.DataFrame({
    "id": np.arange(300_000), "x": _random.random(300_000), "y": _random.random(300_000), "city": [f"city {i % 5000}" for i in range(300_000)],
    "kind": pd.Categorical(_random.choice(["a", "b", "c"], 300_000)), "when": pd.date_range("2020-01-01", periods=300_000, freq="min", tz="UTC")})
table = {i: (i, str(i), i / 3) for i in range(40_000)}
nested = {"rows": [1, 2, {"again": [measured]}], "note": "text"}


def scaled(x, by=2.0):
    return x * by


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


points = [Point(i, -i) for i in range(15_000)]
del _random
"""

# What it comes to. The same before and after, whoever has stored it.
DIGEST = """(float(measured.sum()), int(counted.sum()), float(image.sum()), sum(map(len, names)), names[77], int(pd.util.hash_pandas_object(frame).sum()) % 10**9,
len(table), table[39_999], len(nested["rows"][2]["again"][0]), scaled(3), sum(one.x for one in points), all(type(one) is Point for one in points))"""

# One more variable, which pickle has no way for.
GENERATOR = "unfinished = (i for i in range(3))"
