"""What the C++ plugin will be, in Python and for tests only: holds the other ends of a zygote's and a worker's sockets and pipes, and puts
what comes out of three of them into one order. The rules are those of plugins/kernel/python/README.md."""
import array
import json
import os
import secrets
import select
import signal
import socket
import struct
import subprocess
import time

from results import Pipe, Result

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
START = os.path.join(ROOT, "plugins/kernel/python/start.py")
PATIENCE = 60


class Gone(Exception):
    """The process at the other end has ended."""


def receive(sock, size, flags=0):
    """socket.recv_fds, which forgets its flags in 3.11."""
    data, ancillary, _, _ = sock.recvmsg(size, socket.CMSG_SPACE(32), flags | socket.MSG_CMSG_CLOEXEC)
    fds = array.array("i")
    for level, kind, part in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            fds.frombytes(part)
    return data, list(fds)


class Orders:
    """An order socket: of the zygote, or of a checkpoint."""

    def __init__(self, mine):
        self.socket = mine
        self.number = 0
        self.deaths = {}

    def send(self, data, fds=()):
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds).tobytes())] if fds else []
        try:
            self.socket.sendmsg([data], rights)
        except OSError:
            raise Gone from None

    def receive(self):
        if not select.select([self.socket], [], [], PATIENCE)[0]:
            raise TimeoutError("no answer to an order")
        try:
            data, fds = receive(self.socket, 1 << 20)
        except ConnectionResetError:
            raise Gone from None
        if not data:
            raise Gone
        return json.loads(data), fds

    def order(self, order, fds=(), **fields):
        self.number += 1
        self.send(json.dumps({"n": self.number, "order": order, **fields}).encode(), fds)
        return self.answer()

    def answer(self):
        """The next message that is no death."""
        while True:
            answer, got = self.receive()
            if answer.get("event") != "death":
                return answer, got
            self.deaths[answer["pid"]] = answer

    def fork(self, ticket=(), **config):
        return Kernel(self, ticket, config)

    def death(self, pid):
        while pid not in self.deaths:
            answer, _ = self.receive()
            self.deaths[answer["pid"]] = answer
        return self.deaths[pid]

    def close(self):
        self.socket.close()


