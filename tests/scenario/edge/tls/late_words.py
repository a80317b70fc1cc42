# Is refused while it sends, goes on sending for a while, and reads then: the refusal arrives whole, and its end is announced.
# usage: late_words.py HOST:PORT CA TOKEN
import sys

from strict import connect, read_to_end, strict_context

address, ca, token = sys.argv[1:]
context = strict_context(ca)
for _ in range(20):
    with connect(address, context) as tls:
        tls.sendall(
            f"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            "Content-Length: 900000\r\n\r\n".encode()
        )
        for _ in range(200):
            tls.sendall(b"x" * 1024)
        answer = read_to_end(tls)
        assert answer.startswith(b"HTTP/1.1 404 "), answer
print("all were told")
