# Holds connections that say nothing, and a WebSocket, while the host drains: the end of each is announced, and waits for nobody's
# answer.
# usage: drained.py HOST:PORT CA TOKEN PID
import os
import signal
import sys

from strict import connect, read_to_end, read_until, strict_context

address, ca, token, pid = sys.argv[1:]
context = strict_context(ca)
fresh, used, socket = (connect(address, context) for _ in range(3))
used.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
read_until(used, b"alive")
socket.sendall(
    f"GET /probe/chat HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
)
read_until(socket, b"\r\n\r\n")
os.kill(int(pid), signal.SIGTERM)
for one in (fresh, used):
    heard = read_to_end(one)
    assert heard == b"", heard
read_until(socket, b"\x03\xe9the host is shutting down")  # 1001
socket.sendall(b"\x88\x82\0\0\0\0\x03\xe9")
read_to_end(socket)
print("all were told")
