#!/usr/bin/env python3
"""Runs MCP's conformance suites against a server, and says what failed. usage: run.py URL

scripts/setup puts the packages, and a node of 22 for them, into one node_modules: $NODE_PATH."""
import os
import subprocess
import sys

RUNS = {"conformance-0.1": [["--suite", "active"], ["--suite", "pending"]],
        "conformance-0.2": [["--requirements", "2025-11-25"], ["--requirements", "2026-07-28"]]}


def main(url):
    modules, bad = os.environ["NODE_PATH"], 0
    node = os.path.join(modules, "node-22/bin/node")
    for package, runs in RUNS.items():
        for words in runs:
            done = subprocess.run([node, f"{modules}/{package}/dist/index.js", "server", "--url", url, *words],
                                  capture_output=True, text=True, timeout=300, check=False)
            summary = done.stdout[done.stdout.rfind("=== SUMMARY ==="):]
            print(package, *words, next((line for line in summary.splitlines() if line.startswith("Total")), "no total"), flush=True)
            if done.returncode != 0 or "Total: 0 passed" in summary or "Total" not in summary:
                bad += 1
                print(summary, done.stderr[-2000:], sep="\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
