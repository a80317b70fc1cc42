# Connects twice with a client's certificate, the second time with the session of the first, and prints what became of it. An
# end that the host does not announce is an error.
# usage: resume.py HOST:PORT CA CERT KEY TLSv1_2|TLSv1_3
import json
import ssl
import sys

from strict import connect, read_to_end, strict_context

address, ca, cert, key, version = sys.argv[1:]
context = strict_context(ca)
context.load_cert_chain(cert, key)
context.minimum_version = context.maximum_version = ssl.TLSVersion[version]


def ask(session):
    with connect(address, context, session=session) as tls:
        tls.sendall(b"GET /livez HTTP/1.0\r\n\r\n")
        answer = read_to_end(tls)  # with TLS 1.3 a session comes after the handshake
        return answer, tls.session_reused, tls.session


first, _, session = ask(None)
second, reused, _ = ask(session)
print(json.dumps({"first": first.decode(), "second": second.decode(), "reused": reused}))
