"""The worker: takes one request at a time from its socket, and answers each exactly once, whatever the user's code did. Between
cells nothing of the user's runs, and nothing that the user may have broken is used."""
import collections
import os
import threading
from time import monotonic

from . import own_builtins as __builtins__
from . import wire
from .wire import close_all

_exit, _waitpid, _getpid = os._exit, os.waitpid, os.getpid
_main_thread, _current_thread = threading.main_thread(), threading.current_thread

LEFT_BEHIND = "the kernel's own code was hit by what this cell left behind"
RESERVE = 4 << 20  # given up for the answer, when a cell has left no memory for one; costs addresses alone


class Worker:
    def __init__(self, shell, sink, output, interrupts, handlers):
        self.shell = shell
        self.sink = sink
        self.output = output
        self.interrupts = interrupts
        self.handlers = handlers
        self.channel = None
        self.life = None
        self.current = None
        self.later = collections.deque()
        self.question = 0
        self.allow_stdin = False
        self.frozen = set()
        self.forking = False
        self.leaving = False
        self.failures = 0
        self.owed = False
        self.reply = None
        self.reserve = bytearray(RESERVE)
        self.well = True
        self.epoch = 0
        self.random = None
        self.asyncio = shell.loop_runner
        self.started = monotonic()
        self.parts = None
        sink.emit = self.emit
        sink.divide = output.divide
        output.deliver = lambda: self.channel.flush()
        os.register_at_fork(after_in_child=self._forked)

    def _forked(self):
        """The user's own fork: such a child has no business with our sockets, and must not answer for us."""
        if self.forking or self.channel is None or self.channel.closed:  # closed: it is a child's child
            return
        self.channel.close()
        self.output.disconnect()
        os.close(self.life)

    # -- talking

    def emit(self, event, /, eager=True, soon=False, **fields):
        """One event. Eager: what is written to the pipes from now on comes after it, whoever writes. Soon: together with the next."""
        self.output.flush()
        sequence = self.output.next()
        self.channel.send({"event": event, "id": self.current, "seq": sequence, **fields}, soon=soon)
        if eager and not self.channel.stray:
            self.output.mark_both(sequence)

    def ask(self, event, /, **fields):
        """An event that waits for its answer. Runs inside of user code: an interrupt ends it, between two frames and never within one."""
        if self.channel.stray:
            raise RuntimeError("a fork of the kernel's process has nobody to ask")
        if _current_thread() is not _main_thread or not self.interrupts.inside:
            raise RuntimeError("only the main thread of the kernel can ask, and only in a cell")
        self.question += 1
        number = self.question
        try:
            self.emit(event, question=number, **fields)
            return self._answer(number)
        except BaseException:
            self.interrupts.calmly(lambda: self.emit("withdrawn", question=number))
            raise

    def _answer(self, number):
        answers = []
        while not answers:
            self.interrupts.calmly(self._sort, number, answers)
            self.interrupts.check()
            if not answers:
                self.interrupts.wait()
                self.interrupts.calmly(self._take)
        return answers[0]

    def _sort(self, number, answers):
        before = wire.quiet()
        try:
            self._look_for(number, answers)
        finally:
            wire.loud(before)

    def _look_for(self, number, answers):
        """What has come: the answer, requests for later, and answers that come too late."""
        while not answers and (item := self._next()) is not None:
            frame, fds = item
            if "request" in frame:
                self.later.append(item)
                continue
            close_all(fds)
            if frame.get("answer") == number:
                answers.append(frame)

    def _next(self):
        try:
            return self.channel.next()
        except wire.Closed:
            _exit(0)

    def _take(self):
        try:
            self.channel.take()
        except wire.Closed:
            _exit(0)

    # -- serving

    def run(self):
        """Two loops in two frames: what is raised on the way back of one loop is caught by the other."""
        while not self.leaving:
            try:
                self._serve()
            except SystemExit:
                if self.leaving:
                    raise
            except BaseException as no:
                self._settle_debt(no)

    def _serve(self):
        while not self.leaving:
            try:
                self._one()
            except wire.Closed:
                _exit(0)
            except BaseException as no:
                self._settle_debt(no)

    def _settle_debt(self, no):
        """Something of ours failed, by what the user has done to it; who asked still gets one answer, or sees a death."""
        self.reserve = None
        self.failures += 1
        if self.failures > 1000:
            _exit(74)
        self._try(self._mend)
        if not self.owed or self.channel.stray:
            return
        name, text = ("MemoryError", "the cell has left no memory") if isinstance(no, MemoryError) else ("KernelError", LEFT_BEHIND)
        for _ in range(100):
            try:
                if self.reply is None:
                    self._prepare({"status": "error", "error": plain_error(name, text)})
                return self._send_reply()
            except BaseException:
                continue
        _exit(74)

    def _one(self):
        frame, fds = self._request()
        self.current = frame.get("id")
        self.owed = True
        name = frame.get("request")
        handler = self.handlers.get(name) if isinstance(name, str) else None
        try:
            if handler is None:
                reply = {"status": "error", "error": plain_error("UnknownRequest", f"no such request: {str(name)[:50]}")}
            else:
                reply = self._guarded(handler, frame, fds)
        finally:
            close_all(fds)
        if self.channel.stray:
            _exit(0)
        if reply is not None:
            passed = reply.pop("fds", [])
            self._prepare(reply, passed)
            self._send_reply()
            close_all(passed)
        self._try(self._tidy)

    def _prepare(self, reply, fds=()):
        """The answer as bytes; where it is too long, or memory has run out, one that says so. What the cell wrote is in the pipes before it."""
        if not self.output.flush():
            self._try(self.output.repair)
        self.well = reply.get("status") == "ok"
        if (reply.get("error") or {}).get("name") == "MemoryError":
            self.reserve = None  # for the cell that gives some back
        head = {"event": "done", "id": self.current, "seq": self.output.next()}
        try:
            self.reply = self._packed({**head, **reply}, fds)
        except BaseException as no:
            self.reserve = None
            small = {key: value for key, value in reply.items() if type(value) in (int, float, bool)}
            why = plain_error(type(no).__name__, safe_text(no)[:1000])
            self.reply = self.channel.pack({**head, **small, "status": "error", "error": why}, fds)

    def _packed(self, frame, fds):
        """Whoever packs it stands on builtins, which the cell may have taken away: they are put back, and it is tried once more."""
        try:
            return self.channel.pack(frame, fds)
        except BaseException:
            self._try(self.parts.fill)
            return self.channel.pack(frame, fds)

    def _send_reply(self):
        self.channel.push(self.reply)
        self.owed = False
        if self.reserve is None and self.well:
            self.reserve = bytearray(RESERVE)
        self.failures = 0
        self.reply = self.current = None

    def _guarded(self, handler, frame, fds):
        try:
            return handler(self, frame, fds)
        except KeyboardInterrupt:
            return {"status": "interrupted", "error": plain_error("KeyboardInterrupt", "")}
        except BaseException as no:
            self._try(self._mend)
            return {"status": "error", "error": plain_error(type.__dict__["__name__"].__get__(type(no)), safe_text(no))}
        finally:
            if not self.channel.stray:
                self._try(self._heal)
            self.interrupts.pending = self.interrupts.begun = False

    def _request(self):
        while True:
            item = self.later.popleft() if self.later else self.channel.next()
            if item is not None and "request" in item[0]:
                self.interrupts.begun = True
                return item
            if item is None:
                self.interrupts.wait()
                self.interrupts.begun = True
                self.channel.take()
            else:
                close_all(item[1])

    def _try(self, function):
        try:
            function()
        except BaseException:
            pass

    def _mend(self):
        """After a cell that took the shell down."""
        self.interrupts.hold()
        self.parts.put_back()
        self._heal()
        self._tidy()

    def _heal(self):
        """Handlers, as the answer needs them."""
        self.interrupts.hold()
        self.interrupts.install()

    def _tidy(self):
        """What the next cell has to find, and the answer can do without: nobody waits for it."""
        self.interrupts.stop_timers()
        self.output.repair()
        self.parts.fill()
        self._reap()

    def _reap(self):
        """Checkpoints that have ended."""
        for pid in list(self.frozen):
            try:
                if _waitpid(pid, os.WNOHANG)[0]:
                    self.frozen.discard(pid)
            except ChildProcessError:
                self.frozen.discard(pid)


def safe_text(value):
    try:
        return str(value)[:10000]
    except BaseException:
        return ""


def plain_error(name, value):
    line = f"{name}: {value}" if value else name
    return {"name": name, "value": value, "traceback": [line], "plain": [line]}
