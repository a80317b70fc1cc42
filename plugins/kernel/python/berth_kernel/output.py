"""Standard output and error: descriptors 1 and 2 are pipes that the plugin reads, so what C code and child processes write is captured
too, without a thread. Marks in the pipes say where each event of the socket belongs; the plugin puts the three in order and removes them."""
import ctypes
import fcntl
import io
import os
import select
import sys

from . import own_builtins as __builtins__

_write, _fstat, _dup2, _close = os.write, os.fstat, os.dup2, os.close
_flush_c = ctypes.CDLL(None).fflush
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
        self.token = b""
        self.streams = {}
        self.deliver = lambda: None

    def connect(self, out, err, token):
        self.pipes = {1: high(out), 2: high(err)}
        self.sequence = self.last = 0
        self.at = {1: 0, 2: 0}
        self.token = token
        for fd, pipe in self.pipes.items():
            _dup2(pipe, fd)

    def disconnect(self):
        """Holds no end of a pipe any more: who waits for the other end's close must not wait for us."""
        for pipe in self.pipes.values():
            _close(pipe)
        self.pipes = {}

    def next(self):
        self.sequence += 1
        return self.sequence

    def mark(self, fd, sequence):
        self.at[fd] = sequence
        if fd in self.pipes:
            write_all(self.pipes[fd], b"\x1e%s:%016x\x1e" % (self.token, sequence))

    def mark_both(self, sequence):
        self.mark(1, sequence)
        self.mark(2, sequence)

    def divide(self):
        """A child process is about to write, or has written: its part of both streams comes after what is before."""
        self.flush()
        self.deliver()
        self.sequence += 1
        self.last = 0
        self.mark_both(self.sequence)

    def before(self, fd):
        """Python is about to write to fd: after which event, and after what of the other stream?"""
        if self.last not in (0, fd):
            self.sequence += 1
        self.last = fd
        if self.at[fd] < self.sequence:
            self.deliver()
            self.mark(fd, self.sequence)

    def flush(self):
        """Ours alone: what else the user has put into sys.stdout is code of the user's."""
        for stream in self.streams.values():
            try:
                stream.flush()
            except BaseException:  # closed, detached, or its descriptor gone
                pass
        _flush_c(None)

    def repair(self):
        """1 and 2 are the pipes again, and sys.stdout and sys.stderr write to them, whatever the cell did."""
        self.flush()
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
                os._exit(72)
        for pipe in self.pipes.values():
            os.set_blocking(pipe, True)
        self.install()
        self.flush()

    def install(self):
        for name, fd in (("stdout", 1), ("stderr", 2)):
            stream = self.streams.get(fd)
            if not usable(stream):
                stream = self.streams[fd] = make_stream(self, fd)
            if getattr(sys, name, None) is not stream:
                setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def usable(stream):
    try:
        return not stream.closed and stream.line_buffering and stream.encoding == "utf-8"
    except (AttributeError, ValueError):  # none, or detached
        return False


def write_all(fd, data):
    while data:
        try:
            data = data[_write(fd, data) :]
        except BlockingIOError:  # a child may have set the shared pipe so
            ready = select.poll()
            ready.register(fd, select.POLLOUT)
            ready.poll(1000)


class Raw(io.RawIOBase):
    """Below sys.stdout: every line goes to the descriptor at once, so that it keeps its place among what others write there."""

    def __init__(self, output, fd):
        super().__init__()
        self.output = output
        self.number = fd
        self.name = "<stdout>" if fd == 1 else "<stderr>"
        self.mode = "wb"

    def fileno(self):
        return self.number

    def writable(self):
        return True

    def isatty(self):
        return False

    def write(self, data):
        self.output.before(self.number)
        return _write(self.number, data)


def make_stream(output, fd):
    return io.TextIOWrapper(io.BufferedWriter(Raw(output, fd)), encoding="utf-8", errors="backslashreplace", line_buffering=True)
