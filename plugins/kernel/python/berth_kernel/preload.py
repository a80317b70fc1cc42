"""What the zygote imports and tries out before it forks, so that no worker has to: packages, fonts, the ways through IPython."""
import importlib
import sys
import time

CJK = ("Noto Sans CJK SC", "Noto Sans CJK TC", "Noto Sans CJK JP")
DEFAULT = ("numpy", "pandas", "matplotlib")

WARM_UP = """\
1 + 1
%time None
!true
await __import__("asyncio").sleep(0)
raise ValueError("warm")
len?
"""


def packages(names):
    """Imports each; what is not there, or fails, is told and not fatal."""
    report = {}
    for name in names:
        started = time.monotonic()
        try:
            module = importlib.import_module(name)
            if name == "matplotlib":
                importlib.import_module("matplotlib.pyplot")
            report[name] = {"version": str(getattr(module, "__version__", "")), "ms": round((time.monotonic() - started) * 1000)}
        except (Exception, SystemExit) as no:
            report[name] = {"missing": f"{type(no).__name__}: {no}"[:200]}
    return report


def dress_matplotlib(shell):
    """Inline figures, a font that has Chinese, Japanese and Korean, and a minus sign that every font has. Says which font."""
    import matplotlib
    from matplotlib import font_manager

    shell.enable_matplotlib("inline")
    have = {font.name for font in font_manager.fontManager.ttflist}
    font = next((name for name in CJK if name in have), None)
    matplotlib.rcParams["axes.unicode_minus"] = False
    if font:
        matplotlib.rcParams["font.sans-serif"] = [font, *[one for one in matplotlib.rcParams["font.sans-serif"] if one != font]]
    return font


def warm(shell):
    """Cells of the usual kinds; what they print goes nowhere, and nothing of them stays."""
    for line in WARM_UP.splitlines():
        shell.run_cell(line, store_history=True)
    if "matplotlib.pyplot" in sys.modules:
        shell.run_cell("import matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.title('轴 -1')\nplt.show()", store_history=True)
    if "pandas" in sys.modules:
        shell.run_cell("import pandas as pd\ndisplay(pd.DataFrame({'a': [1]}).describe())", store_history=True)
    shell.complete("", "impor", 5)
    shell.payload_manager.clear_payload()
    for name in ("last_type", "last_value", "last_traceback"):  # or %debug would show the error from above
        vars(sys).pop(name, None)
    shell.reset()
