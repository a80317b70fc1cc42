"""Eight clients, four kernels, and one who kills. usage: faults.py URL TOKEN PID-OF-HOST SEED [ENGINE]. What is random depends on the seed alone, when
it happens on the machine as well."""
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3))
from scenario.runner import faults  # noqa: E402

URL, TOKEN, HOST, SEED = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
ENGINE = sys.argv[5] if len(sys.argv) > 5 else "python"
OWN = ENGINE == "python"
CLIENTS, CELLS, KILLS = (8, 25, 30) if OWN else (6, 8, 8)
KERNELS = ["default", "one", "two", "three"] if OWN else ["one", "two"]
LONG = 0.05 if OWN else 0.8  # seconds that a cell takes, at the most
PACE = 0.05 if OWN else 1.5  # seconds between two kills, and up to 0.2 more: a kernel that is no fork takes its time to start
tally = faults.Tally()


def post(path, body):
    return faults.post(URL + path, TOKEN, body)


def judge(expected, key, status, answer):
    """Right, or an error that is clear."""
    if status in (409, 503):
        return tally.note(answer["code"])
    if status != 200 or answer["id"] != key:
        return tally.wrong.append((status, answer))
    tally.note(answer["status"])
    if answer["status"] == "completed":
        if answer["result"] != str(expected) or answer["stdout"] != key + "\n":
            tally.wrong.append((key, answer))
    elif answer["status"] != "died" or not answer["reason"] or not answer["kernel_restarted"]:
        tally.wrong.append((key, answer))
    return None


def client(number):
    draw = random.Random(SEED * 100 + number)
    for turn in range(CELLS):
        a, b, key = draw.randrange(1000), draw.randrange(1000), f"c{number}-{turn}"
        code = f"import time\nprint({key!r})\ntime.sleep({draw.random() * LONG:.3f})\n{a} * {b}"
        try:
            judge(a * b, key, *post(f"/kernels/{draw.choice(KERNELS)}/exec", {"code": code, "id": key, "wait": True, "timeout": 60}))
        except Exception as no:  # no answer at all
            tally.wrong.append((key, repr(no)))


def killer(over):
    draw = random.Random(SEED)
    for _ in range(KILLS):
        if over.wait(PACE + draw.random() * 0.2):
            return
        name = "python3" if not OWN else "berth-zygote" if draw.random() < 0.15 else "berth-worker"
        if faults.kill(draw, HOST, name):
            tally.note("kills")


for name in KERNELS:
    if name != "default":
        post("/kernels", {"name": name, "engine": ENGINE})
began = time.monotonic()
faults.run(CLIENTS, client, killer)
for name in KERNELS:  # each comes back by itself
    for turn in range(120):
        status, answer = post(f"/kernels/{name}/exec", {"code": "6*7", "id": f"after-{turn}", "wait": True, "timeout": 60})
        if status == 200 and answer["status"] == "completed" and answer["result"] == "42":
            break
        time.sleep(0.5)
    else:
        tally.wrong.append((name, status, answer))
tally.show(f"seed {SEED}, {time.monotonic() - began:.1f} s")
kills = tally.number("kills")
answered = sum(tally.counts.values()) - kills
if tally.wrong or answered != CLIENTS * CELLS or not kills:
    sys.exit(f"{len(tally.wrong)} wrong, {answered} of {CLIENTS * CELLS} answered, {kills} killed")
print("all answered")
