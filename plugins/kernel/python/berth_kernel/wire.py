"""What goes over the sockets, as bytes and descriptors; and the order sockets, of one datagram each. References to what
users may replace in json, socket and os are taken here, once, before any user code."""
import _signal
import _socket
import array
import base64
import itertools
import json.encoder
import math
import os
import select

from . import own_builtins as __builtins__

_read_ancillary = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS)
_sigmask, _BLOCK, _SET = _signal.pthread_sigmask, _signal.SIG_BLOCK, _signal.SIG_SETMASK
_ALL = frozenset(_signal.valid_signals())
loads = json.loads
_close, _new_poll = os.close, select.poll
MOST_FDS = 64
MOST_ITEMS = 1 << 20


class Closed(Exception):
    """The other side has gone, or this end of the socket."""


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


def descriptors(ancillary):
    if not ancillary:
        return ()
    numbers = array.array("i")
    for level, kind, data in ancillary:
        if (level, kind) == _read_ancillary:
            numbers.frombytes(data[: len(data) - len(data) % numbers.itemsize])
    return list(numbers)


def rights(fds):
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
        fds = descriptors(ancillary)
        if not data:
            if self._is_open():
                return {"bad": "the order is empty"}, fds
            raise Closed
        if flags & (_socket.MSG_TRUNC | _socket.MSG_CTRUNC):
            return {"bad": "the order is too long"}, fds
        try:
            order = loads(data)
        except (ValueError, RecursionError):
            return {"bad": "the order is not JSON"}, fds
        return order if isinstance(order, dict) else {"bad": "the order is not an object"}, fds

    def _is_open(self):
        poll = _new_poll()
        poll.register(self.socket.fileno(), 0)
        return not poll.poll(0)

    def send(self, message, fds=()):
        try:
            self.socket.sendmsg([to_json(message)], rights(list(fds)))
        except (BrokenPipeError, ConnectionResetError):
            raise Closed from None
