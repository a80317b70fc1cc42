"""Eight clients, and one who kills shells. usage: faults.py URL TOKEN PID-OF-HOST SEED. What is random depends on the seed alone, when it
happens on the machine as well."""
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3))
from scenario.runner import faults  # noqa: E402

URL, TOKEN, HOST, SEED = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
CLIENTS, COMMANDS = 8, 40
tally = faults.Tally()


def post(path, body):
    return faults.post(URL + path, TOKEN, body)


def judge(key, expected, status, answer):
    """Right, or killed and said so."""
    if status == 200 and answer["status"] == "completed" and answer["stdout"] == expected:
        return tally.note("completed")
    if status == 200 and answer["status"] == "killed" and answer["returncode"] == -9 and answer["reason"]:
        return tally.note("killed")
    return tally.wrong.append((key, status, answer))


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
            tally.wrong.append((key, repr(no)))


def killer(over):
    draw = random.Random(SEED)
    while not over.wait(0.02 + draw.random() * 0.05):
        faults.kill(draw, HOST, "bash", generations=1)


faults.run(CLIENTS, client, killer)
tally.show(f"seed {SEED}")
killed, answered = tally.number("killed"), tally.number("completed", "killed")
if tally.wrong or answered != CLIENTS * COMMANDS or not killed:
    sys.exit(f"{len(tally.wrong)} wrong, {answered} of {CLIENTS * COMMANDS} answered, {killed} killed")
print("all answered")
