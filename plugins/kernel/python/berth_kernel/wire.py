"""What goes over the sockets: orders (one datagram each) and frames (length, JSON), both with descriptors. References to what
users may replace in json, socket and os are taken here, once, before any user code."""
import _signal
import _socket
import array
import base64
import collections
import errno
import json.encoder
import math
import os
import struct

from . import own_builtins as __builtins__

_read_ancillary = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS)
_sigmask, _BLOCK, _SET = _signal.pthread_sigmask, _signal.SIG_BLOCK, _signal.SIG_SETMASK
_ALL = frozenset(_signal.valid_signals())
_pack, _unpack = struct.Struct("<I").pack, struct.Struct("<I").unpack
_loads = json.loads
LARGEST = 64 << 20
MOST_FDS = 64


class Closed(Exception):
    """The other side has gone."""


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
        return [clean(one, depth - 1) for one in value]
    return f"<{kind.__name__}>"


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
            raise Closed
        if flags & (_socket.MSG_TRUNC | _socket.MSG_CTRUNC):
            return {"bad": "the order is too long"}, fds
        try:
            order = _loads(data)
        except (ValueError, RecursionError):
            return {"bad": "the order is not JSON"}, fds
        return order if isinstance(order, dict) else {"bad": "the order is not an object"}, fds

    def send(self, message, fds=()):
        try:
            self.socket.sendmsg([to_json(message)], _rights(list(fds)))
        except (BrokenPipeError, ConnectionResetError):
            raise Closed from None


class Channel:
    """A SOCK_STREAM socket: frames of a u32 (little-endian) and that many bytes of JSON. A frame's "fds" says how many descriptors came with it."""

    def __init__(self, fd):
        self.socket = _socket.socket(fileno=fd)
        self.fd = fd
        self.socket.setblocking(True)
        self.bytes = bytearray()
        self.fds = collections.deque()
        self.stray = False
        self.waiting = b""

    def close(self):
        self.stray = True
        self.socket.close()

    def send(self, frame, fds=(), soon=False):
        """Soon: with the next one, or by flush(); who reads is woken once and not twice."""
        if self.stray:
            return
        data = to_json({**frame, "fds": len(fds)} if fds else frame)
        if len(data) > LARGEST:
            raise ValueError(f"a frame of {len(data)} bytes; {LARGEST} is the most")
        before = quiet()
        try:
            self.waiting += _pack(len(data)) + data
            if not soon:
                self._write_waiting(fds)
        finally:
            loud(before)

    def flush(self):
        if self.waiting and not self.stray:
            before = quiet()
            try:
                self._write_waiting(())
            finally:
                loud(before)

    def _write_waiting(self, fds):
        data, self.waiting = self.waiting, b""
        self._write(data, fds)

    def _write(self, data, fds):
        view = memoryview(data)
        try:
            while view:
                view = view[self.socket.sendmsg([view], _rights(list(fds)), _socket.MSG_NOSIGNAL) :]
                fds = ()
        except OSError as no:
            if no.errno in (errno.EPIPE, errno.ECONNRESET, errno.EBADF):
                os._exit(71)
            raise

    def next(self):
        """One frame, if a whole one is here."""
        if len(self.bytes) < 4:
            return None
        length = _unpack(self.bytes[:4])[0]
        if length > LARGEST:
            raise Closed
        if len(self.bytes) < 4 + length:
            return None
        frame = _loads(bytes(self.bytes[4 : 4 + length]))
        del self.bytes[: 4 + length]
        if not isinstance(frame, dict):
            raise Closed
        count = frame.get("fds", 0)
        fds = [self.fds.popleft() for _ in range(min(count if isinstance(count, int) else 0, len(self.fds)))]
        return frame, fds

    def take(self):
        """Reads what is there without waiting; a signal comes before or after it, never within."""
        before = quiet()
        try:
            data, ancillary, _, _ = self.socket.recvmsg(
                1 << 18, _socket.CMSG_SPACE(4 * MOST_FDS), _socket.MSG_DONTWAIT | _socket.MSG_CMSG_CLOEXEC)
            self.fds.extend(_descriptors(ancillary))
            self.bytes += data
        except BlockingIOError:
            return
        except ConnectionResetError:
            raise Closed from None
        finally:
            loud(before)
        if not data:
            raise Closed
