"""The work socket: frames (length, JSON) with descriptors, of which each goes whole and once, whoever sends and whatever interrupts."""
import _socket
import _thread
import collections
import errno
import os
import select
import struct

from . import own_builtins as __builtins__
from . import wire

_pack, _unpack = struct.Struct("<I").pack, struct.Struct("<I").unpack
_RLock, _getpid, _exit, _new_poll, _POLLOUT = _thread.RLock, os.getpid, os._exit, select.poll, select.POLLOUT
LARGEST = 64 << 20


class TooLong(ValueError):
    """More than a frame holds."""


class Letter:
    """A frame on its way. How much of it has gone is written down by C code alone: no exception of a signal handler can come between."""

    __slots__ = ("counts", "data", "fds")

    def __init__(self, data, fds):
        self.data = data
        self.fds = fds
        self.counts = []


class Channel:
    """A SOCK_STREAM socket: frames of a u32 (little-endian) and that many bytes of JSON. A frame's "fds" says how many descriptors came with it.
    Any thread and any signal handler may send, also while a frame is being written: frames go whole, one after the other, each once."""

    def __init__(self, fd):
        self.socket = _socket.socket(fileno=fd)
        self.fd = fd
        self.socket.setblocking(True)
        self.bytes = bytearray()
        self.fds = collections.deque()
        self.letters = collections.deque()
        self.lock = _RLock()
        self.writing = False
        self.closed = False
        self.owner = _getpid()

    @property
    def stray(self):
        """True in a fork of the user's, also in one that C code made: it has nothing to say here."""
        return self.closed or _getpid() != self.owner

    def close(self):
        self.closed = True
        self.socket.close()

    @staticmethod
    def pack(frame, fds=()):
        data = wire.to_json({**frame, "fds": len(fds)} if fds else frame)
        if len(data) > LARGEST:
            raise TooLong(f"a message of {len(data)} bytes: {LARGEST} is the most")
        return Letter(_pack(len(data)) + data, list(fds))

    def send(self, frame, fds=(), soon=False):
        """Soon: with the next one, or by flush(); who reads is woken once and not twice."""
        if not self.stray:
            self.push(self.pack(frame, fds), soon)

    def push(self, letter, soon=False):
        """May be called again with the same letter, when it is not known how far the first call came: it goes once."""
        with self.lock:
            before = wire.quiet()
            try:
                if not letter.counts and letter not in self.letters:
                    self.letters.append(letter)
                if not soon:
                    self._write()
            finally:
                wire.loud(before)

    def flush(self):
        if self.letters and not self.stray:
            with self.lock:
                before = wire.quiet()
                try:
                    self._write()
                finally:
                    wire.loud(before)

    def _write(self):
        if self.writing:  # a signal handler within a write: the loop below it takes its letter, too
            return
        self.writing = True
        try:
            self._drain()
        finally:
            self.writing = False

    def _drain(self):
        """In a frame of its own: what is raised on a loop's way back may skip the finally around it."""
        while self.letters:
            self._step(self.letters[0])

    def _step(self, head):
        beyond = sum(head.counts) - len(head.data)
        if beyond >= 0:
            if len(self.letters) > 1:
                self.letters[1].counts[:] = [beyond] if beyond else []
            self.letters.popleft()
            return
        pieces = [memoryview(head.data)[beyond:]]
        for letter in list(self.letters)[1:8]:
            if letter.fds:
                break
            pieces.append(letter.data)
        rights = () if head.counts else wire.rights(head.fds)
        try:
            head.counts.extend(map(self.socket.sendmsg, (pieces,), (rights,), (_socket.MSG_NOSIGNAL,)))
        except OSError as no:
            self._failed(head, no)

    def _failed(self, head, no):
        if no.errno in (errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM):
            poll = _new_poll()
            if no.errno == errno.EAGAIN:  # somebody made it non-blocking
                poll.register(self.fd, _POLLOUT)
            poll.poll(100)
        elif head.fds and not head.counts and no.errno in (errno.EINVAL, errno.ETOOMANYREFS):
            self.letters.popleft()
            raise no
        else:
            _exit(71)

    def next(self):
        """One frame, if a whole one is here."""
        if len(self.bytes) < 4:
            return None
        length = _unpack(self.bytes[:4])[0]
        if length > LARGEST:
            raise wire.Closed
        if len(self.bytes) < 4 + length:
            return None
        try:
            frame = wire.loads(bytes(self.bytes[4 : 4 + length]))
        except (ValueError, RecursionError):
            frame = None
        del self.bytes[: 4 + length]
        if not isinstance(frame, dict):
            raise wire.Closed
        count = frame.get("fds", 0)
        fds = [self.fds.popleft() for _ in range(min(count if isinstance(count, int) else 0, len(self.fds)))]
        return frame, fds

    def _read(self, most):
        try:
            return self.socket.recvmsg(most, _socket.CMSG_SPACE(4 * wire.MOST_FDS), _socket.MSG_DONTWAIT | _socket.MSG_CMSG_CLOEXEC)
        except MemoryError:
            if most < 1 << 12:
                raise
            return self._read(most >> 6)

    def take(self):
        """Reads what is there without waiting; a signal comes before or after it, never within."""
        before = wire.quiet()
        try:
            data, ancillary, _, _ = self._read(1 << 16)
            self.fds.extend(wire.descriptors(ancillary))
            self.bytes += data
        except BlockingIOError:
            return
        except OSError:  # reset by the other side, or closed by the user's code
            raise wire.Closed from None
        finally:
            wire.loud(before)
        if not data:
            raise wire.Closed
