# Asks once, keeps the connection and says nothing more: its end is announced, and not before its time is up.
# usage: idle.py HOST:PORT CA
import sys

from strict import connect, read_to_end, read_until, strict_context

address, ca = sys.argv[1:]
with connect(address, strict_context(ca)) as tls:
    tls.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = read_until(tls, b"alive")
    assert b"Connection: close" not in answer, answer
    read_to_end(tls)
print("was told")
