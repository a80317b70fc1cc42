#!/usr/bin/python3
"""A comparison with the judge that needs no judge: what it said of some hundreds of files stands in recorded.txt; the files are made here.

usage: short.py [--record] [--kept FOLDER]

Fails where ours disagrees, but for lines that say `open`. --record asks the judge about what it has not said yet, and writes recorded.txt anew.
"""
import argparse
import hashlib
import importlib
import json
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import compare  # noqa: E402
import mutate  # noqa: E402
import oracle  # noqa: E402
import ours  # noqa: E402
import packing  # noqa: E402

RECORDED = os.path.join(HERE, "recorded.txt")
MAKERS = ("hand_word", "hand_sheet", "hand_package")
MUTANTS = 120


def write_all(folder):
    """{name: path} of hand-written files and of mutants of those."""
    files = {}
    for maker in MAKERS:
        for name, build in importlib.import_module(f"makers.{maker}").CASES.items():
            files[name] = os.path.join(folder, name)
            with open(files[name], "wb") as file:
                file.write(build(files[name]))
    bases = sorted(path for name, path in files.items() if "-zip-" not in name and "-mc-" not in name and not name.startswith("hand-names"))
    for name, data, _ in list(mutate.mutants(bases, MUTANTS, "short")):
        files[name] = os.path.join(folder, name)
        with open(files[name], "wb") as file:
            file.write(data)
    return files


def content(path):
    """A short sum of what is in a package; how it is packed is the business of zlib's version."""
    with open(path, "rb") as file:
        data = file.read()
    try:
        text = repr(packing.unpack(data)).encode()
    except Exception:  # no package that Python can read: the bytes themselves
        text = data
    return hashlib.sha256(text).hexdigest()[:12]



def record(files, kept):
    verdicts = oracle.Verdicts(kept)
    judged = dict(zip(files, (verdict for _, verdict in verdicts.of_all(list(files.values()), 4))))
    looked = ours.look(ours.binary(), list(files.values())) if ours.binary() else {}
    lines = []
    for name, path in sorted(files.items()):
        verdict = judged[name]
        if verdict is None or verdict["ok"] is None:
            continue
        case = compare.case_of(name, {}, verdict, looked[path]) if path in looked else None
        state = "open" if case and case.judge_bad != bool(case.seen) else "same"
        lines.append(f"{name} {content(path)} {'valid' if verdict['ok'] else 'invalid'} {state}\n")
    with open(RECORDED, "w", encoding="utf-8") as file:
        file.write("# What the judge said: the file, a sum of its content, the verdict, and whether ours is to be the same. By short.py --record.\n")
        file.writelines(lines)
    print(f"{len(lines)} recorded")


def check(files):
    with open(RECORDED, encoding="utf-8") as file:
        recorded = {line.split()[0]: line.split()[1:] for line in file if not line.startswith("#")}
    wanted = {name: path for name, path in files.items() if name in recorded and recorded[name][0] == content(path)}
    if len(wanted) < len(recorded) * 0.9:
        print(f"SKIP: of {len(recorded)} recorded files this Python makes only {len(wanted)} with the same content")
        return 77
    said = ours.look(ours.binary(), list(wanted.values()))
    bad = better = 0
    for name, path in wanted.items():
        _, verdict, state = recorded[name]
        if "fell" in said[path]:
            print(f"{name}: fell over: {said[path]['fell']}")
            bad += 1
            continue
        seen, _ = ours.strongest(said[path]["findings"])
        same = (verdict == "invalid") == bool(seen)
        better += same and state == "open"
        if not same and state == "same":
            bad += 1
            print(f"{name}: the judge says {verdict}, ours finds {json.dumps(seen[:1], ensure_ascii=False)}")
    print(f"{len(wanted)} files, {bad} that disagree newly, {better} that agree though they are marked as open")
    return 1 if bad else 0


def main():
    parser = argparse.ArgumentParser(description="Compares with what the judge once said.")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--kept", default=os.path.join(ROOT, "build/judge/verdicts"))
    parser.add_argument("--look")
    told = parser.parse_args()
    if told.look:
        os.environ["OOXML_LOOK"] = told.look
    if not told.record and (ours.binary() is None or not os.path.exists(RECORDED)):
        print("SKIP: ooxml-look is not built")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        files = write_all(folder)
        if told.record:
            record(files, told.kept)
            return 0
        return check(files)


if __name__ == "__main__":
    sys.exit(main())
