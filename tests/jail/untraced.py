#!/usr/bin/python3
"""A host that is root but may not trace others (a container's root has no CAP_SYS_PTRACE) has the same layers as one that may, and its
jails can be joined. usage: untraced.py BERTH UNIT_JAIL"""
import os
import subprocess
import sys
import tempfile

UNTRACED = ["setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace"]


def layers(berth, before):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([*before, berth, "doctor", "--state", folder], capture_output=True, text=True, timeout=60, check=False)
    return [line for line in done.stdout.splitlines() if line.startswith("jail")]


def main():
    if os.geteuid() != 0 or subprocess.run([*UNTRACED, "true"], check=False).returncode != 0:
        print("SKIP: only root may run something with less")
        return 77
    berth, unit = sys.argv[1:]
    usual, less = layers(berth, []), layers(berth, UNTRACED)
    assert len(usual) > 10, usual
    assert usual == less, f"with:    {usual}\nwithout: {less}"
    return subprocess.run([*UNTRACED, unit, "--gtest_filter=Layers/InJail.*:Jail.*:Mounts.*"], timeout=300, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
