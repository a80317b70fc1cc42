#!/usr/bin/python3
"""Bundles: many changes in one file, at places that have nothing to do with each other, since the judge takes as long for one as for fifty.

A bundle's changes are of elements and attributes only, all well-formed; for each its site is told: the smallest element around it, by its path
in the changed file. A verdict about a bundle is one verdict for each of its sites: whether anything was found at the site or below it.

usage: bundle.py --count N [--each M] [--seed S] --into FOLDER FILE…      (prints one line of JSON for each bundle)
"""
import argparse
import json
import os
import random
import sys
import xml.parsers.expat

import change_attributes
import change_elements
import packing
import xmlbits
from book import Book

KINDS = {**change_elements.KINDS, **change_attributes.KINDS}
del KINDS["twice"]


def alike(one, other):
    """How many letters two texts have in common from their beginning, by halves."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def edit(old, new):
    """What changed: (start, end, by) of the old text."""
    start = alike(old, new)
    end = alike(old[start:][::-1], new[start:][::-1])
    return start, len(old) - end, new[start:len(new) - end]


def around(tree, start, end):
    """The smallest element with the change in it; a change of its name or its attributes is in it, too."""
    best = None
    for one in tree:
        if one.start >= end:
            break
        if one.start < start and one.end >= end and (one.end > end or start >= one.start + 1):
            best = one
    return best


def well_formed(text):
    try:
        xml.parsers.expat.ParserCreate(namespace_separator=" ").Parse(text.encode("utf-8"), True)
        return True
    except xml.parsers.expat.ExpatError:
        return False


def numbered(element):
    """The path of an element with the number of each among its brothers of the same name, without prefixes."""
    names = []
    while element is not None:
        brothers = element.parent.children if element.parent else [element]
        place = [one for one in brothers if one.name == element.name].index(element) + 1
        names.append(f"{element.local}[{place}]")
        element = element.parent
    return "/" + "/".join(reversed(names))


def _fits(taken, part, lock):
    return all(other_part != part or lock.end <= other.start or other.end <= lock.start for other_part, other, _, _ in taken)


def bundle(book, seed, number, each):
    """(parts, sites)."""
    rng = random.Random(f"bundle/{seed}/{book.name}/{number}")
    taken = []
    for _ in range(each * 4):
        if len(taken) >= each:
            break
        kind = rng.choice(list(KINDS))
        made = KINDS[kind](book, rng)
        if not made:
            continue
        part = made[1]["part"]
        touched = made[1].get("attribute", "") + made[1].get("now", "")
        if part == "docProps/core.xml" or "xml:space" in touched or touched.startswith("mc:"):
            continue  # with one of these broken, the judge looks no further
        old, new = book.texts[part], dict(made[0])[part].decode("utf-8")
        if old == new:
            continue
        change = edit(old, new)
        lock = around(book.trees[part], change[0], change[1])
        if lock is not None and lock.parent is not None and _fits(taken, part, lock) and well_formed(new):
            taken.append((part, lock, change, {"kind": kind, **made[1]}))
    return _applied(book, taken)


def _applied(book, taken):
    changed, sites = dict(book.texts), []
    for part in sorted({part for part, _, _, _ in taken}):
        text, grown, starts = book.texts[part], 0, []
        for _, lock, (start, end, by), what in sorted((one for one in taken if one[0] == part), key=lambda one: one[1].start):
            starts.append((lock.start + grown, what))
            text = text[:start + grown] + by + text[end + grown:]
            grown += len(by) - (end - start)
        changed[part] = text
        places = {one.start: one for one in xmlbits.elements(text)}
        sites += [{**what, "site": numbered(places[start])} for start, what in starts]
    parts = [(name, changed[name].encode("utf-8") if name in changed else data) for name, data in book.parts]
    return parts, sites


def bundles(paths, count, seed, each):
    number_of, more = divmod(count, len(paths))
    for place, path in enumerate(sorted(paths)):
        name = os.path.basename(path)
        with open(path, "rb") as file:
            book = Book(name, file.read())
        stem, dot, kind = name.rpartition(".")
        for number in range(number_of + (place < more)):
            parts, sites = bundle(book, seed, number, each)
            if sites:
                yield f"{stem}~b{seed}-{number}{dot}{kind}", packing.pack(parts), {"base": name, "seed": seed, "number": number, "sites": sites}


def main():
    parser = argparse.ArgumentParser(description="Makes files with many things wrong, at places apart.")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--each", type=int, default=25)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--into", required=True)
    told = parser.parse_args()
    os.makedirs(told.into, exist_ok=True)
    for name, data, what in bundles(told.files, told.count, told.seed, told.each):
        with open(os.path.join(told.into, name), "wb") as file:
            file.write(data)
        print(json.dumps({"file": name, **what}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
