"""A client's connection, byte by byte: TCP, TLS or Unix socket, fast or dripping, ended politely or not."""
import errno
import select
import socket
import ssl
import struct
import time
from collections import deque

from .text import Failure

PIECE = 256 << 10
WANT = (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Wire:
    def __init__(self, address, tls=None, receive_buffer=None, timeout=20.0):
        self.address = address
        self.inbox = bytearray()
        self.asked = deque()      # methods of the requests that are not answered yet
        self.answer = None        # the last one that was read
        self.ended = None         # "closed" or "reset" once the host ended the connection
        self.end_reason = ""
        self.deadline = time.monotonic() + timeout  # of what is being read; set by each step
        self.frames = None        # WebSocket state, after its handshake
        self.socket = open_socket(address, receive_buffer, timeout)
        if tls is not None:
            self.socket = self.shake_hands(tls, timeout)
        self.socket.setblocking(False)

    def shake_hands(self, tls, timeout):
        self.socket.settimeout(timeout)
        try:
            return tls.wrap_socket(self.socket, server_hostname="localhost")
        except (ssl.SSLError, ConnectionError, socket.timeout) as error:
            self.socket.close()
            raise Failure(f"the TLS handshake failed: {error}") from None

    # ---- reading ----

    def receive(self):
        """Takes what is there. True if something came; ends are remembered in `ended`."""
        try:
            data = self.socket.recv(PIECE)
        except WANT:
            return False
        except (ssl.SSLError, OSError) as error:
            self.end("reset", error)
            return False
        if not data:
            self.end("closed", "")
            return False
        self.inbox += data
        return True

    def end(self, how, reason):
        self.ended = self.ended or how
        self.end_reason = self.end_reason or str(reason)

    def fill(self):
        """Waits for more bytes. False: the connection ended. Raises Failure when the time is up."""
        while not self.ended:
            if self.receive():
                return True
            if self.ended:
                break
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise Failure("nothing came in time", f"so far: {bytes(self.inbox[:200])!r}")
            wait_for(self.socket, select.POLLIN, left)
        return False

    def take(self, count):
        while len(self.inbox) < count:
            if not self.fill():
                raise Failure(f"the host {self.ended} the connection",
                              f"before byte {count}; had {bytes(self.inbox[:200])!r}")
        data = bytes(self.inbox[:count])
        del self.inbox[:count]
        return data

    # ---- writing ----

    def send(self, pieces, timeout):
        """Sends all, and takes in meanwhile what arrives; stops quietly where the host refuses more."""
        for piece in pieces:
            view = memoryview(piece)
            while len(view) and not self.ended:
                count = self.send_some(view[:PIECE], timeout)
                if count is None:
                    return
                view = view[count:]
            if self.ended:
                return

    def send_some(self, view, timeout):
        idle_since = time.monotonic()
        while not self.ended:
            if wait_for(self.socket, select.POLLIN, 0):
                self.receive()
            try:
                return self.socket.send(view)
            except WANT:
                wait_for(self.socket, select.POLLIN | select.POLLOUT, 0.1)
            except (ssl.SSLError, OSError) as error:
                self.last_words(error)
                return None
            patience = 2.0 if self.inbox else timeout
            if time.monotonic() - idle_since > patience:
                if self.inbox:
                    return None
                raise Failure("the host takes no more bytes and says nothing")
        return None

    def last_words(self, error):
        while not self.ended and self.receive():
            pass
        self.end("reset" if getattr(error, "errno", 0) == errno.ECONNRESET else "closed", error)

    def drip(self, data, count, pause, limit):
        """`count` bytes at a time until all is sent or the host says or does something."""
        until = time.monotonic() + limit
        for start in range(0, len(data), count):
            if self.send_some(memoryview(data)[start:start + count], limit) is None:
                return
            if wait_for(self.socket, select.POLLIN, pause) and (self.receive() or self.ended):
                return
            if time.monotonic() > until:
                raise Failure(f"the host still listens after {limit:g} s of dripping")

    # ---- ending ----

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def hang_up(self):
        self.socket.close()
        self.end("closed", "by us")

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.hang_up()


def open_socket(address, receive_buffer, timeout):
    if address.startswith("unix:"):
        plain, target = socket.socket(socket.AF_UNIX), address[5:]
    else:
        name, _, port = address.rpartition(":")
        name = name.strip("[]")
        plain, target = socket.socket(socket.AF_INET6 if ":" in name else socket.AF_INET), (name, int(port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if receive_buffer:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    plain.settimeout(timeout)
    try:
        plain.connect(target)
    except OSError as error:
        plain.close()
        raise Failure(f"cannot connect to {address}: {error}") from None
    return plain


def wait_for(sock, what, seconds):
    if what & select.POLLIN and isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    poll = select.poll()
    try:
        poll.register(sock, what)
    except ValueError:  # already closed
        return True
    return bool(poll.poll(max(0, seconds) * 1000))
