"""Looks at the porch, the folder where files wait that pages give and take. `watch`: what four pages that give without end
put there, at the most; `leave`: gives a page many files, and leaves before it has them; `left`: until nothing is there."""
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request

WHAT, TMP, PORT, TOKEN = sys.argv[1:5]


def files():
    found = {}
    for top, _, names in os.walk(TMP, onerror=lambda _: None):
        for name in names if "/porch-" in top else []:
            try:
                found[os.path.join(top, name)] = os.lstat(os.path.join(top, name)).st_size
            except OSError:
                continue
    return found


def ask(path, given=None, method=None):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/{path}", json.dumps(given).encode() if given else None,
                                     {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def watch():
    most, over = [0], threading.Event()

    def look():
        while not over.wait(0.02):
            most[0] = max(most[0], sum(files().values()))

    looker = threading.Thread(target=look)
    looker.start()
    ask("browser/evaluate", {"expression": "for (let i = 0; i < 4; i++) go('/endless'); 1"})
    for _ in range(300):
        time.sleep(0.1)
        states = [one["state"] for one in ask("browser/downloads")["downloads"] if one["name"].startswith("endless")]
        if len(states) >= 4 and set(states) == {"refused"}:
            break
    over.set()
    looker.join()
    print("states", sorted(states), "little" if 0 < most[0] < 256 << 20 else f"{most[0] >> 20} MiB")


def leave():
    ask("workspace/file", {"path": "output/large.txt", "content": "x" * 900_000}, "PUT")
    try:
        ask("browser/upload", {"selector": "#one", "timeout": 0.05, "paths": ["output/large.txt"] * 100})
    except urllib.error.HTTPError as late:
        print("left:", json.load(late)["code"])
    else:
        print("it had all of it")


def left():
    if not os.path.isdir(TMP):
        return print("there is no", TMP)
    for _ in range(200):
        if not files():
            print("nothing is left")
            return
        time.sleep(0.1)
    print(files())


{"watch": watch, "leave": leave, "left": left}[WHAT]()
