"""Kills the browser, and processes of it, while clients use it: each call has to end in an answer or a clear error."""
import json
import os
import random
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

PORT, TOKEN, HOST = sys.argv[1:4]
ROUNDS, CLIENTS = 6, 4
FAIR = {"browser_gone", "browser_down", "tab_gone", "tab_crashed", "browser_refused", "timeout", "no_tab", "script_failed"}
over = threading.Event()
wrong, answers = [], [0]


def ask(path, **given):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/browser/{path}", json.dumps(given).encode() if given else None,
                                     {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        return json.load(refused)


def client(number):
    chance = random.Random(number)
    while not over.is_set():
        n = chance.randrange(1000)
        said = ask("evaluate", expression=f"{n} + 1", timeout=20)
        answers[0] += 1
        if said.get("value") != n + 1 and said.get("code") not in FAIR:
            wrong.append(said)
        time.sleep(0.02)


def descendants(of):
    found, parents = [], {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                    parents[int(entry)] = int(file.read().rpartition(")")[2].split()[1])
            except OSError:
                continue
    for pid in parents:
        up = pid
        while up in parents and up != of:
            up = parents[up]
        if up == of and pid != of:
            found.append(pid)
    return found


def is_browser(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return b"chromium" in file.read().split(b"\0")[0]
    except OSError:
        return False


def is_first(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return b"--type=" not in file.read()


def twice():
    """Again while it brings back what its sessions had."""
    for pause in 0.2, 0.35, 0.5, 0.7:
        for wait in pause, 2:
            for pid in descendants(int(HOST)):
                try:
                    if is_browser(pid) and is_first(pid):
                        os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            time.sleep(wait)


def main():
    chance = random.Random(7)
    clients = [threading.Thread(target=client, args=(i,)) for i in range(CLIENTS)]
    for one in clients:
        one.start()
    for _ in range(ROUNDS):
        time.sleep(1 + chance.random())
        browsers = [pid for pid in descendants(int(HOST)) if is_browser(pid)]
        if browsers:
            try:
                os.kill(chance.choice(browsers), signal.SIGKILL)
            except OSError:
                pass
    time.sleep(1)
    over.set()
    for one in clients:
        one.join(90)
    if wrong or any(one.is_alive() for one in clients):
        print("wrong:", wrong[:3], "hung:", sum(one.is_alive() for one in clients))
        sys.exit(1)
    twice()
    print(f"every call has an answer ({answers[0]})")


if __name__ == "__main__":
    main()
