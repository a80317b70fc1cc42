"""Eight clients, four kernels, and one who kills. usage: faults.py URL TOKEN PID-OF-HOST SEED [ENGINE]. What is random depends on the seed alone, when
it happens on the machine as well."""
import json
import os
import random
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

URL, TOKEN, HOST, SEED = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
ENGINE = sys.argv[5] if len(sys.argv) > 5 else "python"
OWN = ENGINE == "python"
CLIENTS, CELLS, KILLS = (8, 25, 30) if OWN else (6, 8, 8)
KERNELS = ["default", "one", "two", "three"] if OWN else ["one", "two"]
LONG = 0.05 if OWN else 0.8  # seconds that a cell takes, at the most
PACE = 0.05 if OWN else 1.5  # seconds between two kills, and up to 0.2 more: a kernel that is no fork takes its time to start
wrong, counts = [], {}
lock = threading.Lock()
over = threading.Event()


def post(path, body):
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def note(kind):
    with lock:
        counts[kind] = counts.get(kind, 0) + 1


def judge(expected, key, status, answer):
    """Right, or an error that is clear."""
    if status in (409, 503):
        return note(answer["code"])
    if status != 200 or answer["id"] != key:
        return wrong.append((status, answer))
    note(answer["status"])
    if answer["status"] == "completed":
        if answer["result"] != str(expected) or answer["stdout"] != key + "\n":
            wrong.append((key, answer))
    elif answer["status"] != "died" or not answer["reason"] or not answer["kernel_restarted"]:
        wrong.append((key, answer))
    return None


def client(number):
    draw = random.Random(SEED * 100 + number)
    for turn in range(CELLS):
        a, b, key = draw.randrange(1000), draw.randrange(1000), f"c{number}-{turn}"
        code = f"import time\nprint({key!r})\ntime.sleep({draw.random() * LONG:.3f})\n{a} * {b}"
        try:
            judge(a * b, key, *post(f"/kernels/{draw.choice(KERNELS)}/exec", {"code": code, "id": key, "wait": True, "timeout": 60}))
        except Exception as no:  # no answer at all
            wrong.append((key, repr(no)))


def ours(name):
    """Processes of that name that came of this host."""
    parents, found = {}, []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                comm, rest = file.read().split("(", 1)[1].rsplit(")", 1)
        except OSError:
            continue
        parents[int(pid)] = int(rest.split()[1])
        if comm == name:
            found.append(int(pid))
    return [pid for pid in found if HOST in (parents.get(pid), parents.get(parents.get(pid)))]


def killer():
    draw = random.Random(SEED)
    for _ in range(KILLS):
        if over.wait(PACE + draw.random() * 0.2):
            return
        name = "python3" if not OWN else "berth-zygote" if draw.random() < 0.15 else "berth-worker"
        alive = sorted(ours(name))
        if alive:
            try:
                os.kill(draw.choice(alive), signal.SIGKILL)
                note("kills")
            except ProcessLookupError:
                pass


for name in KERNELS:
    if name != "default":
        post("/kernels", {"name": name, "engine": ENGINE})
threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
killing = threading.Thread(target=killer)
began = time.monotonic()
for one in [killing, *threads]:
    one.start()
for one in threads:
    one.join()
over.set()
killing.join()
for name in KERNELS:  # each comes back by itself
    for turn in range(120):
        status, answer = post(f"/kernels/{name}/exec", {"code": "6*7", "id": f"after-{turn}", "wait": True, "timeout": 60})
        if status == 200 and answer["status"] == "completed" and answer["result"] == "42":
            break
        time.sleep(0.5)
    else:
        wrong.append((name, status, answer))
print(f"seed {SEED}, {time.monotonic() - began:.1f} s: {counts}")
answered = sum(count for kind, count in counts.items() if kind != "kills")
for one in wrong[:5]:
    print("wrong:", one)
if not wrong and answered == CLIENTS * CELLS:
    print("all answered")
else:
    sys.exit(f"{len(wrong)} wrong, {answered} of {CLIENTS * CELLS} answered")
