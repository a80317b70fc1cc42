"""What waits on a socket and forks workers on order: the zygote, and each frozen checkpoint. One mechanism: a reset or a restore is a
fork order to a checkpoint, a new kernel one to the zygote. Runs no user code, starts no thread, and no order, however broken, ends it."""
import collections
import os
import select
import signal
import time

from . import process, wire
from .children import end_leaderless, sweep
from .confine import Refused
from .wire import close_all

NAMES = ("work", "out", "err", "life")
PAUSES = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64)  # seconds
LEAVING = 5.0  # seconds that those who were killed may take to leave


class Order:
    """What a forked child is to become."""

    def __init__(self, config, fds, ticket):
        self.config = config
        self.fds = dict(zip(NAMES, fds))
        self.ticket = ticket
        self.writer = self.confine = self.tell = self.done = None


_IGNORED = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)


class Forker:
    def __init__(self, fd, confine=None):
        self.orders = wire.Orders(fd)
        self.confine = confine
        self.workers = set()
        self.dead = collections.deque(maxlen=64)
        self.leaving = collections.deque(maxlen=64)  # groups that were killed
        self.handlers = {"fork": self._fork, "ping": self._ping, "end": self._end}

    def serve(self):
        """Returns in a forked child only, with its Order; otherwise the process ends here. It is told to end by its socket, and not by a terminal."""
        wake, woken = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        for number in _IGNORED:
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        poll = select.poll()
        poll.register(self.orders.socket.fileno(), select.POLLIN)
        poll.register(wake, select.POLLIN)
        order = None
        while order is None:
            order = self._turn(poll, wake)
        signal.set_wakeup_fd(-1)
        for number in (*_IGNORED, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.close(wake)
        os.close(woken)
        return order

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
        number = number if type(number) is int else str(number)[:100]
        try:
            if "bad" in order:
                raise Refused(order["bad"])
            name = order.get("order")
            handler = self.handlers.get(name) if isinstance(name, str) else None
            if handler is None:
                raise Refused(f"no such order: {str(name)[:50]!r}; there are: {', '.join(self.handlers)}")
            become = handler(number, order, fds)
        except (Refused, OSError, TypeError, ValueError, MemoryError) as no:
            become = None
            self.orders.send({"n": number, "ok": False, "error": f"{no}"[:500] or type(no).__name__})
        if become is None:
            close_all(fds)
        return become

    def _fork(self, number, order, fds):
        config = order.get("config")
        if not isinstance(config, dict) or len(fds) < len(NAMES):
            raise Refused("fork wants a config and the descriptors " + ", ".join(NAMES) + ", then those of a ticket")
        rest = fds[len(NAMES) :]
        if rest and self.confine is None:
            raise Refused("a checkpoint is in its jail already and takes no ticket")
        made = Order(config, fds, self.confine.ticket(rest) if rest else None)
        reader, writer = os.pipe2(os.O_CLOEXEC)
        try:
            aimed = self.confine.aim(made.ticket) if made.ticket else True
            pid = self._split(made.ticket and aimed)
        except BaseException:
            close_all((reader, writer))
            raise
        if pid == 0:
            return self._become(made, reader, writer)
        os.close(writer)
        return self._forked(number, pid, reader, aimed)

    def _split(self, aimed):
        """Who is who is said by fork alone: a pid may be the same in two process namespaces."""
        try:
            pid = self._find_place()
        except OSError:
            if aimed:
                self.confine.come_back()
            raise
        if pid and aimed:
            self.confine.come_back()
        return pid

    def _find_place(self):
        """Whoever has ended has a place until it is reaped. After a fork bomb those are all that there are, and a reset's order comes before their end:
        so they are waited for as long as there are some, within a bound."""
        pauses, last = iter(PAUSES), time.monotonic() + LEAVING
        while True:
            try:
                return os.fork()
            except BlockingIOError:
                self.reap()
                pause = next(pauses, None)
                if pause is None and (time.monotonic() > last or not self._somebody_leaves()):
                    return os.fork()  # the last of them may have just left
                time.sleep(pause or PAUSES[0])

    def _somebody_leaves(self):
        for group in list(self.leaving):
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                self.leaving.remove(group)
            except PermissionError:
                pass
        return bool(self.leaving)

    def _become(self, made, reader, writer):
        try:
            os.close(reader)
            self.orders.socket.close()
        except BaseException:  # there is one zygote, whatever happens
            os._exit(70)
        made.writer, made.confine = writer, self.confine
        made.tell = lambda pid: os.write(writer, b"%d\n" % pid)
        made.done = lambda: os.close(writer)
        return made

    def _forked(self, number, pid, reader, aimed):
        with os.fdopen(reader) as file:
            if not aimed:
                text = file.readline()
                os.waitpid(pid, 0)
                if not text:
                    raise Refused("the worker did not get into its jail; its socket says why")
                pid = int(text)
        self.workers.add(pid)
        try:
            handle = os.pidfd_open(pid)
            try:
                self.orders.send({"n": number, "ok": True, "pid": pid}, [handle])
            finally:
                os.close(handle)
        except OSError:  # a worker that nobody knows of must not be
            os.kill(pid, signal.SIGKILL)
            raise

    def _ping(self, number, order, _fds):
        own = {"own": process.own_memory()} if order.get("size") else {}
        self.orders.send({"n": number, "ok": True, "pid": os.getpid(), "workers": len(self.workers), "whole": process.memory(), **own})

    def _end(self, number, _order, _fds):
        self.orders.send({"n": number, "ok": True})
        os._exit(0)

    def reap(self):
        """Children, and what they left behind: the zygote is the reaper of all."""
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                break
            if ended.si_pid in self.workers:  # its group at once, as long as the number is its own: a fork bomb is quicker than any sweep
                end_leaderless(ended.si_pid)
                self.leaving.append(ended.si_pid)
            pid, status = os.waitpid(ended.si_pid, 0)
            if pid in self.workers:
                self.workers.discard(pid)
                self.dead.append(pid)
                code = os.waitstatus_to_exitcode(status)
                self.orders.send({"event": "death", "pid": pid, "code": code if code >= 0 else None, "signal": -code if code < 0 else None})
        if self.dead:
            sweep(self.dead, self.workers)
