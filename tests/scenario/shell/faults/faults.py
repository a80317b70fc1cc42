"""Eight clients, and one who kills shells. usage: faults.py URL TOKEN PID-OF-HOST SEED. What is random depends on the seed alone, when it
happens on the machine as well."""
import json
import os
import random
import signal
import sys
import threading
import urllib.error
import urllib.request

URL, TOKEN, HOST, SEED = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
CLIENTS, COMMANDS = 8, 40
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


def judge(key, expected, status, answer):
    """Right, or killed and said so."""
    if status == 200 and answer["status"] == "completed" and answer["stdout"] == expected:
        return note("completed")
    if status == 200 and answer["status"] == "killed" and answer["returncode"] == -9 and answer["reason"]:
        return note("killed")
    return wrong.append((key, status, answer))


def client(number):
    draw = random.Random(SEED * 100 + number)
    for turn in range(COMMANDS):
        a, b, key = draw.randrange(1000), draw.randrange(1000), f"c{number}-{turn}"
        command = f"echo {key}; sleep {draw.random() * 0.05:.3f}; echo $(({a} * {b}))"
        try:
            if draw.random() < 0.3:
                _, begun = post("/shell", {"command": command, "background": True})
                status, answer = post(f"/processes/{begun['id']}/wait", {"timeout": 60})
            else:
                status, answer = post("/shell", {"command": command, "timeout": 60})
            judge(key, f"{key}\n{a * b}\n", status, answer)
        except Exception as no:  # no answer at all
            wrong.append((key, repr(no)))


def shells():
    """Those that this host started."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                name, rest = file.read().split("(", 1)[1].rsplit(")", 1)
        except OSError:
            continue
        if name == "bash" and int(rest.split()[1]) == HOST:
            yield int(pid)


def killer():
    draw = random.Random(SEED)
    while not over.wait(0.02 + draw.random() * 0.05):
        alive = sorted(shells())
        if alive:
            try:
                os.kill(draw.choice(alive), signal.SIGKILL)
                note("kills")
            except ProcessLookupError:
                pass


threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
killing = threading.Thread(target=killer)
for one in [killing, *threads]:
    one.start()
for one in threads:
    one.join()
over.set()
killing.join()
print(f"seed {SEED}: {counts}")
answered = counts.get("completed", 0) + counts.get("killed", 0)
for one in wrong[:5]:
    print("wrong:", one)
if not wrong and answered == CLIENTS * COMMANDS and counts.get("killed"):
    print("all answered")
else:
    sys.exit(f"{len(wrong)} wrong, {answered} of {CLIENTS * COMMANDS} answered")
