# Asks once, keeps the connection and says nothing more: its end is announced, and not before its time is up.
# usage: idle.py HOST:PORT CA
import socket
import ssl
import sys

address, ca = sys.argv[1:]
host, port = address.rsplit(":", 1)
context = ssl.create_default_context(cafile=ca)
context.check_hostname = False
context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # which Python sets by itself
plain = socket.create_connection((host, int(port)), 20)
with context.wrap_socket(plain, suppress_ragged_eofs=False) as tls:
    tls.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = b""
    while b"alive" not in answer:
        answer += tls.recv(4096)
    assert b"Connection: close" not in answer, answer
    while tls.recv(4096):
        pass
print("was told")
