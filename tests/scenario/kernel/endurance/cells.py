"""Runs cell after cell in one kernel. usage: cells.py URL TOKEN PID-OF-HOST short|long. Prints what each process held before and after."""
import http.client
import json
import os
import sys
import time
import urllib.parse

URL, TOKEN, HOST, FORM = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
WARM, CELLS = 500, 10_000 if FORM == "long" else 1_500
MIB = 1 << 20
# A worker keeps the code and the number of each cell, as IPython does (In, the history): some 600 bytes. A leak of one answer's size would be ten times that.
MOST = {"host": 8 * MIB, "plugin": 8 * MIB, "worker": 4 * MIB + CELLS * 1024}
MOST_DESCRIPTORS = 5  # more than before
connection = http.client.HTTPConnection(urllib.parse.urlsplit(URL).netloc, timeout=120)


def ask(method, path, body=None):
    headers = {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    data = json.load(answer)
    if answer.status != 200:
        sys.exit(f"{path}: {answer.status} {data}")
    return data


def plugin():
    """The plugin's process: the one child of the host that is a plugin-host."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if parent == HOST and b"plugin-host" in words:
            return int(pid)
    return sys.exit("the plugin has no process of its own")


def held(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        resident = next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS"))
    return resident, len(os.listdir(f"/proc/{pid}/fd"))


def run(count):
    """`n` counts in the kernel and here: an answer that is another's, or a cell that ran twice, is seen at once."""
    for _ in range(count):
        run.n += 1
        answer = ask("POST", "/exec", {"code": f"n += 1\nprint('said', n)\nn * {run.n}"})
        if answer["status"] != "completed" or answer["result"] != str(run.n * run.n) or answer["stdout"] != f"said {run.n}\n":
            sys.exit(f"cell {run.n}: {answer}")


run.n = 0
ask("POST", "/reset", {})
ask("POST", "/exec", {"code": "n = 0"})
run(WARM)
pids = {"host": HOST, "plugin": plugin(), "worker": ask("GET", "/kernel/status")["pid"]}
before = {name: held(pid) for name, pid in pids.items()}
began = time.monotonic()
run(CELLS)
took = time.monotonic() - began
after = {name: held(pid) for name, pid in pids.items()}
status = ask("GET", "/kernel/status")
if status["pid"] != pids["worker"] or status["exec_count"] != WARM + CELLS + 1:
    sys.exit(f"not one worker ran them all: {status}")
print(f"{CELLS} cells in {took:.1f} s")
grew = False
for name, (memory, descriptors) in before.items():
    more, opened = after[name][0] - memory, after[name][1] - descriptors
    print(f"{name}: {memory / MIB:.1f} MiB, then {more / MIB:+.2f} MiB, {opened:+d} descriptors")
    grew = grew or more > MOST[name] or opened > MOST_DESCRIPTORS
sys.exit("something grew") if grew else print("nothing grew")
