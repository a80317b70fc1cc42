"""Kills the host's browser once, or sends it another signal."""
import os
import signal
import sys

HOST = int(sys.argv[1])
SIGNAL = signal.Signals["SIG" + (sys.argv[2] if len(sys.argv) > 2 else "KILL")]
PARENTS = {}
for entry in filter(str.isdigit, os.listdir("/proc")):
    try:
        with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
            PARENTS[int(entry)] = int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        continue
killed = 0
for pid in PARENTS:
    up = pid
    while up in PARENTS and up != HOST:
        up = PARENTS[up]
    if up != HOST or pid == HOST:
        continue
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            line = file.read()
        if b"chromium" in line.split(b"\0")[0] and b"--type=" not in line:
            os.kill(pid, SIGNAL)
            killed += 1
    except OSError:
        continue
sys.exit(0 if killed else 1)
