"""Clients that cost as little as Python can: a kept connection of HTTP, and what others are made of. They ask and wait on a blocking socket with
TCP_NODELAY, and have every segment acknowledged at once (TCP_QUICKACK), or Nagle's algorithm at the other end would hold its second one back
for 40 ms."""
import json
import re
import socket
import time

from .processes import BenchError

PATIENCE = 600  # seconds
PIECE = 1 << 18


class Line:
    """A TCP connection, and what it has brought that nobody has taken yet."""

    def __init__(self, port):
        self.port, self.held = port, bytearray()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def more(self):
        try:
            piece = self.socket.recv(PIECE)
        except OSError as error:
            raise BenchError(f"port {self.port}: {error}") from error
        if not piece:
            raise BenchError(f"port {self.port} hung up")
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        self.held += piece

    def take(self, size):
        while len(self.held) < size:
            self.more()
        taken = bytes(self.held[:size])
        del self.held[:size]
        return taken

    def line(self, end=b"\r\n"):
        while (at := self.held.find(end)) < 0:
            self.more()
        return self.take(at + len(end))

    def close(self):
        self.socket.close()


class Http(Line):
    """`authorization`: the whole value of that field."""

    def __init__(self, port, authorization):
        super().__init__(port)
        self.common = f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {authorization}\r\n"

    def chunks(self):
        content = b""
        while size := int(self.line().split(b";")[0], 16):
            content += self.take(size)
            self.line()
        self.line()
        return content

    def exchange(self, method, path, body=None):
        """Status and content; the content of JSON is parsed."""
        text = b"" if body is None else json.dumps(body).encode()
        fields = f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n" if body is not None else ""
        self.socket.sendall((method + " " + path + self.common + fields + "\r\n").encode() + text)
        head = self.line(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        content = self.take(int(length[1])) if length else self.chunks() if b"chunked" in head.lower() else b""
        is_json = content and re.search(rb"(?i)\r\ncontent-type: *application/json", head)
        return int(head[9:12]), json.loads(content) if is_json else content

    def ask(self, method, path, body=None, good=(200, 201)):
        status, content = self.exchange(method, path, body)
        if status not in good:
            raise BenchError(f"{method} {path}: {status} {str(content)[:500]}")
        return content

    def timed(self, method, path, body=None):
        """Milliseconds, and the content."""
        began = time.perf_counter()
        content = self.ask(method, path, body)
        return (time.perf_counter() - began) * 1000, content
