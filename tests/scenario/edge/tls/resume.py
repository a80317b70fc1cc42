# Connects twice with a client's certificate, the second time with the session of the first, and prints what became of it. An
# end that the host does not announce is an error.
# usage: resume.py HOST:PORT CA CERT KEY TLSv1_2|TLSv1_3
import json
import socket
import ssl
import sys

address, ca, cert, key, version = sys.argv[1:]
host, port = address.rsplit(":", 1)
context = ssl.create_default_context(cafile=ca)
context.check_hostname = False
context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # which Python sets by itself
context.load_cert_chain(cert, key)
context.minimum_version = context.maximum_version = ssl.TLSVersion[version]


def ask(session):
    plain = socket.create_connection((host, int(port)), 20)
    with context.wrap_socket(plain, suppress_ragged_eofs=False, session=session) as tls:
        tls.sendall(b"GET /livez HTTP/1.0\r\n\r\n")
        answer = b""
        while piece := tls.recv(4096):  # to its end: with TLS 1.3 a session comes after the handshake
            answer += piece
        return answer, tls.session_reused, tls.session


first, _, session = ask(None)
second, reused, _ = ask(session)
print(json.dumps({"first": first.decode(), "second": second.decode(), "reused": reused}))
