"""A port is listed from when somebody listens on it until nobody does; whoever connects is a connection."""

import os
import socket

from asking import ask, check

server = socket.create_server(("127.0.0.1", 0))
port = server.getsockname()[1]
listed = ask("ports", port=port)
check(listed["total"] == 1 and listed["ports"][0]["local"] == {"address": "127.0.0.1", "port": port}, listed)
if os.getuid() == 0:
    check(listed["ports"][0]["process"]["pid"] == os.getpid(), listed)
check(ask("connections", port=port)["total"] == 0, "a listener is no connection")
with socket.create_connection(("127.0.0.1", port)) as client:
    found = ask("connections", port=port, state="established")
    check(found["total"] == 2, found)
    ends = {each["local"]["port"] for each in found["connections"]}
    check(ends == {port, client.getsockname()[1]}, found)
    client.sendall(b"x" * 100)
    queues = [each["receive_queue"] for each in ask("connections", port=port, state="established")["connections"]]
    check(100 in queues, queues)
server.close()
check(ask("ports", port=port)["total"] == 0, "the port is still listed")
with socket.create_server(("::1", 0), family=socket.AF_INET6) as six:
    listed = ask("ports", port=six.getsockname()[1])
    check(listed["ports"][0]["local"]["address"] == "::1" and listed["ports"][0]["family"] == "ipv6", listed)
print("all told")
