"""The result as an SVG, readable on light and dark pages: for each question a bar for each peer, the longest as long as there is room."""
from html import escape

from page import number, ratio

SHOWN = [
    ("trips", "p50_ms", "1+1, there and back", "ms"),
    ("fresh", "ms", "New kernel, first result", "ms"),
    ("reset", "ms", "Reset, first result with numpy, pandas, matplotlib", "ms"),
    ("output", "ms", "1 MB of output", "ms"),
    ("memory", "uss_mb", "Private memory of each of {kernels} kernels", "MB"),
]
NAMES = {"berth": "Berth", "fastapi": "FastAPI + jupyter_client", "jupyter": "jupyter_server"}
WIDTH, LEFT, BARS, LINE, TITLE, GAP = 760, 180, 400, 20, 24, 16
STYLE = """\
  text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #57606a }
  .title { font-weight: 600; fill: #24292f }
  .berth { fill: #0969da } .other { fill: #afb8c1 }
  @media (prefers-color-scheme: dark) {
    text { fill: #9da7b3 } .title { fill: #e6edf3 } .berth { fill: #4493f8 } .other { fill: #565f6b }
  }
"""


def bar(y, data, name, value, longest, unit, times):
    length = max(2.0, BARS * value / longest)
    said = f"{number(value)} {unit}" + (f"  ({number(times)} ×)" if times else "")
    kind = "berth" if name == "berth" else "other"
    return (f'<text x="{LEFT - 10}" y="{y + 14}" text-anchor="end">{escape(NAMES[name])}</text>\n'
            f'<rect class="{kind}" x="{LEFT}" y="{y + 3}" width="{length:.1f}" height="{LINE - 6}" rx="2"/>\n'
            f'<text x="{LEFT + length + 8:.1f}" y="{y + 14}">{escape(said)}</text>\n')


def draw(data):
    middle, y, body = data["medians"], 8, ""
    for what, key, title, unit in SHOWN:
        figures = {name: by[key] for name, by in middle[what].items()}
        body += f'<text class="title" x="{LEFT}" y="{y + 16}">{escape(title.format(**data["settings"]))}</text>\n'
        y += TITLE
        for name, value in figures.items():
            times = None if name == "berth" else ratio(middle, what, key, name)
            body += bar(y, data, name, value, max(figures.values()), unit, times)
            y += LINE
        y += GAP
    foot = f"scripts/bench kernel, {data['date']}: medians; × is how many times Berth's. Less is better."
    body += f'<text x="{LEFT}" y="{y + 8}">{escape(foot)}</text>\n'
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 20}" width="{WIDTH}" height="{y + 20}" role="img">\n'
            f"<title>Berth's Python kernel beside others</title>\n<style>\n{STYLE}</style>\n{body}</svg>\n")
