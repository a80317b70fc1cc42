#!/usr/bin/python3
"""Makes the corpus: some hundreds of small files by all the producers that are installed, each of one theme; the same bytes each time.

usage: corpus.py [--into FOLDER] [--only PRODUCER] [--again]
"""
import argparse
import importlib
import os
import sys
import tempfile
import traceback

import packing

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# The order counts: LibreOffice converts what the others made.
MAKERS = ["openpyxl_cells", "openpyxl_sheets", "openpyxl_charts", "xlsxwriter_cells", "xlsxwriter_sheets", "xlsxwriter_charts",
          "python_docx", "docx_parts", "npm", "hand_word", "hand_sheet", "hand_package", "office"]


def make(maker, into, again=False):
    """Makes what a maker has and is not there yet; gives the names of all, and what failed."""
    done, failed = [], []
    try:
        module = importlib.import_module(f"makers.{maker}")
    except ImportError as error:
        return [], [f"{maker}: {error}"]
    if hasattr(module, "make_all"):  # many at once
        return module.make_all(into, again)
    for name, build in module.CASES.items():
        path = os.path.join(into, name)
        done.append(name)
        if os.path.exists(path) and not again:
            continue
        try:
            write(path, build, name in getattr(module, "RAW", ()))
        except Exception as error:  # what one producer cannot do is told, and the others go on
            trace = traceback.extract_tb(error.__traceback__)[-1]
            failed.append(f"{name}: {type(error).__name__}: {error} ({os.path.basename(trace.filename)}:{trace.lineno})")
    return done, failed


def write(path, build, raw):
    """What `build` writes to a path, or gives as bytes, settled unless it is to stay as it is."""
    with tempfile.TemporaryDirectory() as folder:
        draft = os.path.join(folder, os.path.basename(path))
        data = build(draft)
        if not isinstance(data, bytes):
            with open(draft, "rb") as file:
                data = file.read()
    with open(path + ".new", "wb") as file:
        file.write(data if raw else packing.settled(data))
    os.replace(path + ".new", path)


def main():
    parser = argparse.ArgumentParser(description="Makes the corpus.")
    parser.add_argument("--into", default=os.path.join(ROOT, "build/judge/corpus"))
    parser.add_argument("--only", action="append")
    parser.add_argument("--again", action="store_true", help="also what is there already")
    told = parser.parse_args()
    os.makedirs(told.into, exist_ok=True)
    sys.path.insert(0, HERE)
    bad = 0
    for maker in told.only or MAKERS:
        done, failed = make(maker, told.into, told.again)
        print(f"{maker}: {len(done)} files, {len(failed)} failed")
        for line in failed:
            print("  " + line)
        bad += len(failed)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
