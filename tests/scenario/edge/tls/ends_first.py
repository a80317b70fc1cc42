# Ends its side first, at every moment of a connection, and waits for the host's goodbye. There is none where it would make a whole
# of an answer that is cut off: a stream of HTTP/1.0 has no other end.
# usage: ends_first.py HOST:PORT CA TOKEN
import ssl
import sys

from strict import connect, read_until, strict_context

address, ca, token = sys.argv[1:]
context = strict_context(ca)
UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


def request(what, version="1.1", more=""):
    head = f"{what} HTTP/{version}\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{more}\r\n"
    return head.encode()


MOMENTS = {  # what was said, and what was heard
    "before its first word": (b"", b""),
    "in a head": (b"GET /livez HTTP/1.1\r\nHo", b""),
    "in a body": (request("POST /probe/upload", more="Content-Length: 1000\r\n") + b"x" * 100, b""),
    "before its answer": (request("GET /probe/park"), b""),
    "after its answer": (request("GET /livez"), b"alive"),
    "in a stream": (request("GET /events"), b"retry: 1000\n\n"),
    "in a WebSocket": (request("GET /probe/chat", more=UPGRADE), b"\r\n\r\n"),
}


def is_told(said, heard):
    with connect(address, context) as tls:
        tls.sendall(said)
        read_until(tls, heard)
        try:
            tls.unwrap()
        except (ssl.SSLError, OSError):
            return False
        return True


untold = [name for name, (said, heard) in MOMENTS.items() if not is_told(said, heard)]
assert not untold, untold
assert not is_told(request("GET /events", "1.0"), b"retry: 1000\n\n"), "the end of half a stream was announced"
print("all were told")
