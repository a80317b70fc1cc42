"""Results on disk and on the screen: one JSON file for programs and one Markdown page for people."""
import datetime
import json
import os

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "results")


def today():
    return datetime.date.today().isoformat()


def write(name, data, page, folder=FOLDER):
    os.makedirs(folder, exist_ok=True)
    paths = [os.path.join(folder, name + ending) for ending in (".json", ".md")]
    for path, text in zip(paths, (json.dumps(data, indent=1) + "\n", page)):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    print("written to", " and ".join(map(shown, paths)))


def shown(path):
    short = os.path.relpath(path)
    return path if short.startswith("..") else short


def table(head, rows):
    """A Markdown table whose columns line up on a terminal as well; the first column is left, the others are right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    line = lambda row: "| " + " | ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths))) + " |"
    rule = "|" + "|".join("-" * (w + 1) + ("-" if i == 0 else ":") for i, w in enumerate(widths)) + "|"
    return "\n".join([line(head), rule, *map(line, rows)]) + "\n"


def verdict(goal):
    return "met" if goal["met"] else "MISSED"


def goals_page(goals):
    rows = [[g["goal"], g["measured"], verdict(g)] for g in goals]
    return table(["goal", "measured", "verdict"], rows) if rows else ""
