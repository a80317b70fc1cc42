"""Looks at terminals over WebSockets. usage: viewers.py PORT TOKEN. Prints `all seen` if all was as it should be."""
import json
import os
import socket
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
from scenario.runner import frames  # noqa: E402

PORT, TOKEN = int(sys.argv[1]), sys.argv[2]
PATIENCE = 60


def post(path, body):
    request = urllib.request.Request(f"http://localhost:{PORT}{path}", json.dumps(body).encode(),
                                     {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


class Viewer:
    """One WebSocket. What it was shown is in `seen`; each text must be whole characters."""

    def __init__(self, query, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", PORT))
        self.socket.settimeout(PATIENCE)
        self.inbox, self.texts, self.closed = b"", [], None
        key = frames.new_key()
        self.socket.sendall(f"GET /terminal?{query} HTTP/1.1\r\nHost: localhost:{PORT}\r\nAuthorization: Bearer {TOKEN}\r\n"
                            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode())
        while b"\r\n\r\n" not in self.inbox:
            self.inbox += self.socket.recv(4096)
        head, _, self.inbox = self.inbox.partition(b"\r\n\r\n")
        assert b" 101 " in head, head

    def take(self, count):
        while len(self.inbox) < count:
            data = self.socket.recv(1 << 16)
            if not data:
                raise EOFError("the host closed the connection")
            self.inbox += data
        taken, self.inbox = self.inbox[:count], self.inbox[count:]
        return taken

    def send(self, frame):
        self.socket.sendall(frame)

    def type(self, text, kind="text"):
        self.send(frames.build(frames.OPCODES[kind], text.encode()))

    def next(self):
        opcode, final, payload = frames.read_frame(self)
        if opcode == frames.OPCODES["ping"]:
            return self.send(frames.build(frames.OPCODES["pong"], payload))
        if opcode == frames.OPCODES["close"]:
            self.closed = (int.from_bytes(payload[:2], "big"), payload[2:].decode())
            return None
        assert opcode in (frames.OPCODES["text"], 0), opcode
        self.parts = (b"" if opcode else self.parts) + payload
        if final:
            self.texts.append(self.parts.decode())  # strictly
        return None

    @property
    def seen(self):
        return "".join(self.texts)

    def forget(self):
        self.texts = []

    def until(self, text):
        end, new = time.monotonic() + PATIENCE, self.seen
        while text not in new:
            assert time.monotonic() < end and self.closed is None, (text, self.seen[-300:], self.closed)
            count = len(self.texts)
            self.next()
            new = new[-len(text):] + "".join(self.texts[count:])

    def until_closed(self):
        while self.closed is None:
            self.next()
        return self.closed

    def leave(self):
        self.socket.close()


def typed_and_shown():
    one = Viewer("rows=30&columns=100")
    one.type("echo [$((6*7))]\r")
    one.until("[42]")
    one.type("stty size\r")
    one.until("30 100")
    post("/terminals/default/resize", {"rows": 40, "columns": 120})
    one.type("stty size\r", "binary")
    one.until("40 120")
    one.type("echo '<é中😀>' | tr '<>' '{}'\r")
    one.until("{é中😀}")
    one.type("sh -c 'echo go\"\"ing; exec sleep 60'\r")  # what says so is what is to be interrupted
    one.until("going")
    one.forget()
    one.type("\x03")
    one.until("$ ")
    one.type("echo code $?.\r")
    one.until("code 130.")
    one.type("kept=still\r")
    return one


def several(one):
    two, looks = Viewer("terminal=default"), Viewer("view=true")
    for viewer in (two, looks):
        viewer.until("code 130.")  # what was shown before they came
    looks.type("echo never\r")
    two.type("echo from $((1+1)).\r")
    for viewer in (one, two, looks):
        viewer.until("from 2.")
        assert "never" not in viewer.seen
    one.leave()
    two.leave()
    looks.leave()
    back = Viewer("")
    back.until("from 2.")
    back.type("echo [$kept]\r")
    back.until("[still]")
    return back


def whole_characters(one):
    one.type("clear; for i in {1..400}; do printf '中é😀%.0s' {1..50}; printf '\\xff\\xe4'; done; echo; echo fi''n\r")
    one.until("fin")
    assert one.seen.count("中é😀") >= 400 * 50, one.seen.count("中é😀")
    assert one.seen.count("\ufffd") >= 400


def slow_ones(one):
    slow = Viewer("", receive_buffer=4096)
    one.forget()
    one.type("seq 1 1000000; echo fi''nished\r")
    one.until("finished")
    assert "\r\n500000\r\n" in one.seen and "\r\n1000000\r\n" in one.seen  # the quick one has all of it
    slow.until("finished")
    assert "\x1bc" in slow.seen and "\r\n1000000\r\n" in slow.seen  # the slow one the end of it, on a new screen
    slow.leave()


def alone_and_slow(one):
    """Nobody else looks: the program waits, and nothing is lost."""
    one.leave()
    alone = Viewer("", receive_buffer=4096)
    alone.type("echo; seq 1 200000; echo fi''nal\r")
    time.sleep(1)
    alone.until("final")
    lines = alone.seen[alone.seen.rindex("\n1\r\n") + 1:].splitlines()
    assert lines[:200000] == [str(number) for number in range(1, 200001)], lines[:5]
    alone.type("yes\r")
    time.sleep(1)
    alone.leave()  # it may have waited for this one: now it goes on by itself
    back = Viewer("")
    back.until("y\r\ny\r\n")
    back.forget()
    back.type("\x03")
    back.until("$ ")
    back.type("echo ca''lm\r")
    back.until("calm")
    return back


def held(one):
    """All who look are behind, so the program stands still; until one comes who is not."""
    one.leave()
    slow = Viewer("", receive_buffer=4096)
    slow.type("yes\r")
    end, before, now = time.monotonic() + PATIENCE, -1, 0
    while before != now:
        assert time.monotonic() < end
        time.sleep(1)
        before, now = now, post("/terminals", {})["output_bytes"]
    quick = Viewer("")
    quick.until("y\r\n" * 300_000)
    assert post("/terminals", {})["viewers"] == 2  # not because the slow one was let go
    quick.forget()
    quick.type("\x03")
    quick.until("$ ")
    slow.leave()
    return quick


def asked_once(one):
    """What a program asks of the terminal is not asked of those who come later."""
    one.type("printf '\\033[c\\033[6n'; echo as''ked\r")
    one.until("asked")
    assert "\x1b[c" in one.seen and "\x1b[6n" in one.seen
    late = Viewer("view=true")
    late.until("asked")
    assert "\x1b[c" not in late.seen and "\x1b[6n" not in late.seen
    late.leave()


def the_end(one):
    """Who is behind is given the rest before his socket is closed."""
    other, slow = Viewer("view=true"), Viewer("view=true", receive_buffer=4096)
    one.forget()
    one.type("seq 1 1000000; echo the la''st\r")
    one.until("the last")
    one.type("exit 3\r")
    for viewer in (one, other, slow):
        code, reason = viewer.until_closed()
        assert code == 1000 and "exit code 3" in reason, (code, reason)
        assert "\r\n1000000\r\nthe last\r\n" in viewer.seen, viewer.seen[-300:]
        viewer.leave()
    assert "\x1bc" in slow.seen
    new = Viewer("")
    new.type("echo [$kept]\r")
    new.until("[]")
    new.leave()


first = typed_and_shown()
first = several(first)
whole_characters(first)
slow_ones(first)
first = held(alone_and_slow(first))
asked_once(first)
the_end(first)
print("all seen")
