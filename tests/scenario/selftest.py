#!/usr/bin/env python3
"""Proves the runner: what must pass does, and each case that must fail does so for the reason in its first line."""
import os
import re
import sys

from runner.engine import Folder, Options, Tally, find
from runner.host import raise_file_limit
from runner.text import CaseError, Failure

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "selftest", "cases")
BERTH = os.path.join(HERE, "selftest", "imperfect.py")


def expectation(path):
    """("pass", ""), ("fails", text) or ("skips", text)."""
    with open(path, encoding="utf-8") as file:
        match = re.match(r"# (fails|skips): (.+)", file.readline())
    return match.groups() if match else ("pass", "")


def run_one(folder, case):
    said, tally = [], Tally()
    options = Options(BERTH, [], ROOT, say=said.append)
    try:
        Folder(folder, [case], options, tally).run()
    except (CaseError, Failure) as error:
        tally.failed.append(case)
        said.append(str(error))
    return tally, "\n".join(said)


def judge(folder, case):
    kind, text = expectation(os.path.join(folder, case))
    if os.path.basename(folder) == "end":
        kind, text = "fails", "ended with exit code 3"
    tally, said = run_one(folder, case)
    outcome = "fails" if tally.failed else "skips" if tally.skipped else "pass"
    good = outcome == kind and text in said
    print(f"{'ok   ' if good else 'FAIL '} {os.path.relpath(folder, ROOT)}/{case}")
    if not good:
        print(f"  expected that it {kind}: {text}\n  it {outcome}:\n{said}")
    return good


def main():
    raise_file_limit()
    results = [judge(folder, case) for folder, cases in find(ROOT, []).items() for case in cases]
    print(f"{results.count(True)} as expected, {results.count(False)} not")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
