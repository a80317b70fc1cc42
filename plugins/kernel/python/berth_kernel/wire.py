"""What goes over the sockets: orders (one datagram each) and frames (length, JSON), both with descriptors. References to what
users may replace in json, socket and os are taken here, once, before any user code."""
import _signal
import _socket
import _thread
import array
import base64
import collections
import errno
import itertools
import json.encoder
import math
import os
import select
import struct

from . import own_builtins as __builtins__

_read_ancillary = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS)
_sigmask, _BLOCK, _SET = _signal.pthread_sigmask, _signal.SIG_BLOCK, _signal.SIG_SETMASK
_ALL = frozenset(_signal.valid_signals())
_pack, _unpack = struct.Struct("<I").pack, struct.Struct("<I").unpack
_loads = json.loads
_RLock, _getpid, _exit, _close, _new_poll, _POLLOUT = _thread.RLock, os.getpid, os._exit, os.close, select.poll, select.POLLOUT
LARGEST = 64 << 20
MOST_FDS = 64
MOST_ITEMS = 1 << 20


class Closed(Exception):
    """The other side has gone, or this end of the socket."""


class TooLong(ValueError):
    """More than a frame holds."""


class _Encoder(json.encoder.JSONEncoder):
    encode = json.encoder.JSONEncoder.encode
    iterencode = json.encoder.JSONEncoder.iterencode
    default = json.encoder.JSONEncoder.default


_encode = _Encoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def clean(value, depth=40):
    """The same in what JSON has: bytes as base64, NaN as null, keys as text, what is strange as its type's name."""
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(bytes(value)).decode("ascii")
    if depth and isinstance(value, dict):
        return {key if type(key) is str else str(key): clean(one, depth - 1) for key, one in value.items()}
    if depth and isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, "__iter__") and depth:
        return [clean(one, depth - 1) for one in itertools.islice(value, MOST_ITEMS)]
    return f"<{kind.__name__}>"


def size(value):
    """How many bytes of a frame it takes; small texts are not looked into."""
    return len(value) if isinstance(value, (str, bytes)) and len(value) < 1 << 16 else len(to_json(value))


def shorten(text, most=1 << 20):
    """Head and tail of what is longer; what lies between is counted."""
    if len(text) <= most:
        return text
    return f"{text[: most // 2]}\n[{len(text) - most} characters left out]\n{text[len(text) - most // 2 :]}"


def to_json(value):
    try:
        text = _encode(value)
    except (TypeError, ValueError, RecursionError):
        text = _encode(clean(value))
    # A lone surrogate is no text to anybody else.
    return text.encode("utf-8", "replace")


def quiet():
    """No signal handler runs in this thread until loud(…) with what this returns."""
    try:
        return _sigmask(_BLOCK, _ALL)
    except BaseException:
        _sigmask(_SET, ())
        raise


def loud(before):
    _sigmask(_SET, before)


def close_all(fds):
    for fd in fds:
        try:
            _close(fd)
        except OSError:
            pass


def _descriptors(ancillary):
    numbers = array.array("i")
    for level, kind, data in ancillary:
        if (level, kind) == _read_ancillary:
            numbers.frombytes(data[: len(data) - len(data) % numbers.itemsize])
    return list(numbers)


def _rights(fds):
    return [(*_read_ancillary, array.array("i", fds).tobytes())] if fds else []


class Orders:
    """A SOCK_SEQPACKET socket: one JSON object a message."""

    def __init__(self, fd):
        self.socket = _socket.socket(fileno=fd)
        self.socket.setblocking(True)

    def receive(self):
        try:
            data, ancillary, flags, _ = self.socket.recvmsg(1 << 20, _socket.CMSG_SPACE(4 * MOST_FDS), _socket.MSG_CMSG_CLOEXEC)
        except ConnectionResetError:
            raise Closed from None
        fds = _descriptors(ancillary)
        if not data:
            if self._is_open():
                return {"bad": "the order is empty"}, fds
            raise Closed
        if flags & (_socket.MSG_TRUNC | _socket.MSG_CTRUNC):
            return {"bad": "the order is too long"}, fds
        try:
            order = _loads(data)
        except (ValueError, RecursionError):
            return {"bad": "the order is not JSON"}, fds
        return order if isinstance(order, dict) else {"bad": "the order is not an object"}, fds

    def _is_open(self):
        poll = _new_poll()
        poll.register(self.socket.fileno(), 0)
        return not poll.poll(0)

    def send(self, message, fds=()):
        try:
            self.socket.sendmsg([to_json(message)], _rights(list(fds)))
        except (BrokenPipeError, ConnectionResetError):
            raise Closed from None


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
        data = to_json({**frame, "fds": len(fds)} if fds else frame)
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
            before = quiet()
            try:
                if not letter.counts and letter not in self.letters:
                    self.letters.append(letter)
                if not soon:
                    self._write()
            finally:
                loud(before)

    def flush(self):
        if self.letters and not self.stray:
            with self.lock:
                before = quiet()
                try:
                    self._write()
                finally:
                    loud(before)

    def _write(self):
        if self.writing:  # a signal handler within a write: the loop below it takes its letter, too
            return
        self.writing = True
        try:
            while self.letters:
                self._step(self.letters[0])
        finally:
            self.writing = False

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
        rights = () if head.counts else _rights(head.fds)
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
            raise Closed
        if len(self.bytes) < 4 + length:
            return None
        try:
            frame = _loads(bytes(self.bytes[4 : 4 + length]))
        except (ValueError, RecursionError):
            frame = None
        del self.bytes[: 4 + length]
        if not isinstance(frame, dict):
            raise Closed
        count = frame.get("fds", 0)
        fds = [self.fds.popleft() for _ in range(min(count if isinstance(count, int) else 0, len(self.fds)))]
        return frame, fds

    def _read(self, most):
        try:
            return self.socket.recvmsg(most, _socket.CMSG_SPACE(4 * MOST_FDS), _socket.MSG_DONTWAIT | _socket.MSG_CMSG_CLOEXEC)
        except MemoryError:
            if most < 1 << 12:
                raise
            return self._read(most >> 6)

    def take(self):
        """Reads what is there without waiting; a signal comes before or after it, never within."""
        before = quiet()
        try:
            data, ancillary, _, _ = self._read(1 << 18)
            self.fds.extend(_descriptors(ancillary))
            self.bytes += data
        except BlockingIOError:
            return
        except OSError:  # reset by the other side, or closed by the user's code
            raise Closed from None
        finally:
            loud(before)
        if not data:
            raise Closed
