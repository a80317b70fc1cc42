"""For the programs of scenarios in which clients ask while somebody kills at random: what they ask, what came of it, whom they kill."""
import json
import os
import signal
import threading
import urllib.error
import urllib.request


def post(url, token, body):
    """The status, and the answer."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


class Tally:
    """How often each thing came about, and what should not have."""

    def __init__(self):
        self.counts, self.wrong = {}, []
        self._lock = threading.Lock()

    def note(self, kind):
        with self._lock:
            self.counts[kind] = self.counts.get(kind, 0) + 1

    def number(self, *kinds):
        return sum(self.counts.get(kind, 0) for kind in kinds)

    def show(self, head):
        print(f"{head}: {dict(sorted(self.counts.items()))}")
        for one in self.wrong[:5]:
            print("wrong:", one)


def _processes():
    """(pid, parent, name); a plugin's own process is `plugin`."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                name, rest = file.read().split("(", 1)[1].rsplit(")", 1)
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                plugin = b"plugin-host" in file.read().split(b"\0")
        except OSError:
            continue
        yield int(pid), int(rest.split()[1]), "plugin" if plugin else name


def kill(draw, host, name, generations=2):
    """Kills one of that name that came of the host: its child, or the child of one. True: there was one."""
    all_there_are = list(_processes())
    kin, found = {host}, []
    for _ in range(generations):
        kin = {pid for pid, parent, _ in all_there_are if parent in kin}
        found += [pid for pid, _, called in all_there_are if pid in kin and called == name]
    if not found:
        return False
    try:
        os.kill(draw.choice(sorted(found)), signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def run(clients, client, killer):
    """client(number) for each of them, and killer(over) beside them; `over` is set when all clients are through."""
    over = threading.Event()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    killing = threading.Thread(target=killer, args=(over,))
    for one in [killing, *threads]:
        one.start()
    for one in threads:
        one.join()
    over.set()
    killing.join()
