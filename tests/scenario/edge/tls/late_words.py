# Is refused while it sends, goes on sending for a while, and reads then: the refusal arrives whole, and its end is announced.
# usage: late_words.py HOST:PORT CA TOKEN
import socket
import ssl
import sys

address, ca, token = sys.argv[1:]
host, port = address.rsplit(":", 1)
context = ssl.create_default_context(cafile=ca)
context.check_hostname = False
context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # which Python sets by itself
for _ in range(20):
    plain = socket.create_connection((host, int(port)), 20)
    with context.wrap_socket(plain, suppress_ragged_eofs=False) as tls:
        tls.sendall(
            f"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            "Content-Length: 900000\r\n\r\n".encode()
        )
        for _ in range(200):
            tls.sendall(b"x" * 1024)
        answer = b""
        while piece := tls.recv(4096):
            answer += piece
        assert answer.startswith(b"HTTP/1.1 404 "), answer
print("all were told")
