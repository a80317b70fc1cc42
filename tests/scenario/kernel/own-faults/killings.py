"""Eight clients, three kernels, and one who kills: the plugin's own process as well. usage: killings.py URL TOKEN PID-OF-HOST SEED short|long. What
is random depends on the seed alone, when it happens on the machine as well."""
import collections
import json
import os
import random
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

URL, TOKEN, HOST, SEED, FORM = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
CLIENTS, DEATHS, MOST_TURNS = 8, 40 if FORM == "long" else 6, 100_000  # of the plugin's process; of a client
KERNELS = ["default", "one", "two"]
RAN = "/workspace/output/ran"
wrong, counts, completed = [], {}, set()
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
    if status != 200:
        known = (status, answer.get("code")) in [(503, "plugin_down"), (503, "kernel_down"), (409, "busy"), (410, "kernel_ended"), (404, "no_such_kernel")]
        if not known or not answer.get("detail"):
            wrong.append((key, status, answer))
        return note(f"{status} {answer.get('code')}")
    note(answer["status"])
    if answer["id"] != key:
        wrong.append((key, answer))
    elif answer["status"] == "completed":
        completed.add(key)
        if answer["result"] != str(expected) or answer["stdout"] != key + "\n":
            wrong.append((key, answer))
    elif answer["status"] != "died" or not answer["reason"] or not answer["kernel_restarted"]:
        wrong.append((key, answer))
    return None


def client(number):
    draw = random.Random(SEED * 100 + number)
    for turn in range(MOST_TURNS):
        if over.is_set():
            return
        a, b, key = draw.randrange(1000), draw.randrange(1000), f"c{number}-{turn}"
        code = f"import time\nopen({RAN!r}, 'a').write({key!r} + '\\n')\nprint({key!r})\ntime.sleep({draw.random() * 0.1:.3f})\n{a} * {b}"
        try:
            status, answer = post(f"/kernels/{draw.choice(KERNELS)}/exec", {"code": code, "id": key, "wait": True, "timeout": 60})
            judge(a * b, key, status, answer)
        except Exception as no:  # no answer at all
            wrong.append((key, repr(no)))
            continue
        if status == 404:  # with its plugin a kernel goes, and somebody makes it again
            for name in KERNELS[1:]:
                post("/kernels", {"name": name})
        elif status == 503:
            time.sleep(0.1)


def processes():
    """Those that came of this host: (what, pid)."""
    parents, names = {}, {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                name, rest = file.read().split("(", 1)[1].rsplit(")", 1)
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                plugin = b"plugin-host" in file.read().split(b"\0")
        except OSError:
            continue
        parents[int(pid)] = int(rest.split()[1])
        names[int(pid)] = "plugin" if plugin else name
    return sorted((names[pid], pid) for pid, parent in parents.items() if HOST in (parent, parents.get(parent)))


def kill(name, draw):
    alive = [pid for what, pid in processes() if what == name]
    if not alive:
        return False
    try:
        os.kill(draw.choice(alive), signal.SIGKILL)
    except ProcessLookupError:
        return False
    note("killed " + name)
    return True


def killer():
    draw = random.Random(SEED)
    deaths, end = 0, time.monotonic() + 200
    while deaths < DEATHS and time.monotonic() < end:
        time.sleep(0.2 + draw.random())
        what = draw.choices(["plugin", "berth-zygote", "berth-worker"], [3, 1, 3])[0]
        deaths += kill(what, draw) and what == "plugin"
    time.sleep(1)
    over.set()


for name in KERNELS[1:]:
    post("/kernels", {"name": name})
threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
killing = threading.Thread(target=killer)
began = time.monotonic()
for one in [killing, *threads]:
    one.start()
for one in [killing, *threads]:
    one.join()
for turn in range(120):  # it comes back by itself
    status, answer = post("/exec", {"code": f"print(open({RAN!r}).read())", "id": f"after-{turn}", "wait": True, "timeout": 60})
    if status == 200 and answer["status"] == "completed":
        break
    time.sleep(0.5)
else:
    sys.exit(f"it does not come back: {status} {answer}")
ran = answer["stdout"].split()
twice = sorted(key for key, times in collections.Counter(ran).items() if times > 1)
missed = completed - set(ran)
print(f"seed {SEED}, {time.monotonic() - began:.1f} s: {dict(sorted(counts.items()))}")
for one in wrong[:5]:
    print("wrong:", one)
if wrong or twice or missed or counts.get("killed plugin", 0) < DEATHS or not completed:
    sys.exit(f"{len(wrong)} wrong, twice: {twice}, completed but never run: {sorted(missed)[:5]}")
print("all answered")
