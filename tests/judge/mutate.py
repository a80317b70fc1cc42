#!/usr/bin/python3
"""Makes files with one thing wrong from files that are right: the same seed makes the same ones, whatever else there is.

usage: mutate.py --count N [--seed S] [--only KIND,…] --into FOLDER FILE…       (prints one line of JSON for each that it made)
"""
import argparse
import json
import os
import random
import sys

import change_attributes
import change_elements
import change_parts
import packing
from book import Book

KINDS = {**change_elements.KINDS, **change_attributes.KINDS, **change_parts.KINDS}
# How often a kind is tried: what breaks a whole package says little about a schema.
WEIGHTS = {name: 1 if name in change_parts.KINDS else 4 for name in KINDS}
WEIGHTS.update({"relationship": 3, "content-type": 2, "namespace": 2, "compatibility": 3, "harmless": 3})


def mutant(book, seed, number, only=()):
    """The mutant of a number of one file: (parts, what was done)."""
    rng = random.Random(f"{seed}/{book.name}/{number}")
    names = [name for name in KINDS if not only or name in only]
    weights = [WEIGHTS[name] for name in names]
    for _ in range(30):
        kind = rng.choices(names, weights)[0]
        made = KINDS[kind](book, rng)
        if made and made[0] != book.parts:
            return made[0], {"kind": kind, "base": book.name, "seed": seed, "number": number, **made[1]}
    return None, None


def mutants(paths, count, seed, only=()):
    """(name, bytes, what was done), `count` in all, evenly over the files."""
    each, more = divmod(count, len(paths))
    for place, path in enumerate(sorted(paths)):
        name = os.path.basename(path)
        number_of = each + (place < more)
        if not number_of:
            continue
        with open(path, "rb") as file:
            book = Book(name, file.read())
        stem, dot, kind = name.rpartition(".")
        for number in range(number_of):
            parts, what = mutant(book, seed, number, only)
            if parts is not None:
                yield f"{stem}~{seed}-{number}{dot}{kind}", packing.pack(parts), what


def main():
    parser = argparse.ArgumentParser(description="Makes files with one thing wrong from files that are right.")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", default="", help="kinds of mutations, by commas")
    parser.add_argument("--into", required=True)
    told = parser.parse_args()
    os.makedirs(told.into, exist_ok=True)
    for name, data, what in mutants(told.files, told.count, told.seed, tuple(filter(None, told.only.split(",")))):
        with open(os.path.join(told.into, name), "wb") as file:
            file.write(data)
        print(json.dumps({"file": name, **what}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
