#!/usr/bin/env python3
"""Runs the scenarios: real hosts, real sockets, cases written as text. README.md says how to write one."""
import argparse
import os
import sys

from runner.engine import Options, find, run_all, sanitized
from runner.host import raise_file_limit

HERE = os.path.dirname(os.path.abspath(__file__))


def parse_arguments(words):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--berth", help="the program to test, such as build/bin/berth")
    parser.add_argument("--plugins", default="", help="folders with the plugins that the cases need, parted by commas")
    parser.add_argument("--list", action="store_true", help="print the scenarios' names and end")
    parser.add_argument("--keep", action="store_true", help="keep each host's temporary folder and print its place")
    parser.add_argument("--only-config", choices=["asan", "plain"],
                        help="asan: berth has sanitizers (found out by itself): longer deadlines, no memory limits, "
                             "and without the folders that say `not under asan`")
    parser.add_argument("--probe", choices=["host", "own"], default="host",
                        help="where the probe runs: in the host's process (the default) or in one of its own")
    parser.add_argument("--long", action="store_true", help="the long form of those cases that have one: more of the same")
    parser.add_argument("--root", default=HERE, help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="ROOM[/NAME]", help="what to run; everything if there is none")
    return parser.parse_args(words)


def main(words):
    arguments = parse_arguments(words)
    sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    found = find(arguments.root, arguments.names)
    if arguments.list:
        for folder, cases in found.items():
            for case in cases:
                print(f"{os.path.relpath(folder, arguments.root)}/{case[:-4]}")
        return 0
    if not arguments.berth or not os.access(arguments.berth, os.X_OK):
        print(f"run.py: --berth must name the program to test, not {arguments.berth}", file=sys.stderr)
        return 2
    raise_file_limit()
    os.environ["BERTH_PROBE_PROCESS"] = arguments.probe
    berth = os.path.abspath(arguments.berth)
    asan = arguments.only_config == "asan" or (arguments.only_config is None and sanitized(berth))
    plugins = [os.path.abspath(folder) for folder in arguments.plugins.split(",") if folder]
    tally = run_all(found, Options(berth, plugins, arguments.root, asan, arguments.keep, arguments.long))
    return report(tally)


def report(tally):
    print(f"{tally.passed} passed, {len(tally.failed)} failed, {len(tally.skipped)} skipped")
    for name in tally.failed:
        print(f"  failed: {name}")
    if tally.failed:
        return 1
    if not tally.passed:
        print(f"SKIP: {tally.skipped[0][1] if tally.skipped else 'nothing to run'}")
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
