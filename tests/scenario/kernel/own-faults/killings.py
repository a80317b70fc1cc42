"""Eight clients, three kernels, and one who kills: the plugin's own process as well. usage: killings.py URL TOKEN PID-OF-HOST SEED short|long. What
is random depends on the seed alone, when it happens on the machine as well."""
import collections
import os
import random
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3))
from scenario.runner import faults  # noqa: E402

URL, TOKEN, HOST, SEED, FORM = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
CLIENTS, DEATHS, MOST_TURNS = 8, 40 if FORM == "long" else 6, 100_000  # of the plugin's process; of a client
KERNELS = ["default", "one", "two"]
RAN = "/workspace/output/ran"
tally, completed = faults.Tally(), set()
enough = threading.Event()


def post(path, body):
    return faults.post(URL + path, TOKEN, body)


def judge(expected, key, status, answer):
    """Right, or an error that is clear."""
    if status != 200:
        known = (status, answer.get("code")) in [(503, "plugin_down"), (503, "kernel_down"), (409, "busy"), (410, "kernel_ended"), (404, "no_such_kernel")]
        if not known or not answer.get("detail"):
            tally.wrong.append((key, status, answer))
        return tally.note(f"{status} {answer.get('code')}")
    tally.note(answer["status"])
    if answer["id"] != key:
        tally.wrong.append((key, answer))
    elif answer["status"] == "completed":
        completed.add(key)
        if answer["result"] != str(expected) or answer["stdout"] != key + "\n":
            tally.wrong.append((key, answer))
    elif answer["status"] != "died" or not answer["reason"] or not answer["kernel_restarted"]:
        tally.wrong.append((key, answer))
    return None


def client(number):
    draw = random.Random(SEED * 100 + number)
    for turn in range(MOST_TURNS):
        if enough.is_set():
            return
        a, b, key = draw.randrange(1000), draw.randrange(1000), f"c{number}-{turn}"
        code = f"import time\nopen({RAN!r}, 'a').write({key!r} + '\\n')\nprint({key!r})\ntime.sleep({draw.random() * 0.1:.3f})\n{a} * {b}"
        try:
            status, answer = post(f"/kernels/{draw.choice(KERNELS)}/exec", {"code": code, "id": key, "wait": True, "timeout": 60})
            judge(a * b, key, status, answer)
        except Exception as no:  # no answer at all
            tally.wrong.append((key, repr(no)))
            continue
        if status == 404:  # with its plugin a kernel goes, and somebody makes it again
            for name in KERNELS[1:]:
                post("/kernels", {"name": name})
        elif status == 503:
            time.sleep(0.1)


def killer(_over):
    draw = random.Random(SEED)
    deaths, end = 0, time.monotonic() + 200
    while not completed and time.monotonic() < end:  # a busy machine is slow to begin
        time.sleep(0.05)
    while deaths < DEATHS and time.monotonic() < end:
        time.sleep(0.2 + draw.random())
        what = draw.choices(["plugin", "berth-zygote", "berth-worker"], [3, 1, 3])[0]
        if faults.kill(draw, HOST, what):
            tally.note("killed " + what)
            deaths += what == "plugin"
    time.sleep(1)
    enough.set()


for name in KERNELS[1:]:
    post("/kernels", {"name": name})
began = time.monotonic()
faults.run(CLIENTS, client, killer)
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
tally.show(f"seed {SEED}, {time.monotonic() - began:.1f} s")
if tally.wrong or twice or missed or tally.number("killed plugin") < DEATHS or not completed:
    sys.exit(f"{len(tally.wrong)} wrong, twice: {twice}, completed but never run: {sorted(missed)[:5]}")
print("all answered")
