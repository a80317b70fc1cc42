"""SIGINT: it must stop user code at every moment, and never the loop around it. A handler of Python may raise between any two steps, so
it raises only while user code runs, and not in the frame that says whether it does (in 3.11 what is raised on a loop's way back skips the try around it)."""
import _signal
import _socket
import _thread
import sys
import time

from . import own_builtins as __builtins__

_sigmask, _sigtimedwait, _getitimer, _setitimer = _signal.pthread_sigmask, _signal.sigtimedwait, _signal.getitimer, _signal.setitimer
_interrupt_main, _main, _start_thread, _sleep = _thread.interrupt_main, _thread.get_ident(), _thread.start_new_thread, time.sleep
_ALARMS = (_signal.SIGALRM, _signal.SIGVTALRM, _signal.SIGPROF)
# What means "end", and what ours rely on, has its own meaning again after each cell; the user's other handlers stay.
_OURS = (_signal.SIGTERM, _signal.SIGQUIT, _signal.SIGHUP, _signal.SIGCHLD)
# Outside of cells the user's handlers wait: they could raise in the loop.
_HELD = frozenset(_signal.valid_signals()) - {_signal.SIGINT, *_OURS}
_settrace, _setprofile, _getlimit, _setlimit = sys.settrace, sys.setprofile, sys.getrecursionlimit, sys.setrecursionlimit
_LEAST_DEPTH = _getlimit()


class Interrupts:
    def __init__(self):
        self.inside = False
        self.pending = False
        self.begun = False
        self.calm = 0
        self.round = 0  # of calls: an interrupt that went nowhere is for its own alone
        self.raised = False  # in this round
        self.tell_unraisable = sys.unraisablehook
        self.socket = None
        self.backlog = lambda: False

    def watch(self, socket):
        self.socket = socket

    def install(self):
        """Before each cell: whatever the last one did to handlers and mask."""
        _signal.signal(_signal.SIGINT, self.on_signal)
        hook = getattr(sys, "unraisablehook", None)  # the user's stays, behind ours
        if hook != self.on_unraisable:
            self.tell_unraisable = hook if callable(hook) else sys.__unraisablehook__
            sys.unraisablehook = self.on_unraisable
        for number in _OURS:
            _signal.signal(number, _signal.SIG_DFL)

    def hold(self):
        """From here to the next cell no handler of the user's runs; one that is due already may raise here, at the worst again and again."""
        for _ in range(100):
            try:
                return self._hold()
            except BaseException:
                continue

    def stop_timers(self):
        """Alarms end with their cell: one that rings again and again would let no later cell come to its first line."""
        for kind in (_signal.ITIMER_REAL, _signal.ITIMER_VIRTUAL, _signal.ITIMER_PROF):
            if _getitimer(kind) != (0.0, 0.0):
                _setitimer(kind, 0)
        while _sigtimedwait(_ALARMS, 0) is not None:
            pass

    def _hold(self):
        self.inside = False
        self.calm = 0
        _sigmask(_signal.SIG_SETMASK, _HELD)
        _settrace(None)
        _setprofile(None)
        if _getlimit() < _LEAST_DEPTH:
            _setlimit(_LEAST_DEPTH)

    def calmly(self, function, *arguments):
        """Runs something short within a cell that no interrupt may cut in two; it waits, for check()."""
        self.calm += 1
        try:
            function(*arguments)
        finally:
            self.calm -= 1

    def check(self):
        if self.pending and self.inside:
            self.pending = False
            if _thread.get_ident() == _main:
                self.raised = True
                raise KeyboardInterrupt
            _interrupt_main()

    def on_signal(self, _number, frame):
        if self.inside and not self.calm and frame is not None and frame.f_code is not _CALL:
            self.raised = True
            raise KeyboardInterrupt
        # One that comes while nobody runs was meant for a cell that has ended, unless the next is already at the door.
        self.pending = self.inside or self.begun or self.backlog() or self.knocked()

    def on_unraisable(self, what):
        """What a finalizer raises goes nowhere. An interrupt among it comes again, when the finalizer has ended."""
        if what.exc_type is KeyboardInterrupt and self.raised and self.inside and _thread.get_ident() == _main:
            self.raised = False
            try:
                _start_thread(self._again, (self.round,))
                return
            except RuntimeError:  # no thread more; it is told at least
                pass
        self.tell_unraisable(what)

    def _again(self, round):
        _sleep(0.002)
        if self.inside and self.round == round:
            _interrupt_main()

    def knocked(self, flags=_socket.MSG_DONTWAIT):
        """Whether the socket has something, or its end. Not by poll(), which a limit of open files can forbid."""
        try:
            self.socket.recv(1, flags | _socket.MSG_PEEK)
        except BlockingIOError:
            self.socket.setblocking(True)
            return False
        except OSError:  # closed: who reads will see
            pass
        return True

    def wait(self):
        while not self.knocked(0):
            pass

    def call(self, function, *arguments):
        """Runs what may run user code: the one place where KeyboardInterrupt can come from."""
        try:
            self.round += 1
            self.raised = False
            self.inside = True
            return self._checked(function, arguments)
        finally:
            self.inside = False
            self.begun = False

    def _checked(self, function, arguments):
        if self.pending:
            self.pending = False
            raise KeyboardInterrupt
        _sigmask(_signal.SIG_SETMASK, ())
        return function(*arguments)


_CALL = Interrupts.call.__code__
