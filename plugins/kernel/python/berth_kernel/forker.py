"""What waits on a socket and forks workers on order: the zygote, and each frozen checkpoint. One mechanism: a reset or a restore is a
fork order to a checkpoint, a new kernel one to the zygote. Runs no user code, starts no thread, and no order, however broken, ends it."""
import os
import select
import signal
import sys

from . import wire
from .confine import Refused

NAMES = ("work", "out", "err", "life")


class Order:
    """What a forked child is to become."""

    def __init__(self, number, config, fds, ticket):
        self.number = number
        self.config = config
        self.fds = dict(zip(NAMES, fds))
        self.ticket = ticket
        self.writer = self.confine = self.tell = self.done = None


class Forker:
    def __init__(self, fd, confine=None, about=None):
        self.orders = wire.Orders(fd)
        self.confine = confine
        self.about = about or (lambda: {})
        self.workers = set()
        self._own = os.getpid()
        self.forking = lambda: None
        self.handlers = {"fork": self._fork, "ping": self._ping, "end": self._end}

    def serve(self):
        """Returns in a forked child only, with its Order; otherwise the process ends here."""
        wake, self._woken = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        before = signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        handler = signal.signal(signal.SIGCHLD, lambda *_: None)
        poll = select.poll()
        poll.register(self.orders.socket.fileno(), select.POLLIN)
        poll.register(wake, select.POLLIN)
        try:
            while True:
                order = self._turn(poll, wake)
                if order is not None:
                    return order
        finally:
            signal.set_wakeup_fd(before)
            signal.signal(signal.SIGCHLD, handler)
            os.close(wake)
            os.close(self._woken)

    def _turn(self, poll, wake):
        try:
            for fd, _ in poll.poll():
                if fd == wake:
                    os.read(wake, 4096)
                    self.reap()
                else:
                    return self._one()
        except wire.Closed:
            os._exit(0)
        except BlockingIOError:
            pass
        return None

    def _one(self):
        order, fds = self.orders.receive()
        number = order.get("n")
        try:
            if "bad" in order:
                raise Refused(order["bad"])
            handler = self.handlers.get(order.get("order"))
            if handler is None:
                raise Refused(f"no such order: {str(order.get('order'))[:50]!r}; there are: {', '.join(self.handlers)}")
            return handler(number, order, fds)
        except (Refused, OSError, TypeError, ValueError, MemoryError) as no:
            self.orders.send({"n": number, "ok": False, "error": f"{no}"[:500] or type(no).__name__})
            return None
        finally:
            if os.getpid() == self._own:
                for fd in fds:
                    os.close(fd)

    def _fork(self, number, order, fds):
        config = order.get("config")
        if not isinstance(config, dict) or len(fds) < len(NAMES):
            raise Refused("fork wants a config and the descriptors " + ", ".join(NAMES) + ", then those of a ticket")
        rest = fds[len(NAMES) :]
        if rest and self.confine is None:
            raise Refused("a checkpoint is in its jail already and takes no ticket")
        made = Order(number, config, fds, self.confine.ticket(rest) if rest else None)
        aimed = self.confine.aim(made.ticket) if made.ticket else True
        reader, writer = os.pipe2(os.O_CLOEXEC)
        self.forking()
        try:
            pid = os.fork()
        finally:
            if os.getpid() == self._own and made.ticket and aimed:
                self.confine.come_back()
        if pid == 0:
            return self._become(made, writer)
        os.close(writer)
        return self._forked(number, pid, reader, aimed)

    def _become(self, made, writer):
        os.set_inheritable(writer, False)
        self.orders.socket.close()
        made.writer, made.confine = writer, self.confine
        made.tell = lambda pid: os.write(writer, b"%d\n" % pid)
        made.done = lambda: os.close(writer)
        return made

    def _forked(self, number, pid, reader, aimed):
        if not aimed:
            with os.fdopen(reader) as file:
                text = file.readline()
            os.waitpid(pid, 0)
            if not text:
                raise Refused("the worker did not get into its jail; its socket says why")
            pid = int(text)
        else:
            os.close(reader)
        self.workers.add(pid)
        handle = os.pidfd_open(pid)
        self.orders.send({"n": number, "ok": True, "pid": pid}, [handle])
        os.close(handle)

    def _ping(self, number, _order, _fds):
        self.orders.send({"n": number, "ok": True, "pid": os.getpid(), "workers": len(self.workers), **self.about()})

    def _end(self, number, _order, _fds):
        self.orders.send({"n": number, "ok": True})
        sys.stdout.flush()
        os._exit(0)

    def reap(self):
        """Children, and what they left behind: the zygote is the reaper of all."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self.workers:
                self.workers.discard(pid)
                code = os.waitstatus_to_exitcode(status)
                self.orders.send({"event": "death", "pid": pid, "code": code if code >= 0 else None, "signal": -code if code < 0 else None})
