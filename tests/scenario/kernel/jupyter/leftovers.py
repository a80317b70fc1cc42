# However `berth kernel` ends from outside, its Unix sockets go with it: its starter is killed, it is told to end, its host is killed.
# usage: leftovers.py BERTH URL TOKEN HOST_PID
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

BERTH, URL, TOKEN, HOST = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
NAMES = ("shell", "iopub", "stdin", "control", "hb")


def within(seconds, holds):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return holds()


class Kernel:
    def __init__(self, folder):
        self.folder, self.file = folder, f"{folder}/connection.json"
        with open(self.file, "w", encoding="utf-8") as file:
            ports = {f"{name}_port": number for number, name in enumerate(NAMES, 1)}
            json.dump({"transport": "ipc", "ip": f"{folder}/s", "key": "long enough to be one", **ports}, file)
        self.environment = {**os.environ, "BERTH_TOKEN": TOKEN}

    def sockets(self):
        return [name for name in os.listdir(self.folder) if name.startswith("s-")]

    def start(self, middle=()):
        command = [*middle, BERTH, "kernel", "-f", self.file, "--url", URL]
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)
        if not within(60, lambda: len(self.sockets()) == len(NAMES)):
            sys.exit(f"it does not serve: {self.sockets()}")
        return child


def expect_clear(kernel, how):
    if not within(30, lambda: not kernel.sockets()):
        sys.exit(f"{how}: left behind: {kernel.sockets()}")
    print(how)


def ended(kernel, how, *numbers):
    for number in numbers:
        child = kernel.start()
        child.send_signal(number)
        child.wait(30)
        expect_clear(kernel, f"{how} {number}")


def orphaned(kernel):
    # The one in the middle is Jupyter to the kernel, and waits for it.
    middle = ["sh", "-c", 'JPY_PARENT_PID=$$ "$@"; true', "starter"]
    child = kernel.start(middle)
    child.send_signal(signal.SIGKILL)
    child.wait(30)
    expect_clear(kernel, "orphaned")


with tempfile.TemporaryDirectory() as room:
    one = Kernel(room)
    ended(one, "told", signal.SIGTERM, signal.SIGHUP)
    orphaned(one)
    last = one.start()
    os.kill(HOST, signal.SIGKILL)
    last.wait(30)
    expect_clear(one, "without a host")