class Zygote(Orders):
    def __init__(self, python="/usr/bin/python3", env=None, **config):
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(mine)
        self.process = subprocess.Popen([python, START, str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=env)
        theirs.close()
        self.about, _ = self.order("start", config=config)
        if not self.about["ok"]:
            raise Gone(self.about["error"])

    def close(self):
        super().close()
        self.process.wait(PATIENCE)


class Kernel:
    def __init__(self, orders, ticket, config):
        self.orders = orders
        token = secrets.token_hex(16)
        self.socket, work = socket.socketpair()
        out, out_theirs = os.pipe()
        err, err_theirs = os.pipe()
        life_theirs, self.life = os.pipe()
        theirs = [work.fileno(), out_theirs, err_theirs, life_theirs]
        try:
            answer, fds = orders.order("fork", [*theirs, *ticket], config={"token": token, **config})
        finally:
            work.close()
            for fd in theirs[1:]:
                os.close(fd)
        self.pipes = {"stdout": Pipe(out, token.encode()), "stderr": Pipe(err, token.encode())}
        self.bytes, self.fds, self.frames, self.held = b"", [], [], []
        self.serial, self.queue, self.unsettled = 0, [], False
        self.shell = {}  # the session's shell: what answers each of its operations; none: there is no such plugin
        if not answer["ok"]:
            raise Gone(answer["error"])
        self.pid, self.pidfd = answer["pid"], fds[0]
        self.ready = self.wait_for(lambda event: event["event"] in ("ready", "failed"))[-1]
        if self.ready["event"] == "failed":
            raise Gone(self.ready["error"])

    # -- reading

    def _read_socket(self):
        alive = True
        while True:
            try:
                data, fds = receive(self.socket, 1 << 18, socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            except ConnectionResetError:
                data, fds = b"", []
            self.fds += fds
            alive = bool(data)
            if not alive:
                break
            self.bytes += data
        while len(self.bytes) >= 4 and len(self.bytes) >= 4 + struct.unpack("<I", self.bytes[:4])[0]:
            length = struct.unpack("<I", self.bytes[:4])[0]
            frame = json.loads(self.bytes[4 : 4 + length].decode("utf-8"))
            self.bytes = self.bytes[4 + length :]
            if "fds" in frame:
                frame["fds"], self.fds = self.fds[: frame["fds"]], self.fds[frame["fds"] :]
            self.frames.append(frame)
        return alive

    def _read_pipes(self):
        return [(number, {"event": name, "data": data}) for name, pipe in self.pipes.items() for number, data in pipe.read()]

    def pump(self):
        """What can be told now, in order; Gone when the worker is and all is told. An event is sent before the mark that bears its number, and
        after what was written before it: so all that the pipes have is read before the socket, and again after it."""
        told = []
        while True:
            early = self.held + self._read_pipes()
            alive = self._read_socket()
            late = self._read_pipes()
            ended = not alive or any(frame["event"] == "done" for frame in self.frames)
            if ended:
                late += [(pipe.number, {"event": name, "data": pipe.take_rest()}) for name, pipe in self.pipes.items() if pipe.rest]
            last = max([0] + [frame.get("seq", 0) for frame in self.frames])
            items = early + [(frame["seq"] - 0.5 if "seq" in frame else -1, frame) for frame in self.frames]
            items += [one for one in late if one[0] < last or not alive]
            self.held = [one for one in late if not (one[0] < last or not alive)]
            self.frames = []
            told += [item for _, item in sorted(items, key=lambda one: one[0])]
            if not self.held:
                break
        if not alive and not told:
            raise Gone
        return told

    def wait_for(self, enough, react=None, seconds=PATIENCE):
        """All events until one is enough."""
        found = []
        end = time.monotonic() + seconds
        poll = select.poll()
        for fd in (self.socket.fileno(), *(pipe.fd for pipe in self.pipes.values())):
            poll.register(fd, select.POLLIN)
        while True:
            while self.queue:
                item = self.queue.pop(0)
                found.append(item)
                if item["event"] == "call" and item["operation"].startswith("shell."):
                    self._answer_shell(item)
                elif react:
                    react(item)
                if enough(item):
                    return found
            for fd, event in poll.poll(max(0, end - time.monotonic()) * 1000) or [(None, None)]:
                if fd is None:
                    raise TimeoutError(f"waited {seconds} s; so far: {found[-20:]}")
                if event & select.POLLHUP and not event & select.POLLIN and fd != self.socket.fileno():
                    poll.unregister(fd)
            self.queue += self.pump()

    # -- asking

    def _answer_shell(self, event):
        answer = self.shell.get(event["operation"])
        none = {"ok": False, "error": {"status": 404, "code": "not_found", "message": "there is no operation " + event["operation"], "hint": ""}}
        self.send({"answer": event["question"], **(answer(event["input"]) if answer else none)})

    def send(self, frame, fds=()):
        data = json.dumps({**frame, "fds": len(fds)} if fds else frame).encode()
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds).tobytes())] if fds else []
        try:
            self.socket.sendmsg([struct.pack("<I", len(data)) + data], rights)
        except OSError:
            raise Gone from None

    def settle(self):
        """After an interrupt: whatever of it has not come yet comes to this ping, and not to the next cell."""
        if self.unsettled:
            self.unsettled = False
            self.send({"request": "ping", "id": "settle"})
            self.wait_for(lambda event: event["event"] == "done" and event["id"] == "settle")

    def request(self, request, react=None, fds=(), **fields):
        self.settle()
        self.serial += 1
        self.send({"request": request, "id": self.serial, **fields}, fds)
        result = Result()
        result.events = self.wait_for(lambda event: event["event"] == "done" and event["id"] == self.serial, react)
        result.done = result.events.pop()
        return result

    def execute(self, code, react=None, **fields):
        return self.request("execute", react, code=code, **fields)

    def begin(self, code, **fields):
        """Starts a cell; finish() waits for its end."""
        self.settle()
        self.serial += 1
        self.send({"request": "execute", "id": self.serial, "code": code, **fields})

    def finish(self, react=None):
        result = Result()
        result.events = self.wait_for(lambda event: event["event"] == "done" and event["id"] == self.serial, react)
        result.done = result.events.pop()
        return result

    def interrupt(self):
        self.unsettled = True
        signal.pidfd_send_signal(self.pidfd, signal.SIGINT)

    def freeze(self, **fields):
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            result = self.request("freeze", fds=[theirs.fileno()], **fields)
        if result.status != "ok":
            mine.close()
            return None, result
        return Orders(mine), result

    def kill(self):
        try:
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def close(self):
        self.kill()
        self.socket.close()
        for fd in (self.life, self.pidfd, *(pipe.fd for pipe in self.pipes.values())):
            os.close(fd)


def why_not(python="/usr/bin/python3"):
    """Why the tests cannot run here, or nothing."""
    done = subprocess.run([python, "-c", "import IPython, sys; sys.exit(sys.version_info < (3, 11))"], capture_output=True, check=False)
    return "" if done.returncode == 0 else f"{python} has no IPython, or is older than 3.11: scripts/setup --with kernel"


