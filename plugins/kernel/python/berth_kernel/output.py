"""Standard output and error: descriptors 1 and 2 are pipes that the plugin reads, so what C code and child processes write is captured
too, without a thread. Marks in the pipes say where each event of the socket belongs; the plugin puts the three in order and removes them."""
import _thread
import ctypes
import fcntl
import io
import os
import select
import sys

from . import own_builtins as __builtins__

_write, _fstat, _dup2, _close, _open, _exit, _set_blocking = os.write, os.fstat, os.dup2, os.close, os.open, os._exit, os.set_blocking
_new_poll, _POLLOUT, _RLock, _TextIO, _open_file = select.poll, select.POLLOUT, _thread.RLock, io.TextIOWrapper, io.open
_buffer, _flush_buffer = io.BufferedWriter.write, io.BufferedWriter.flush
_libc = ctypes.CDLL(None)
_flush_c, _C_STREAMS = _libc.fflush, [ctypes.c_void_p.in_dll(_libc, name) for name in ("stdout", "stderr")]
_NOTHING = os.stat(os.devnull).st_rdev
HIGH = 700


def high(fd):
    """The same description under a number that no loop over low numbers closes by accident; closed by exec."""
    try:
        number = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, HIGH)
    except OSError:  # fewer are allowed here
        number = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 3)
    _close(fd)
    return number


class Output:
    def __init__(self):
        self.sequence = 0
        self.pipes = {}
        self.at = {1: 0, 2: 0}
        self.last = 0
        self.lock = _RLock()
        self.token = b""
        self.streams = {}
        self.deliver = lambda: None

    def connect(self, out, err, token):
        self.lock = _RLock()
        self.pipes = {1: high(out), 2: high(err)}
        self.sequence = self.last = 0
        self.at = {1: 0, 2: 0}
        self.token = token
        for fd, pipe in self.pipes.items():
            _dup2(pipe, fd)

    def disconnect(self):
        """Holds no end of a pipe any more: who waits for the other end's close must not wait for us. Nor on a thread of the other side's."""
        self.lock = _RLock()
        for pipe in self.pipes.values():
            _close(pipe)
        self.pipes = {}

    def next(self):
        with self.lock:
            self.sequence += 1
            return self.sequence

    def mark(self, fd, sequence):
        """One that was cut short by an interrupt is due still: so it is noted after it is written."""
        if fd in self.pipes:
            write_all(self.pipes[fd], b"\x1e%s:%016x\x1e" % (self.token, sequence))
        self.at[fd] = sequence

    def mark_both(self, sequence):
        with self.lock:
            for fd in (1, 2):
                if self.at[fd] < sequence:
                    self.mark(fd, sequence)

    def divide(self):
        """A child process is about to write, or has written: its part of both streams comes after what is before."""
        self.flush()
        self.deliver()
        with self.lock:
            self.last = 0
            self.mark_both(self.next())

    def before(self, stream):
        """Python is about to write to it: after which event, and after what of the other stream?"""
        with self.lock:
            fd = stream.number
            if self.last not in (0, fd):
                self.sequence += 1
            self.last = fd
            if self.at[fd] < self.sequence:
                stream.flush()
                self.deliver()
                self.mark(fd, self.sequence)

    def flush(self):
        """Ours alone: what else the user has put into sys.stdout is code of the user's. False: something is not where it belongs."""
        well = True
        for stream in self.streams.values():
            try:
                stream.flush()
            except BaseException:  # closed, detached, or its descriptor gone
                well = False
        for stream in _C_STREAMS:
            well = _flush_c(stream) == 0 and well
        return well

    def repair(self):
        """0 is empty, 1 and 2 are the pipes again, and sys.stdout and sys.stderr write to them, whatever the cell did."""
        self.flush()
        nothing_on_zero()
        for fd, pipe in self.pipes.items():
            try:
                here, there = _fstat(fd), _fstat(pipe)
                if (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino):
                    continue
            except OSError:
                pass
            try:
                _dup2(pipe, fd)
            except OSError:
                _exit(72)
        for pipe in self.pipes.values():
            _set_blocking(pipe, True)
        self.install()
        self.flush()

    def install(self):
        for name, fd in (("stdout", 1), ("stderr", 2)):
            stream = self.streams.get(fd)
            if not in_order(stream):
                stream = self.streams[fd] = _TextIO(Marked(self, fd), **HOW)
            if getattr(sys, name, None) is not stream:
                setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


HOW = {"encoding": "utf-8", "errors": "backslashreplace", "newline": None, "line_buffering": True, "write_through": False}


def in_order(stream):
    """Puts back what reconfigure() and assignments can change; False: it is closed, detached, or was never there."""
    try:
        vars(stream).clear()
        stream.reconfigure(**HOW)
        return vars(stream.buffer).keys() == {"output", "number"} and vars(stream.buffer.raw).keys() == {"name"} and not stream.closed
    except (AttributeError, TypeError, ValueError, OSError):
        return False


def nothing_on_zero():
    """Standard input is empty; a closed one would become the next file that somebody opens."""
    try:
        right = _fstat(0).st_rdev == _NOTHING
    except OSError:
        right = False
    if not right:
        fd = _open("/dev/null", os.O_RDONLY)
        if fd:
            _dup2(fd, 0)
            _close(fd)
    stream = getattr(sys, "stdin", None)
    if type(stream) is not _TextIO or stream.closed:
        sys.stdin = sys.__stdin__ = _open_file(0, encoding="utf-8", closefd=False)


def wait_for_room(fd):
    ready = _new_poll()
    ready.register(fd, _POLLOUT)
    ready.poll(1000)


def write_all(fd, data):
    while data:
        try:
            data = data[_write(fd, data) :]
        except BlockingIOError:  # a child may have set the shared pipe so
            wait_for_room(fd)


class Marked(io.BufferedWriter):
    """Below sys.stdout: puts a mark before what comes after one. The writing is C's, which knows to the byte what has gone when an interrupt comes:
    nothing is printed twice. A pipe that a child made non-blocking is waited for."""

    def __init__(self, output, fd):
        raw = io.FileIO(fd, "wb", closefd=False)
        raw.name = "<stdout>" if fd == 1 else "<stderr>"
        super().__init__(raw)
        self.output = output
        self.number = fd

    def write(self, data):
        self.output.before(self)
        rest = memoryview(data).cast("B")
        length = len(rest)
        while True:
            try:
                _buffer(self, rest)
                return length
            except BlockingIOError as no:
                rest = rest[no.characters_written :]
                wait_for_room(self.number)

    def flush(self):
        while True:
            try:
                return _flush_buffer(self)
            except BlockingIOError:
                wait_for_room(self.number)
